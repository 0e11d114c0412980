import type { OutgoingCall } from '../ports/telemetry';

/** What the calls of one kind to one service came to, within a step. */
export interface CallTally {
  readonly call: OutgoingCall;
  calls: number;
  failed: number;
  /** The code of the last failure, where there was one. */
  failure: string | undefined;
  /** From the first call's start to the last one's end, epoch ms. */
  readonly startMs: number;
  endMs: number;
  /** The sum of what the calls took, in milliseconds: more than the time between, where they ran side by side. */
  busyMs: number;
  slowestMs: number;
}

/** Counts calls instead of telling each: a step may make 100,000 of them. */
export class CallTallies {
  readonly #tallies = new Map<string, CallTally>();

  get all(): Iterable<CallTally> {
    return this.#tallies.values();
  }

  async watch<T>(call: OutgoingCall, make: () => Promise<T>, codeOf: (error: unknown) => string): Promise<T> {
    const begun = performance.now();
    const tally = this.#tally(call);
    try {
      return await make();
    } catch (error) {
      if (call.isAnswer?.(error) !== true) {
        tally.failed += 1;
        tally.failure = codeOf(error);
      }
      throw error;
    } finally {
      const took = performance.now() - begun;
      tally.calls += 1;
      tally.busyMs += took;
      tally.slowestMs = Math.max(tally.slowestMs, took);
      tally.endMs = Date.now();
    }
  }

  #tally(call: OutgoingCall): CallTally {
    const key = `${call.system} ${call.operation} ${call.target}`;
    const known = this.#tallies.get(key);
    if (known !== undefined) return known;
    const now = Date.now();
    const tally = { call, calls: 0, failed: 0, failure: undefined, startMs: now, endMs: now, busyMs: 0, slowestMs: 0 };
    this.#tallies.set(key, tally);
    return tally;
  }
}
