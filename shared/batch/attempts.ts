import type { Failure } from '../errors';

/** Waits between the tries of a step. Every call inside a step has had retries of its own before a step fails. */
const WAITS_MS = [5_000, 30_000, 120_000];

/**
 * Whether a failed step is tried again, and when: only what may succeed is repeated.
 *
 * @param tries how many tries were made, 1 or more
 * @returns the wait in ms, or undefined where the failure stands
 */
export function waitBeforeNextTry(failure: Failure, tries: number): number | undefined {
  return failure.kind === 'transient' ? WAITS_MS[tries - 1] : undefined;
}
