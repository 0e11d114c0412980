import { LocalDurableTestRunner, type TestResult } from '@aws/durable-execution-sdk-js-testing';
import { durableFunction } from '../../../aws-fallback/durable-function';
import { EVENT_EXAMPLE } from '../../../aws-fallback/events';
import { runStep, stepCallOf } from '../../../aws-fallback/step-runner';
import { runInline } from '../../../shared/batch/inline-engine';
import type { JobReport } from '../../../shared/batch/report';
import type { StepCall } from '../../../shared/batch/steps';
import { snapshot } from '../../support/export-world';
import type { StoreCall } from '../../support/store-spies';
import { type AwsWorld, denied, SAMPLE_DAY, throttled, worldWithSample } from './aws-world';

const EVENT = { job: 'export', target_date: SAMPLE_DAY };
const REQUEST = { job: 'export', date: SAMPLE_DAY, force: false } as const;

beforeAll(() => LocalDurableTestRunner.setupTestEnvironment({ skipTime: true }));
afterAll(() => LocalDurableTestRunner.teardownTestEnvironment());

function runnerOf(world: AwsWorld, env: Readonly<Record<string, string>> = {}): LocalDurableTestRunner<JobReport> {
  const platform = world.platform(env);
  return new LocalDurableTestRunner<JobReport>({ handlerFunction: durableFunction(() => platform, undefined) });
}

const WORKER = 'arn:aws:lambda:ap-northeast-1:123456789012:function:worker:live';

/** A durable function with a worker; `before` is told what the worker is asked for, and may throw. */
function runnerWithWorker(world: AwsWorld, before: (call: StepCall) => void): LocalDurableTestRunner<JobReport> {
  const platform = world.platform(SMALL_SHARDS);
  const runner = new LocalDurableTestRunner<JobReport>({ handlerFunction: durableFunction(() => platform, WORKER) });
  return runner.registerFunction(WORKER, async (event: unknown) => {
    const call = stepCallOf(event);
    before(call);
    return await runStep(platform, call);
  });
}

/** Gives every tenant of the sample several shards. */
const SMALL_SHARDS = { EXPORT_SHARD_MESSAGES: '150' };

/** Throws for the first calls that match, as many as told. */
function failing(times: number, error: () => Error, matches: (call: StoreCall) => boolean): (call: StoreCall) => void {
  let left = times;
  return (call) => {
    if (left === 0 || !matches(call)) return;
    left -= 1;
    throw error();
  };
}

const isRead = ({ method, key }: StoreCall, tenant: string) => method === 'read' && key.startsWith(`${tenant}/chat/`);

/** The seconds of every wait. */
function waitsOf(execution: TestResult<JobReport>): (number | undefined)[] {
  const waits = execution.getOperations().filter((operation) => operation.getType() === 'WAIT');
  return waits.map((operation) => operation.getWaitDetails()?.waitSeconds);
}

/** What an analyst reads, by key: papers on the way to it are each run's own. */
async function published(world: AwsWorld): Promise<[string, string][]> {
  const objects = await snapshot(world.data);
  return [...objects].filter(([key]) => key.endsWith('.parquet'));
}

test('a run is completed, with the bytes and the report of the inline engine', async () => {
  const inline = await worldWithSample();
  const report = await runInline(inline.platform(), REQUEST);
  const world = await worldWithSample();

  const execution = await runnerOf(world).run({ payload: EVENT });

  expect(execution.getStatus()).toBe('SUCCEEDED');
  expect(execution.getResult()).toMatchObject({ job: 'export', date: SAMPLE_DAY, status: 'completed' });
  expect(execution.getResult()?.tenants).toEqual(report.tenants);
  expect(await published(world)).toEqual(await published(inline));
});

test('a step that fails transiently is tried again after a wait, and nothing that is done is done again', async () => {
  const inline = await worldWithSample();
  await runInline(inline.platform(SMALL_SHARDS), { ...REQUEST, tenants: ['minato-travel'] });
  const world = await worldWithSample();
  const writes: string[] = [];
  const failOnce = failing(1, throttled, (call) => isRead(call, 'minato-travel'));
  world.before = (call) => {
    if (call.method === 'write') writes.push(call.key);
    failOnce(call);
  };

  const execution = await runnerOf(world, SMALL_SHARDS).run({ payload: { ...EVENT, tenants: ['minato-travel'] } });

  const parts = writes.filter((key) => key.endsWith('.parquet'));
  expect(execution.getStatus()).toBe('SUCCEEDED');
  expect(waitsOf(execution)).toEqual([5]);
  expect(new Set(parts).size).toBe(parts.length);
  expect(await published(world)).toEqual(await published(inline));
});

test('a permanent failure of one tenant is not tried again, hides no other, and fails the execution by its name', async () => {
  const world = await worldWithSample();
  world.before = failing(Number.POSITIVE_INFINITY, denied, (call) => isRead(call, 'hinata-books'));

  const execution = await runnerOf(world).run({ payload: EVENT });

  const tenants = new Set((await published(world)).map(([key]) => key.split('/')[0]));
  expect(execution.getStatus()).toBe('FAILED');
  expect(execution.getError().errorMessage).toContain(`export-${SAMPLE_DAY} is partial, 2 of 3 tenants completed`);
  expect(execution.getError().errorMessage).toContain('hinata-books collect: access_denied: Access is denied.');
  expect(waitsOf(execution)).toEqual([]);
  expect(tenants).toEqual(new Set(['hudson-kitchen', 'minato-travel']));
  expect(world.metric('tenant_failures')).toEqual([1]);
});

test('a step that fails at every try is given up after four, and the day is recorded as failed', async () => {
  const world = await worldWithSample();
  world.before = failing(Number.POSITIVE_INFINITY, throttled, (call) => isRead(call, 'minato-travel'));

  const execution = await runnerOf(world).run({ payload: { ...EVENT, tenants: ['minato-travel'] } });

  const record = await world.metadata.get('TENANT#minato-travel#BATCH', `DAILY#${SAMPLE_DAY}`);
  expect(execution.getStatus()).toBe('FAILED');
  expect(waitsOf(execution)).toEqual([5, 30, 120]);
  expect(record?.item).toMatchObject({ status: 'failed' });
});

test('shards are the worker’s, and come to the same bytes; one that is cut off there is asked for again', async () => {
  const inline = await worldWithSample();
  const report = await runInline(inline.platform(SMALL_SHARDS), REQUEST);
  const world = await worldWithSample();
  const asked: string[] = [];
  let cutOff = 1;
  const runner = runnerWithWorker(world, ({ name }) => {
    asked.push(name);
    if (cutOff-- > 0) throw new Error('Task timed out after 900.00 seconds');
  });

  const execution = await runner.run({ payload: EVENT });

  expect(execution.getStatus()).toBe('SUCCEEDED');
  expect(new Set(asked)).toEqual(new Set(['exportShard']));
  expect(asked.length).toBeGreaterThan(3);
  expect(execution.getResult()?.tenants.map(({ seconds: _seconds, ...tenant }) => tenant)).toEqual(
    report.tenants.map(({ seconds: _seconds, ...tenant }) => tenant),
  );
  expect(await published(world)).toEqual(await published(inline));
});

test('“yesterday” is decided once, though the execution goes on after midnight', async () => {
  const world = await worldWithSample();
  const failOnce = failing(1, throttled, (call) => isRead(call, 'minato-travel'));
  world.before = (call) => {
    try {
      failOnce(call);
    } catch (error) {
      void world.clock.sleep(24 * 3_600_000);
      throw error;
    }
  };

  const execution = await runnerOf(world).run({ payload: { job: 'export', tenants: ['minato-travel'] } });

  expect(waitsOf(execution)).toEqual([5]);
  expect(execution.getResult()).toMatchObject({ date: SAMPLE_DAY, status: 'completed' });
});

test('an event that asks for nothing fails the execution with what is wrong and a right one', async () => {
  const world = await worldWithSample();

  const execution = await runnerOf(world).run({ payload: { job: 'exports' } });

  expect(execution.getStatus()).toBe('FAILED');
  expect(execution.getError().errorMessage).toContain('job: expected one of export, youtube');
  expect(execution.getError().errorMessage).toContain(EVENT_EXAMPLE);
});

test('what is not there to be done in an invocation’s last minute is put off to another one', async () => {
  const world = await worldWithSample();
  const platform = world.platform();
  const durable = durableFunction(() => platform, undefined);
  let asked = 0;
  const runner = new LocalDurableTestRunner<JobReport>({
    handlerFunction: (event, context) => {
      asked += 1;
      return durable(event, { ...context, getRemainingTimeInMillis: () => (asked++ < 20 ? 10_000 : 900_000) });
    },
  });

  const execution = await runner.run({ payload: { ...EVENT, tenants: ['minato-travel'] } });

  const puttings = runner.getOperation('resolveRun').getStepDetails()?.attempt ?? 0;
  expect(execution.getStatus()).toBe('SUCCEEDED');
  expect(puttings).toBeGreaterThan(1);
  expect(await published(world)).not.toEqual([]);
});
