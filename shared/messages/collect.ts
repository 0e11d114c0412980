import { AdaptiveConcurrency } from '../adaptive-concurrency';
import { InputChangedError, StorageError } from '../errors';
import { pacedMap } from '../paced-map';
import type { ReadWatch } from '../ports/object-store';
import { judgeMessage, judgeUnread, MAX_MESSAGE_BYTES, type Verdict } from './contract';
import type { PlannedRoom } from './day-plan';
import type { ExportContext } from './export-context';
import { type PlannedRepair, readPlannedRepair, ShardRepairs } from './repairs';
import type { Candidate, RoomDay } from './room-day';

/** However busy the service is, this part of the ceiling is read at a time: what waits before it is tried again counts among them. */
const LEAST_SHARE = 1 / 16;
/** What messages that are read ahead of the one being taken may take in memory, in bytes, and what one takes beside its body. */
const READ_AHEAD_BYTES = 24 * 1024 * 1024;
const MESSAGE_BYTES = 3 * 1024;

/** An object of the day, read and judged. */
export interface Collected {
  readonly room: PlannedRoom;
  readonly candidate: Candidate;
  readonly verdict: Verdict;
  /** Whether the verdict is on a corrected copy that stands in the object's place. */
  readonly repaired: boolean;
}

/**
 * Reads and judges the objects of every room's day, in key order, with up to `readConcurrency` GETs in flight: as many as the store
 * answers quickly. Of messages that are read and not taken yet, at most {@link READ_AHEAD_BYTES} are in memory.
 *
 * @param repairs corrected copies, which are read in place of the objects that they are of
 * @throws InputChangedError where an object is gone, or is another version, since it was listed
 */
export function collect(
  context: ExportContext,
  rooms: AsyncIterable<RoomDay>,
  repairs = new ShardRepairs(),
): AsyncGenerator<Collected, void, undefined> {
  const ceiling = context.options.readConcurrency;
  const pace = new AdaptiveConcurrency({
    floor: Math.ceil(ceiling * LEAST_SHARE),
    ceiling,
    isSaturated: context.options.isSaturated,
  });
  const options = { limit: () => pace.limit, weight: weightOf, capacity: READ_AHEAD_BYTES };
  return pacedMap(candidatesOf(rooms, repairs), options, async ({ room, candidate, repair }) => {
    const verdict =
      repair !== undefined
        ? judgeMessage(candidate.key, await readPlannedRepair(context, repair, pace))
        : isTooLarge(candidate)
          ? judgeUnread(candidate.key, candidate.size)
          : judgeMessage(candidate.key, await readListed(context, candidate, pace));
    return { room, candidate, verdict, repaired: repair !== undefined };
  });
}

function isTooLarge({ size }: Candidate): boolean {
  return size > MAX_MESSAGE_BYTES;
}

interface ToRead {
  readonly room: PlannedRoom;
  readonly candidate: Candidate;
  readonly repair: PlannedRepair | undefined;
}

/** A message's text stands twice for a while: as it came, and cut into its fields. */
function weightOf({ candidate, repair }: ToRead): number {
  if (repair !== undefined) return MESSAGE_BYTES + 2 * repair.bytes;
  return MESSAGE_BYTES + (isTooLarge(candidate) ? 0 : 2 * candidate.size);
}

async function* candidatesOf(
  rooms: AsyncIterable<RoomDay>,
  repairs: ShardRepairs,
): AsyncGenerator<ToRead, void, undefined> {
  for await (const { room, candidates } of rooms)
    for (const candidate of candidates) yield { room, candidate, repair: repairs.of(candidate) };
}

/** Reads the very version that was listed, so that the digest of the input is the digest of what was exported. */
async function readListed(
  { data }: ExportContext,
  { key: { key }, etag }: Candidate,
  watch: ReadWatch,
): Promise<Uint8Array> {
  try {
    return (await data.read(key, { ifMatch: etag, watch })).body;
  } catch (error) {
    if (error instanceof StorageError && (error.code === 'object_not_found' || error.code === 'precondition_failed')) {
      throw new InputChangedError(key, error);
    }
    throw error;
  }
}
