import { InputChangedError, StorageError } from '../errors';
import { orderedMap } from '../ordered-map';
import { judgeMessage, judgeUnread, MAX_MESSAGE_BYTES, type Verdict } from './contract';
import type { PlannedRoom } from './day-plan';
import type { ExportContext } from './export-context';
import { type Candidate, listRoomDay, type RoomDay } from './room-day';

/** Rooms that are listed ahead of the one being read: their names are in memory. */
const LISTS_AHEAD = 8;

/** An object of the day, read and judged. */
export interface Collected {
  readonly room: PlannedRoom;
  readonly candidate: Candidate;
  readonly verdict: Verdict;
}

/** Lists the day of every room, in the order given. */
export function listRooms(
  context: ExportContext,
  rooms: readonly PlannedRoom[],
): AsyncGenerator<RoomDay, void, undefined> {
  return orderedMap(rooms, LISTS_AHEAD, (room) => listRoomDay(context.data, context.tenant, room, context.day));
}

/**
 * Reads and judges the objects of every room's day, in key order, with `readConcurrency` GETs in flight. At most so many bodies are in
 * memory, each up to {@link MAX_MESSAGE_BYTES}.
 *
 * @throws InputChangedError where an object is gone, or is another version, since it was listed
 */
export function collect(
  context: ExportContext,
  rooms: AsyncIterable<RoomDay>,
): AsyncGenerator<Collected, void, undefined> {
  return orderedMap(candidatesOf(rooms), context.options.readConcurrency, async ({ room, candidate }) => {
    const tooLarge = candidate.size > MAX_MESSAGE_BYTES;
    const verdict = tooLarge
      ? judgeUnread(candidate.key, candidate.size)
      : judgeMessage(candidate.key, await readListed(context, candidate));
    return { room, candidate, verdict };
  });
}

async function* candidatesOf(
  rooms: AsyncIterable<RoomDay>,
): AsyncGenerator<{ room: PlannedRoom; candidate: Candidate }, void, undefined> {
  for await (const { room, candidates } of rooms) for (const candidate of candidates) yield { room, candidate };
}

/** Reads the very version that was listed, so that the digest of the input is the digest of what was exported. */
async function readListed({ data }: ExportContext, { key: { key }, etag }: Candidate): Promise<Uint8Array> {
  try {
    return (await data.read(key, { ifMatch: etag })).body;
  } catch (error) {
    if (error instanceof StorageError && (error.code === 'object_not_found' || error.code === 'precondition_failed')) {
      throw new InputChangedError(key, error);
    }
    throw error;
  }
}
