import type { Failure } from '../errors';
import type { StepCall, StepName, TenantDay } from './steps';

/** What a step of a kind that has not been seen yet is given, at least, in milliseconds. */
const LEAST_MS = 60_000;

/** Steps that only write down what happened: they are small, and are to be done when there is time for nothing else. */
const RECORDS: readonly StepName[] = ['recordFailure', 'recordSync', 'recordRun'];
const RECORD_MS = 5_000;

/** A step may take longer than the longest of its kind so far. */
const MARGIN = 1.5;

/**
 * The time that a run has where something ends its process, and whether a step may still begin in it. How long a step takes, nobody knows
 * beforehand: the longest of its kind so far tells.
 */
export class TimeBudget {
  readonly #leftMs: () => number;
  readonly #longestMs = new Map<StepName, number>();
  readonly #scale: number;

  /** @param leftMs the milliseconds until the process is ended */
  constructor(leftMs: () => number = () => Number.POSITIVE_INFINITY) {
    this.#leftMs = leftMs;
    // Where little was given to begin with, the reserves must leave something of it.
    this.#scale = Math.min(1, leftMs() / (8 * LEAST_MS));
  }

  /** Whether a step may begin in `afterMs` from now. */
  hasTimeFor(name: StepName, afterMs = 0): boolean {
    const least = this.#scale * (RECORDS.includes(name) ? RECORD_MS : LEAST_MS);
    return this.#leftMs() - afterMs >= Math.max(least, MARGIN * (this.#longestMs.get(name) ?? 0));
  }

  /** Is told how long a step took. */
  took(name: StepName, ms: number): void {
    this.#longestMs.set(name, Math.max(ms, this.#longestMs.get(name) ?? 0));
  }
}

/** A step that was not begun any more. */
export function stepOutOfTime({ name, input }: StepCall): Failure {
  const message = `The time of the process ran out before the step ${name} could begin. The next run of the day takes up what is left.`;
  const tenant = 'tenant' in input ? { tenant: input.tenant } : {};
  return { kind: 'transient', code: 'out_of_time', message, ...tenant, stage: 'run' };
}

/** A tenant that was not begun any more. */
export function tenantOutOfTime({ tenant }: TenantDay): Failure {
  const message = 'The time of the process ran out before the tenant was begun. The next run of the day takes it up.';
  return { kind: 'transient', code: 'out_of_time', message, tenant, stage: 'run' };
}
