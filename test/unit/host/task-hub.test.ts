import type { OrchestrationContext, Task } from 'durable-functions';
import type { HistoryEvent } from '../../../local/host/durable/history';
import type { InstanceStatus } from '../../../local/host/durable/instance';
import { durableFunctionsWithCore } from './app-in-test';
import { FakeClock } from './fake-clock';
import { type HubInTest, openHub } from './hub-in-test';
import { recordingLog } from './recording-log';
import { temporaryDirectory } from './temporary-directory';

const minute = 60_000;
const day = 86_400_000;
const { core, df } = durableFunctionsWithCore(recordingLog().log);

/** Activities that end when the test lets them. */
const gates = new Map<string, { promise: Promise<void>; open: () => void }>();
function gate(name: string) {
  let open = () => {};
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  const made = gates.get(name) ?? { promise, open };
  gates.set(name, made);
  return made;
}
const ran: string[] = [];

df.app.activity('note', {
  handler: (name: string) => {
    ran.push(name);
    return name;
  },
});
df.app.activity('gated', { handler: (name: string) => gate(name).promise.then(() => `${name} is open`) });
df.app.activity('failsTimes', {
  handler: ({ name, times }: { name: string; times: number }) => {
    ran.push(name);
    if (ran.filter((other) => other === name).length <= times) {
      throw new Error(`${name} fails`);
    }
    return 'done';
  },
});

type Program = Generator<Task, unknown, never>;
const orchestration = (name: string, handler: (context: OrchestrationContext) => Program) =>
  df.app.orchestration(name, handler);

orchestration('approval', function* (context) {
  const now = context.df.currentUtcDateTime.getTime();
  const deadline = context.df.createTimer(new Date(now + 5 * minute));
  const answer = context.df.waitForExternalEvent('answer');
  const winner = yield context.df.Task.any([answer, deadline]);
  if (winner === answer) {
    deadline.cancel();
    return answer.result;
  }
  return 'too late';
});
orchestration('sleeping', function* (context) {
  yield context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + context.df.getInput<number>()));
  return context.df.currentUtcDateTime.toISOString();
});
orchestration('retrying', function* (context) {
  const retry = new df.RetryOptions(1000, 4);
  retry.backoffCoefficient = 2;
  retry.maxRetryIntervalInMilliseconds = 3000;
  return yield context.df.callActivityWithRetry('failsTimes', retry, context.df.getInput());
});
orchestration('gatedTwice', function* (context) {
  const first = yield context.df.callActivity('gated', `${context.df.getInput()}-1`);
  const second = yield context.df.callActivity('gated', `${context.df.getInput()}-2`);
  return [first, second];
});
orchestration('parent', function* (context) {
  const input = context.df.getInput<{ child: string; gate: string }>();
  return yield context.df.callSubOrchestrator('gatedOnce', input.gate, input.child);
});
orchestration('gatedOnce', function* (context) {
  return yield context.df.callActivity('gated', context.df.getInput<string>());
});
orchestration('collecting', function* (context) {
  const got = context.df.getInput<string[]>();
  const next = yield context.df.waitForExternalEvent('next');
  if (next === 'end') {
    return got;
  }
  yield context.df.callActivity('note', `collected ${next}`);
  context.df.continueAsNew([...got, next]);
  return undefined;
});
orchestration('hanging', function* (context) {
  const retry = new df.RetryOptions(1000, 4);
  retry.retryTimeoutInMilliseconds = 1;
  return yield context.df.callActivityWithRetry('failsTimes', retry, { name: 'hanging', times: 9 });
});
orchestration('version', function* (context) {
  yield context.df.waitForExternalEvent('go');
  return context.df.version;
});

let clock: FakeClock;
let stateDir: string;
let logged: ReturnType<typeof recordingLog>;

beforeEach(() => {
  clock = new FakeClock('2025-08-11T17:00:00.000Z');
  stateDir = temporaryDirectory();
  logged = recordingLog();
  gates.clear();
  ran.length = 0;
});

const open = (more: Partial<Parameters<typeof openHub>[0]> = {}) =>
  openHub({ core, stateDir, clock, log: logged.log, ...more });

async function restarted(old: HubInTest, more: Partial<Parameters<typeof openHub>[0]> = {}): Promise<HubInTest> {
  await old.stop();
  return open(more);
}

const start = (hub: HubInTest, name: string, input: unknown, instanceId = 'run') =>
  hub.hub.start({ name, instanceId, input: JSON.stringify(input) });
const end = (hub: HubInTest, instanceId = 'run') => hub.hub.waitFor(instanceId, 'terminal');
const now = () => clock.now();
const running = (status: InstanceStatus) => status.runtimeStatus === 'Running';

describe('durable timers', () => {
  test('a deadline that passes wins its race', async () => {
    const hub = await open();
    await start(hub, 'approval', null);

    await clock.armed(now() + 5 * minute);
    clock.advance(5 * minute);

    expect(await end(hub)).toMatchObject({ runtimeStatus: 'Completed', output: 'too late' });
  });

  test('an event in time calls the deadline off, and the instance ends at once', async () => {
    const hub = await open();
    await start(hub, 'approval', null);
    await clock.armed(now() + 5 * minute);

    await hub.hub.raiseEvent('run', 'answer', '{"yes":true}');

    expect(await end(hub)).toMatchObject({ runtimeStatus: 'Completed', output: { yes: true } });
    expect(clock.waiting).toEqual([]);
  });

  test('a timer survives a restart, and one that came due meanwhile fires at once', async () => {
    const before = await open();
    await start(before, 'sleeping', 60 * minute);
    await clock.armed(now() + 60 * minute);
    const hub = await restarted(before);

    expect(clock.waiting).toEqual([now() + 60 * minute]);
    await hub.stop();
    clock.advance(90 * minute);
    const after = await open();
    clock.advance(0);

    expect(await end(after)).toMatchObject({ output: '2025-08-11T18:30:00.000Z' });
  });

  test('a timer of twelve days is kept by several of three', async () => {
    const hub = await open();
    const begun = now();
    await start(hub, 'sleeping', 12 * day);

    for (const days of [3, 6, 9, 12]) {
      await clock.armed(begun + days * day);
      clock.advanceTo(begun + days * day);
    }

    expect(await end(hub)).toMatchObject({ output: '2025-08-23T17:00:00.000Z' });
  });

  test('tries are as far apart as the retry options say', async () => {
    const hub = await open();
    const begun = now();
    await start(hub, 'retrying', { name: 'flaky', times: 3 });

    for (const ms of [1000, 1000 + 2000, 1000 + 2000 + 3000]) {
      await clock.armed(begun + ms);
      clock.advanceTo(begun + ms);
    }

    expect(await end(hub)).toMatchObject({ runtimeStatus: 'Completed', output: 'done' });
    expect(ran).toHaveLength(4);
  });
});

describe('starting', () => {
  test('an id that is running is refused, in every state short of the end', async () => {
    const hub = await open();
    await start(hub, 'approval', null);

    await expect(start(hub, 'approval', null)).rejects.toMatchObject({ code: 'host_instance_exists' });
    await hub.hub.control('run', 'suspend', null);
    await hub.hub.waitFor('run', ({ runtimeStatus }) => runtimeStatus === 'Suspended');
    await expect(start(hub, 'approval', null)).rejects.toMatchObject({ message: expect.stringContaining('Suspended') });
  });

  test('of two starts at once, one wins', async () => {
    const hub = await open();

    const results = await Promise.allSettled([start(hub, 'approval', 1), start(hub, 'approval', 2)]);

    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test.each([
    ['nobody', 'run', 'host_function_unknown'],
    ['note', 'run', 'host_function_unknown'],
    ['approval', 'a/b', 'host_request_invalid'],
    ['approval', '@x', 'host_request_invalid'],
  ])('%s with the id %s is refused as %s', async (name, instanceId, code) => {
    const hub = await open();

    await expect(start(hub, name, null, instanceId)).rejects.toMatchObject({ code });
    expect(hub.hub.list()).toEqual([]);
  });

  test('an ended instance is started over; what its earlier execution left running does not reach the new one', async () => {
    const hub = await open();
    await start(hub, 'parent', { child: 'old-child', gate: 'old' });
    await hub.hub.waitFor('old-child', running);
    await hub.hub.control('run', 'terminate', 'enough');
    expect(await end(hub)).toMatchObject({ runtimeStatus: 'Terminated', output: 'enough' });

    await start(hub, 'parent', { child: 'new-child', gate: 'new' });
    await hub.hub.waitFor('new-child', running);
    gate('old').open();
    await end(hub, 'old-child');
    gate('new').open();

    expect(await end(hub)).toMatchObject({ runtimeStatus: 'Completed', output: 'new is open' });
    const answers = (await hub.hub.history('run'))?.filter((event: HistoryEvent) => 'TaskScheduledId' in event);
    expect(answers).toHaveLength(1);
  });

  test('a child whose id is taken by another running instance fails, and its parent is told why', async () => {
    const hub = await open();
    await start(hub, 'gatedOnce', 'busy', 'taken');
    await start(hub, 'parent', { child: 'taken', gate: 'x' });

    const status = await end(hub);

    expect(status.runtimeStatus).toBe('Failed');
    expect(status.output).toContain('"taken" already exists');
  });
});

describe('steering', () => {
  test('a suspended instance takes answers in, and goes on when it is resumed', async () => {
    const hub = await open();
    await start(hub, 'gatedTwice', 'g');
    await hub.hub.waitFor('run', running);
    await hub.hub.control('run', 'suspend', null);
    await hub.hub.waitFor('run', ({ runtimeStatus }) => runtimeStatus === 'Suspended');
    gate('g-1').open();
    gate('g-2').open();
    const again = await restarted(hub);
    expect(again.hub.status('run')?.runtimeStatus).toBe('Suspended');

    await again.hub.control('run', 'resume', null);

    expect(await end(again)).toMatchObject({ output: ['g-1 is open', 'g-2 is open'] });
  });

  test('a suspended instance can be terminated', async () => {
    const hub = await open();
    await start(hub, 'approval', null);
    await hub.hub.control('run', 'suspend', null);

    await hub.hub.control('run', 'terminate', 'over');

    expect(await end(hub)).toMatchObject({ runtimeStatus: 'Terminated', output: 'over' });
    expect(clock.waiting).toEqual([]);
  });

  test('messages to an ended or unknown instance say so', async () => {
    const hub = await open();
    await start(hub, 'approval', null);
    await hub.hub.control('run', 'terminate', null);
    await end(hub);

    expect(await hub.hub.raiseEvent('run', 'answer', null)).toBe('gone');
    expect(await hub.hub.control('nobody', 'suspend', null)).toBe('unknown');
  });

  test('only an ended instance can be purged, and then it is gone for good', async () => {
    const hub = await open();
    await start(hub, 'approval', null);
    expect([await hub.hub.purge('run'), await hub.hub.purge('nobody')]).toEqual(['running', 'unknown']);
    await hub.hub.control('run', 'terminate', null);
    await end(hub);

    expect(await hub.hub.purge('run')).toBe('purged');

    expect(hub.hub.status('run')).toBeUndefined();
    expect((await restarted(hub)).hub.list()).toEqual([]);
  });
});

test('continuing as new loses no event, whenever it comes', async () => {
  const hub = await open();
  await start(hub, 'collecting', []);
  const sent = Array.from({ length: 12 }, (_, index) => `event ${index}`);

  for (const event of sent) {
    await hub.hub.waitFor('run', ({ input }) => Array.isArray(input));
    await hub.hub.raiseEvent('run', 'next', JSON.stringify(event));
    await hub.hub.waitFor('run', ({ input }) => Array.isArray(input) && input.at(-1) === event);
  }
  await hub.hub.raiseEvent('run', 'next', '"end"');

  expect(await end(hub)).toMatchObject({ output: sent });
});

test('an instance that waits for what can never come is told of', async () => {
  const hub = await open();
  await start(hub, 'hanging', null);
  clock.advance(10);

  await hub.hub.waitFor('run', running);
  while (!logged.lines.some(({ level }) => level === 'error')) {
    clock.advance(1000);
    await new Promise((resolve) => setImmediate(resolve));
  }

  expect(logged.lines.find(({ level }) => level === 'error')?.message).toContain('waits for nothing');
});

describe('versions', () => {
  test('an instance of an older version goes on, with its own version', async () => {
    const before = await open({ config: { defaultVersion: '1.0' } });
    await start(before, 'version', null);
    const hub = await restarted(before, { config: { defaultVersion: '2.0' } });

    await hub.hub.raiseEvent('run', 'go', null);

    expect(await end(hub)).toMatchObject({ output: '1.0', version: '1.0' });
  });

  test('one of a newer version is left as it is, until a host comes that has it', async () => {
    const before = await open({ config: { defaultVersion: '2.0' } });
    await start(before, 'version', null);
    await before.hub.waitFor('run', running);
    const old = await restarted(before, { config: { defaultVersion: '1.0' } });

    await old.hub.raiseEvent('run', 'go', null);
    const refused = await old.hub.waitFor('run', ({ refusal }) => refusal !== undefined);

    expect(refused).toMatchObject({ runtimeStatus: 'Running', refusal: expect.stringContaining('"2.0"') });
    expect(old.progress).toContainEqual(expect.objectContaining({ kind: 'instance-refused', instanceId: 'run' }));
    const hub = await restarted(old, { config: { defaultVersion: '2.1' } });
    expect(await end(hub)).toMatchObject({ output: '2.0' });
  });

  test('with the failure strategy Fail it fails instead', async () => {
    const hub = await open({ config: { versionFailureStrategy: 'Fail' } });

    await hub.hub.start({ name: 'version', instanceId: 'run', input: null, version: '9.0' });

    expect(await end(hub)).toMatchObject({ runtimeStatus: 'Failed', output: expect.stringContaining('"9.0"') });
  });
});

describe('stopping', () => {
  test('an activity under way ends, its answer is kept, and it does not run again', async () => {
    const hub = await open();
    await start(hub, 'gatedTwice', 'g');
    await hub.hub.waitFor('run', running);
    while (!gates.has('g-1')) {
      await new Promise((resolve) => setImmediate(resolve));
    }

    const stopped = hub.hub.stop(minute);
    gate('g-1').open();
    await stopped;
    await hub.stop();

    gates.clear();
    gate('g-2').open();
    expect(await end(await open())).toMatchObject({ output: ['g-1 is open', 'g-2 is open'] });
    expect(gates.has('g-1')).toBe(false);
  });

  test('nothing is waited for beyond the grace, and nothing is left to wake the process', async () => {
    const hub = await open();
    await start(hub, 'approval', null, 'timer');
    await start(hub, 'gatedTwice', 'never');
    await hub.hub.waitFor('run', running);
    const waiting = hub.hub.waitFor('run', 'terminal');

    const stopped = hub.hub.stop(2000);
    await expect(waiting).rejects.toMatchObject({ code: 'host_stopped' });
    clock.advance(2000);
    await stopped;

    // The gated activity's own timeout is all there is: it is not the hub's, and ends with the activity.
    expect(clock.waiting.filter((due) => due !== Date.parse('2025-08-11T17:05:00.000Z'))).toEqual([]);
    gate('never-1').open();
  });
});

test('a history that cannot be written ends the hub, and all waiting with it', async () => {
  const hub = await open({
    observer: {
      beforeWrite: () => {
        if (ran.length > 0) {
          throw new Error('the disk is full');
        }
      },
      afterWrite: () => {},
    },
  });
  await start(hub, 'collecting', []);
  const waiting = end(hub);

  await hub.hub.raiseEvent('run', 'next', '"x"');

  await expect(waiting).rejects.toMatchObject({
    code: 'host_state_write_failed',
    message: expect.stringContaining('disk is full'),
  });
  expect(hub.failures.length).toBeGreaterThan(0);
});

test('progress tells of every instance and activity, in order', async () => {
  const hub = await open();
  await start(hub, 'parent', { child: 'kid', gate: 'g' });
  gate('g').open();
  await end(hub);

  const told = hub.progress.map((event) => `${event.kind} ${'instanceId' in event ? event.instanceId : ''}`);

  expect(told).toEqual([
    'instance-started run',
    'instance-started kid',
    'activity-scheduled kid',
    'activity-started kid',
    'activity-completed kid',
    'instance-completed kid',
    'instance-completed run',
  ]);
});
