import type { OrchestrationContext, Task } from 'durable-functions';
import fc from 'fast-check';
import { Invoker } from '../../../local/host/app/invocation';
import { callOrchestrator } from '../../../local/host/app/orchestrator-call';
import { Execution, foldRecords } from '../../../local/host/durable/execution';
import { answeredTask, EventType, type MessageEvent, type ScheduledEvent } from '../../../local/host/durable/history';
import { decideTurn, newEvents, planTurn } from '../../../local/host/durable/turn';
import { WireHistory } from '../../../local/host/durable/wire-history';
import { type InstanceRecord, type MessageRecord, parseRecords, recordLine } from '../../../local/host/storage/records';
import { durableFunctionsWithCore } from './app-in-test';
import { FakeClock } from './fake-clock';
import { recordingLog } from './recording-log';

/** A program of an orchestrator: steps one after another. Every leaf has a label, which its task gives back. */
type Leaf =
  | { readonly kind: 'activity' | 'child' | 'event'; readonly label: string }
  | { readonly kind: 'retried'; readonly label: string; readonly failures: number; readonly attempts: number }
  | { readonly kind: 'timer'; readonly ms: number };
type Race = { readonly kind: 'any'; readonly leaves: readonly Leaf[]; readonly cancels: boolean };
type Step = Leaf | Race | { readonly kind: 'all'; readonly leaves: readonly Leaf[]; readonly cancels: boolean };

const { core, df } = durableFunctionsWithCore(recordingLog().log);

df.app.activity('echo', { handler: (input: unknown) => input });
df.app.orchestration('child', function* () {});
df.app.orchestration('program', function* (context: OrchestrationContext): Generator<Task, unknown[], unknown> {
  const steps = context.df.getInput<Step[]>();
  const results: unknown[] = [];
  for (const step of steps) {
    if (step.kind === 'all') {
      results.push(yield context.df.Task.all(step.leaves.map((leaf) => taskOf(context, leaf))));
    } else if (step.kind === 'any') {
      const tasks = step.leaves.map((leaf) => taskOf(context, leaf));
      const winner = (yield context.df.Task.any(tasks)) as Task;
      results.push({ winner: tasks.indexOf(winner), result: winner.result });
      for (const task of tasks) {
        if (step.cancels && 'cancel' in task && task !== winner && !task.isCompleted) {
          (task as unknown as { cancel(): void }).cancel();
        }
      }
    } else {
      results.push(yield* caught(taskOf(context, step)));
    }
  }
  return results;
});

function* caught(task: Task): Generator<Task, unknown, unknown> {
  try {
    return yield task;
  } catch (error) {
    return { failed: (error as Error).message.includes('out of tries') };
  }
}

function taskOf(context: OrchestrationContext, leaf: Leaf): Task {
  switch (leaf.kind) {
    case 'activity':
      return context.df.callActivity('echo', { label: leaf.label });
    case 'child':
      return context.df.callSubOrchestrator('child', { label: leaf.label });
    case 'event':
      return context.df.waitForExternalEvent(leaf.label);
    case 'timer':
      return context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + leaf.ms));
    case 'retried':
      return context.df.callActivityWithRetry('echo', new df.RetryOptions(10, leaf.attempts), { ...leaf });
  }
}

/**
 * Programs that run right in production too. Two of its known faults are kept out: retries beside a timer that is called
 * off, and a fan-out whose children fail (durable-functions then numbers tasks otherwise than the host does).
 */
function programs(): fc.Arbitrary<Step[]> {
  let labels = 0;
  const label = () => `label ${labels++}`;
  const plain = fc
    .constantFrom('activity' as const, 'child' as const, 'event' as const)
    .map((kind): Leaf => ({ kind, label: label() }));
  const timer = fc.integer({ min: 1, max: 20 * 86_400_000 }).map((ms): Leaf => ({ kind: 'timer', ms }));
  const retried = (fails: boolean) =>
    fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 3 })).map(
      ([failures, extra]): Leaf => ({
        kind: 'retried',
        label: label(),
        failures,
        attempts: fails ? Math.max(1, failures) : failures + extra,
      }),
    );
  const together = (leaf: fc.Arbitrary<Leaf>, cancels: boolean) =>
    fc.record({
      kind: fc.constantFrom('all' as const, 'any' as const),
      leaves: fc.array(leaf, { minLength: 1, maxLength: 5 }),
      cancels: fc.constant(cancels),
    });
  const shortTimer = fc.integer({ min: 1, max: 100_000 }).map((ms): Leaf => ({ kind: 'timer', ms }));
  const withRetries = fc.array(
    fc.oneof(plain, timer, retried(false), retried(true), together(fc.oneof(plain, timer, retried(false)), false)),
    { maxLength: 8 },
  );
  const withCancels = fc.array(fc.oneof(plain, timer, together(fc.oneof(plain, shortTimer), true)), { maxLength: 8 });
  return fc.oneof(withRetries, withCancels);
}

const clock = new FakeClock();
const invoker = new Invoker({ core, clock, timeoutMs: undefined, durableClient: () => '{}' });
const replayContext = {
  instanceId: 'run',
  executionId: 'e1',
  defaultVersion: null,
  hasActivity: () => true,
  hasOrchestrator: () => true,
};

/** An instance's life in memory: its records are kept as text, and folded anew as after a kill whenever asked. */
class Life {
  readonly #lines: string[] = [];
  readonly #tries = new Map<string, number>();
  readonly #raised = new Set<string>();
  #wire = new WireHistory();
  execution: Execution;

  constructor(steps: readonly Step[]) {
    const created = {
      record: 'created',
      instanceId: 'run',
      executionId: 'e1',
      name: 'program',
      version: null,
      input: JSON.stringify(steps),
      createdAt: this.#now(),
    } as const;
    this.execution = new Execution(created);
    this.#keep(created);
  }

  restart(): void {
    const { records } = parseRecords(Buffer.from(this.#lines.join('')));
    this.execution = foldRecords(records) as Execution;
    this.#wire = new WireHistory();
  }

  async turn(): Promise<void> {
    const plan = planTurn(this.execution);
    if (plan === undefined) {
      return;
    }
    clock.advance(7);
    const startedAt = this.#now();
    const answer = await callOrchestrator(
      core,
      invoker,
      this.execution,
      this.#wire,
      newEvents(this.execution, plan, startedAt),
    );
    const result = decideTurn(this.execution, plan, answer, replayContext, { startedAt, endedAt: startedAt });
    if (result.kind === 'continue') {
      throw new Error('no program continues as new');
    }
    expect(result.isStuck).toBe(false);
    this.#keep(result.turn);
    this.execution.apply(result.turn);
  }

  answer(event: ScheduledEvent): void {
    this.accept(this.#answerTo(event));
  }

  raise(label: string): void {
    if (!this.#raised.has(label)) {
      this.#raised.add(label);
      this.accept({
        EventType: EventType.EventRaised,
        EventId: -1,
        Timestamp: this.#now(),
        Name: label,
        Input: JSON.stringify({ label }),
      });
    }
  }

  accept(event: MessageRecord['event']): void {
    if (this.execution.accept(event)) {
      this.#keep({ record: 'message', event });
    }
  }

  #answerTo(event: ScheduledEvent): Exclude<MessageEvent, { EventType: 0 }> {
    const base = { EventId: -1, Timestamp: this.#now() };
    if (event.EventType === EventType.TimerCreated) {
      clock.advanceTo(Date.parse(event.FireAt));
      return {
        ...base,
        EventType: EventType.TimerFired,
        Timestamp: this.#now(),
        TimerId: event.EventId,
        FireAt: event.FireAt,
      };
    }
    const answer = { ...base, TaskScheduledId: event.EventId };
    if (event.EventType === EventType.SubOrchestrationInstanceCreated) {
      return { ...answer, EventType: EventType.SubOrchestrationInstanceCompleted, Result: event.Input };
    }
    const [{ label, failures = 0 }] = JSON.parse(event.Input) as [{ label: string; failures?: number }];
    const tries = (this.#tries.get(label) ?? 0) + 1;
    this.#tries.set(label, tries);
    return tries <= failures
      ? { ...answer, EventType: EventType.TaskFailed, Reason: 'out of tries', Details: '' }
      : { ...answer, EventType: EventType.TaskCompleted, Result: JSON.stringify({ label, failures }) };
  }

  #keep(record: InstanceRecord): void {
    this.#lines.push(recordLine(record));
  }

  #now(): string {
    return new Date(clock.now()).toISOString();
  }
}

const leavesOf = (steps: readonly Step[]): Leaf[] =>
  steps.flatMap((step) => ('leaves' in step ? [...step.leaves] : [step]));

/** What a leaf's task must give, if it is the one that gave it. */
function expectOwnResult(leaf: Leaf, result: unknown): void {
  if (leaf.kind === 'retried' && leaf.failures >= leaf.attempts) {
    expect(result).toEqual({ failed: true });
  } else if (leaf.kind !== 'timer') {
    expect(result).toMatchObject({ label: leaf.label });
  }
}

test("the host's numbers of tasks are the library's: every result reaches its own task, in any order, over restarts", async () => {
  await fc.assert(
    fc.asyncProperty(programs(), fc.infiniteStream(fc.nat(99)), async (steps, chance) => {
      const next = () => chance.next().value as number;
      const life = new Life(steps);
      const labels = leavesOf(steps).flatMap((leaf) => (leaf.kind === 'event' ? [leaf.label] : []));

      for (let round = 0; !life.execution.isTerminal && round < 400; round++) {
        await life.turn();
        if (next() < 20) {
          life.restart();
        }
        // A few of what is open is answered, in a random order; sooner or later every event comes.
        const open = [...life.execution.open.values()].sort(() => next() - 50);
        for (const event of open.slice(0, 1 + (next() % 3))) {
          life.answer(event);
        }
        const label = labels[next() % Math.max(1, labels.length)];
        if (label !== undefined && (open.length === 0 || next() < 40)) {
          life.raise(label);
        }
      }

      expect(life.execution.status).toBe('Completed');
      const results = JSON.parse(life.execution.output ?? 'null') as unknown[];
      for (const [index, step] of steps.entries()) {
        const result = results[index];
        if (step.kind === 'all') {
          for (const [at, leaf] of step.leaves.entries()) {
            expectOwnResult(leaf, (result as unknown[])[at]);
          }
        } else if (step.kind === 'any') {
          const won = result as { winner: number; result: unknown };
          expectOwnResult(step.leaves[won.winner] as Leaf, won.result);
        } else {
          expectOwnResult(step, result);
        }
      }
      const answered = life.execution.history.flatMap((event) =>
        'TaskScheduledId' in event || 'TimerId' in event ? [answeredTask(event)] : [],
      );
      expect(new Set(answered).size).toBe(answered.length);
    }),
    { numRuns: 150 },
  );
});
