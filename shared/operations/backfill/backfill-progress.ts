/** How far a lane of a backfill, or all of them, have come: days. */
export interface BackfillProgress {
  readonly done: number;
  readonly failed: number;
  /** Dates that are at work. */
  readonly current: readonly string[];
}

/** The custom status of a backfill's orchestration: while its lanes are at work, theirs say how far they are. */
export type BackfillStatus =
  | { readonly days: number; readonly lanes: readonly string[] }
  | (BackfillProgress & { readonly days: number });

/** All lanes together. A lane that has not said anything yet has done nothing. */
export function sumOfProgress(lanes: readonly (BackfillProgress | undefined)[]): BackfillProgress {
  const sum = (of: (progress: BackfillProgress) => number) =>
    lanes.reduce((total, lane) => total + (lane === undefined ? 0 : of(lane)), 0);
  return {
    done: sum(({ done }) => done),
    failed: sum(({ failed }) => failed),
    current: lanes.flatMap((lane) => lane?.current ?? []).sort(),
  };
}

const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 300_000;
/** Two hours, all waits together. */
const WAITS = 29;

/**
 * How long to wait before another look at a day that somebody else runs.
 *
 * @param waits how often was waited before
 * @returns ms, or undefined where it is not waited for any longer
 */
export function waitForOtherRun(waits: number): number | undefined {
  return waits < WAITS ? Math.min(FIRST_WAIT_MS * 2 ** waits, LONGEST_WAIT_MS) : undefined;
}
