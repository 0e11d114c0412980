import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OrchestrationContext, Task } from 'durable-functions';
import fc from 'fast-check';
import { foldRecords } from '../../../local/host/durable/execution';
import { EventType } from '../../../local/host/durable/history';
import type { HostClock } from '../../../local/host/host-clock';
import { parseRecords } from '../../../local/host/storage/records';
import { durableFunctionsWithCore } from './app-in-test';
import { openHub } from './hub-in-test';
import { recordingLog } from './recording-log';
import { temporaryDirectory } from './temporary-directory';

const { core, df } = durableFunctionsWithCore(recordingLog().log);

/** The labels of the activities that have run since it was emptied. */
const ran: string[] = [];
/** What fails once a test has failed; a try counts, whether its answer was kept or lost in a kill. */
const failedOnce = new Set<string>();

df.app.activity('chore', {
  handler: (label: string) => {
    ran.push(label);
    return `${label} done`;
  },
});
df.app.activity('failsOnce', {
  handler: (label: string) => {
    ran.push(label);
    if (!failedOnce.has(label)) {
      failedOnce.add(label);
      throw new Error('the first call fails');
    }
    return `${label} done`;
  },
});

type Program = Generator<Task, unknown, never>;

df.app.orchestration('household', function* (context: OrchestrationContext): Program {
  const retry = new df.RetryOptions(1000, 3);
  retry.maxRetryIntervalInMilliseconds = 1000;
  const results = yield context.df.Task.all([
    context.df.callSubOrchestrator('room', 'kitchen'),
    context.df.callSubOrchestrator('room', 'hall', 'the-hall'),
    context.df.callSubOrchestratorWithRetry('failing', retry, 'attic', 'the-attic'),
    context.df.callActivityWithRetry('failsOnce', retry, 'garden'),
    context.df.callSubOrchestrator('counting', { at: 0, until: 2 }, 'the-count'),
  ]);
  return [results, yield context.df.callActivity('chore', 'lock up')];
});

df.app.orchestration('room', function* (context: OrchestrationContext): Program {
  const room = context.df.getInput<string>();
  const first = yield context.df.callActivity('chore', `sweep ${room}`);
  return [first, yield context.df.callActivity('chore', `mop ${room}`)];
});

df.app.orchestration('failing', function* (context: OrchestrationContext): Program {
  return yield context.df.callActivity('failsOnce', `${context.df.getInput()} in a child`);
});

df.app.orchestration('counting', function* (context: OrchestrationContext): Program {
  const { at, until } = context.df.getInput<{ at: number; until: number }>();
  const note = yield context.df.callActivity('chore', `count ${at}`);
  if (at < until) {
    context.df.continueAsNew({ at: at + 1, until });
    return undefined;
  }
  return note;
});

/** Whatever is due comes at once, and the time with it. */
function quickClock(): HostClock {
  let now = Date.parse('2025-08-11T17:00:00.000Z');
  return {
    now: () => now,
    after: (ms, callback) => {
      const due = now + Math.max(0, ms);
      const handle = setImmediate(() => {
        now = Math.max(now, due);
        callback();
      });
      return () => clearImmediate(handle);
    },
  };
}

/** Runs the household to its end, from what `stateDir` holds; after each write it is copied where `copyTo` says. */
async function live(stateDir: string, copyTo: (write: number) => string | undefined = () => undefined) {
  let writes = 0;
  const observer = {
    beforeWrite: () => {},
    afterWrite: () => {
      const copy = copyTo(++writes);
      if (copy !== undefined) {
        cpSync(join(stateDir, 'Hub', 'instances'), join(copy, 'Hub', 'instances'), { recursive: true });
      }
    },
  };
  ran.length = 0;
  const { hub, stop } = await openHub({
    core,
    stateDir,
    clock: quickClock(),
    log: recordingLog().log,
    config: { functionTimeoutMs: undefined },
    observer,
  });
  if (hub.status('run') === undefined) {
    await hub.start({ name: 'household', instanceId: 'run', input: null });
  }
  const status = await hub.waitFor('run', 'terminal');
  const history = await hub.history('run');
  await stop();
  return { status, history, writes, ran: [...ran] };
}

/** The labels of all activities whose answer is on disk, as tasks: a label may be run by several. */
function answeredOnDisk(stateDir: string): string[] {
  const directory = join(stateDir, 'Hub', 'instances');
  const labels: string[] = [];
  for (const file of readdirSync(directory).filter((name) => name.endsWith('.ndjson'))) {
    const execution = foldRecords(parseRecords(readFileSync(join(directory, file))).records);
    const tasks = new Map<number, string>();
    for (const event of execution?.history ?? []) {
      if (event.EventType === EventType.TaskScheduled) {
        tasks.set(event.EventId, JSON.parse(JSON.parse(event.Input)[0]) as string);
      }
    }
    for (const event of [...(execution?.history ?? []), ...(execution?.pending.values() ?? [])]) {
      if (event.EventType === EventType.TaskCompleted) {
        labels.push(tasks.get(event.TaskScheduledId) ?? 'unknown');
      }
    }
  }
  return labels;
}

async function undisturbed() {
  failedOnce.clear();
  return live(temporaryDirectory());
}

function expectSameEnd(life: Awaited<ReturnType<typeof live>>, expected: Awaited<ReturnType<typeof live>>): void {
  expect(life.status.runtimeStatus).toBe('Completed');
  expect(life.status.output).toEqual(expected.status.output);
  const answers = (life.history ?? []).flatMap((event) => ('TaskScheduledId' in event ? [event.TaskScheduledId] : []));
  expect(new Set(answers).size).toBe(answers.length);
}

test('killed after any write, the run completes with the same output, and nothing that was answered runs again', async () => {
  const expected = await undisturbed();
  failedOnce.clear();
  const copies: string[] = [];
  await live(temporaryDirectory(), () => {
    copies.push(temporaryDirectory());
    return copies.at(-1);
  });
  expect(copies.length).toBeGreaterThan(40);

  for (const copy of copies) {
    const answered = answeredOnDisk(copy);
    failedOnce.clear();

    const life = await live(copy);

    expectSameEnd(life, expected);
    expect(life.ran.filter((label) => answered.includes(label))).toEqual([]);
  }
});

test('killed again and again, at any writes, the same holds', async () => {
  const expected = await undisturbed();
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 2, maxLength: 5 }), async (kills) => {
      failedOnce.clear();
      let stateDir = temporaryDirectory();
      let answered: string[] = [];
      for (const kill of kills) {
        const copy = temporaryDirectory();
        const life = await live(stateDir, (write) => (write === kill ? copy : undefined));
        expect(life.ran.filter((label) => answered.includes(label))).toEqual([]);
        if (life.writes < kill) {
          expectSameEnd(life, expected);
          return;
        }
        stateDir = copy;
        answered = answeredOnDisk(copy);
      }

      const life = await live(stateDir);

      expectSameEnd(life, expected);
      expect(life.ran.filter((label) => answered.includes(label))).toEqual([]);
    }),
    { numRuns: 15 },
  );
});
