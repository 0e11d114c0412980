import type { Clock } from '../../ports/clock';
import { type Check, fine, problem, warning } from './check';

/** The time by somebody else's clock. */
export interface OtherClock {
  /** Epoch ms; an answer's `Date` header has whole seconds. */
  readonly nowMs: number;
  /** Whose it is, for people. */
  readonly name: string;
}

/** Further than this, services refuse signatures as too old or too new: AWS after five minutes, Azure Storage after fifteen. */
const REFUSED_MS = 5 * 60_000;
/** Further than this, a run can take a day for over that is not. What an answer needs on its way is less. */
const NOTICEABLE_MS = 30_000;

/** Compares this machine's clock with the storage service's. @param ask asks for the time; undefined where nobody can be asked */
export async function checkClock(
  clock: Clock,
  ask: (() => Promise<OtherClock>) | undefined,
): Promise<readonly Check[]> {
  if (ask === undefined)
    return [fine('clock', `It is ${iso(clock.now())} by this machine; there is nobody to compare with.`)];
  const askedMs = clock.now();
  const other = await ask();
  const answeredMs = clock.now();
  // The truth lies within the time of asking and, as the header has no fractions, a second.
  const ahead = Math.max(0, askedMs - (other.nowMs + 1000));
  const behind = Math.max(0, other.nowMs - answeredMs);
  const off = Math.max(ahead, behind);
  const found = `It is ${iso(answeredMs)} by this machine and ${iso(other.nowMs)} by ${other.name}`;
  if (off <= NOTICEABLE_MS) return [fine('clock', `${found}.`)];
  const seconds = Math.round(off / 1000);
  const told = `${found}: this machine is ${seconds} s ${ahead > 0 ? 'ahead' : 'behind'}.`;
  const todo = "Set this machine's clock by a time server (NTP).";
  return [off > REFUSED_MS ? problem('clock', told, todo) : warning('clock', told, todo)];
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
