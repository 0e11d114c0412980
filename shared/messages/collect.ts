import { AdaptiveConcurrency } from '../adaptive-concurrency';
import { InputChangedError, StorageError } from '../errors';
import { pacedMap } from '../paced-map';
import type { ReadWatch } from '../ports/object-store';
import { judgeMessage, judgeUnread, MAX_MESSAGE_BYTES, type Verdict } from './contract';
import type { PlannedRoom } from './day-plan';
import type { ExportContext } from './export-context';
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
}

/**
 * Reads and judges the objects of every room's day, in key order, with up to `readConcurrency` GETs in flight: as many as the store
 * answers quickly. Of messages that are read and not taken yet, at most {@link READ_AHEAD_BYTES} are in memory.
 *
 * @throws InputChangedError where an object is gone, or is another version, since it was listed
 */
export function collect(
  context: ExportContext,
  rooms: AsyncIterable<RoomDay>,
): AsyncGenerator<Collected, void, undefined> {
  const ceiling = context.options.readConcurrency;
  const pace = new AdaptiveConcurrency({
    floor: Math.ceil(ceiling * LEAST_SHARE),
    ceiling,
    isSaturated: context.options.isSaturated,
  });
  const options = { limit: () => pace.limit, weight: weightOf, capacity: READ_AHEAD_BYTES };
  return pacedMap(candidatesOf(rooms), options, async ({ room, candidate }) => {
    const verdict = isTooLarge(candidate)
      ? judgeUnread(candidate.key, candidate.size)
      : judgeMessage(candidate.key, await readListed(context, candidate, pace));
    return { room, candidate, verdict };
  });
}

function isTooLarge({ size }: Candidate): boolean {
  return size > MAX_MESSAGE_BYTES;
}

/** A message's text stands twice for a while: as it came, and cut into its fields. */
function weightOf({ candidate }: { readonly candidate: Candidate }): number {
  return MESSAGE_BYTES + (isTooLarge(candidate) ? 0 : 2 * candidate.size);
}

async function* candidatesOf(
  rooms: AsyncIterable<RoomDay>,
): AsyncGenerator<{ room: PlannedRoom; candidate: Candidate }, void, undefined> {
  for await (const { room, candidates } of rooms) for (const candidate of candidates) yield { room, candidate };
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
