import type { Flow } from '../../../shared/batch/flow';
import type { StepCall, StepName, StepResult, Steps } from '../../../shared/batch/steps';
import type { Failure } from '../../../shared/errors';
import type { LateDay } from '../../../shared/messages/late-rooms';

/** What publishing any day gives, without the late messages, of which there are three. */
export const figures = {
  ...{ listed: 10, outside: 1, exported: 6, duplicates: 1, quarantined: 2 },
  ...{ parts: 4, bytes: 1000, output: 'acme/analytics/messages/' },
};

/** The shards of a date that a scenario says nothing of. */
export const NEVER_PLANNED: readonly number[] = [];

/** What becomes of steps, by date. A step fails where `failing` names it as {@link nameOf} does. */
export interface Scenario {
  readonly shards?: Readonly<Record<string, readonly number[]>>;
  readonly late?: Readonly<Record<string, readonly LateDay[]>>;
  readonly settles?: readonly string[];
  readonly failing?: readonly string[];
}

export function failureOf(step: string): Failure {
  return { kind: 'permanent', code: 'made_to_fail', message: `${step} failed.`, tenant: 'acme' };
}

/** Steps with results made up beforehand. */
export class FakeSteps {
  /** Dates in the order in which they were published. */
  readonly published: string[] = [];
  readonly failed: { readonly name: StepName; readonly date: string }[] = [];

  constructor(private readonly scenario: Scenario) {}

  run(batch: readonly StepCall[]): StepResult[] {
    return batch.map((call) => this.settle(call));
  }

  private settle(call: StepCall): StepResult {
    const { date } = call.input;
    const step = nameOf(call);
    if (this.scenario.failing?.includes(step)) {
      this.failed.push({ name: call.name, date });
      return { ok: false, failure: failureOf(step) };
    }
    if (call.name === 'publishExport') this.published.push(date);
    return { ok: true, value: this.value(call) };
  }

  private value({ name, input }: StepCall): Steps[StepName]['output'] {
    const { shards = {}, late = {}, settles = [] } = this.scenario;
    if (name === 'planExport') {
      const rooms = { planned: 0, fromMetadata: 0, fromAudit: 0, fromStorage: 0, untouched: 0 };
      const { date } = input;
      return { plan: `plan of ${date}`, shards: shards[date] ?? NEVER_PLANNED, rooms, late: late[date] ?? [], settles };
    }
    if (name === 'publishExport') return { ...figures, late: 3 };
    if ('shard' in input) {
      return { shard: input.shard, result: `result of ${input.date} ${input.shard}`, exported: 1, reused: false };
    }
    return null;
  }
}

/** `planExport 2025-08-11`, and a shard with its number behind. */
function nameOf({ name, input }: StepCall): string {
  return `${name} ${input.date}${'shard' in input ? ` ${input.shard}` : ''}`;
}

/** Carries a flow out: the report that it ends with, and the batches that it yielded. */
export function drive<Result>(
  flow: Flow<Result>,
  engine: { run(batch: readonly StepCall[]): StepResult[] },
): { readonly report: Result; readonly calls: (readonly StepCall[])[] } {
  const calls: (readonly StepCall[])[] = [];
  let next = flow.next([]);
  while (!next.done) {
    calls.push(next.value);
    next = flow.next(engine.run(next.value));
  }
  return { report: next.value, calls };
}
