import { type DurableLambdaHandler, InvocationStatus, withDurableExecution } from '@aws/durable-execution-sdk-js';
import { dailyBatch } from '../../../aws-fallback/durable-batch';
import { durableFunction } from '../../../aws-fallback/durable-function';
import { completedRun } from '../../../aws-fallback/run-not-completed';
import { runInline } from '../../../shared/batch/inline-engine';
import type { JobReport } from '../../../shared/batch/report';
import type { ResolvedRun, StepCall, StepResult } from '../../../shared/batch/steps';
import { datesFrom } from '../../support/batch-world';
import { DurableMemory } from '../../support/durable-memory';
import { snapshot } from '../../support/export-world';
import { silentLog } from '../../support/silent-log';
import { type AwsWorld, SAMPLE_DAY, throttled, worldWithSample } from './aws-world';

// What the service of durable executions may do to a run: lose an invocation at any checkpoint, and invoke the function again.

const TENANT = 'minato-travel';
const EVENT = { job: 'export', target_date: SAMPLE_DAY, tenants: [TENANT] };
const SMALL_SHARDS = { EXPORT_SHARD_MESSAGES: '150' };
const CHECKPOINT_LIMIT = 256 * 1024;

function handlerOf(world: AwsWorld): DurableLambdaHandler {
  const platform = world.platform(SMALL_SHARDS);
  return durableFunction(() => platform, undefined);
}

async function published(world: AwsWorld): Promise<[string, string][]> {
  return [...(await snapshot(world.data))].filter(([key]) => key.endsWith('.parquet'));
}

async function reference(): Promise<[string, string][]> {
  const world = await worldWithSample();
  await runInline(world.platform(SMALL_SHARDS), { job: 'export', date: SAMPLE_DAY, force: false, tenants: [TENANT] });
  return await published(world);
}

const resultOf = ({ Result = '' }: { readonly Result?: string }) => JSON.parse(Result) as JobReport;

test('an invocation that is lost at any checkpoint, kept or not, costs nothing but that step: the same day is published', async () => {
  const expected = await reference();
  const undisturbed = new DurableMemory();
  await undisturbed.run(handlerOf(await worldWithSample()), EVENT);

  const outcomes = [];
  for (let lost = 1; lost <= undisturbed.checkpoints; lost += 1) {
    const world = await worldWithSample();
    const service = new DurableMemory();
    service.onCheckpoint = (at, when) => {
      if (at === lost && when === (lost % 2 === 0 ? 'before' : 'after')) throw new Error('The invocation is lost.');
    };
    const { output, invocations } = await service.run(handlerOf(world), EVENT);
    const same = JSON.stringify(await published(world)) === JSON.stringify(expected);
    outcomes.push({ status: output.Status, invocations, same });
  }

  expect(outcomes.length).toBeGreaterThan(5);
  expect(outcomes.filter(({ status, same }) => status !== 'SUCCEEDED' || !same)).toEqual([]);
  expect(outcomes.some(({ invocations }) => invocations > 1)).toBe(true);
});

test('a wait ends the invocation, and the next one gives the recorded results without doing a step again', async () => {
  const world = await worldWithSample();
  const service = new DurableMemory();
  let failures = 1;
  world.before = ({ method, key }) => {
    if (method === 'read' && key.startsWith(`${TENANT}/chat/`) && failures-- > 0) throw throttled();
  };

  const { output, invocations } = await service.run(handlerOf(world), EVENT);

  const begun = service.history
    .filter(({ Type, Action }) => Type === 'STEP' && Action === 'START')
    .map(({ Name }) => Name);
  expect(output.Status).toBe('SUCCEEDED');
  expect(invocations).toBe(2);
  expect(begun.filter((name) => name === 'request' || name === 'resolveRun' || name === 'planExport')).toHaveLength(3);
  expect(await published(world)).toEqual(await reference());
});

/** Steps of as many tenants as told, whose results are as large as they come; `failing` ones fail at length. */
function manyTenants(count: number, failing: (tenant: string) => boolean, missing: readonly string[] = []) {
  const tenants = Array.from({ length: count }, (_, at) => `tenant-${String(at).padStart(4, '0')}`);
  const resolved: ResolvedRun = {
    days: [{ timeZone: 'Asia/Tokyo', date: SAMPLE_DAY, tenants }],
    refused: [],
    tenantsAtOnce: 8,
    startedAt: '2025-08-12T03:00:00.000Z',
    recorded: true,
    ...(missing.length > 0 ? { lookBack: { catchUpDays: missing.length, lateWindowDays: 2 } } : {}),
  };
  const figures = { listed: 10, outside: 0, exported: 10, duplicates: 0, quarantined: 0, parts: 4, bytes: 10, late: 0 };
  const outputOf = ({ name, input }: StepCall): unknown => {
    if (name === 'resolveRun') return resolved;
    if (name === 'surveyDays') return { missing, lookBack: [] };
    if (name === 'planExport') return { plan: 'p', shards: [0], rooms: {}, late: [], settles: [] };
    if (name === 'exportShard') return { shard: 0, result: 'r'.repeat(200), exported: 10, reused: false };
    return { ...figures, output: `${'tenant' in input ? input.tenant : ''}/analytics/messages/`.padEnd(300, 'x') };
  };
  const resultOfStep = (call: StepCall): StepResult => {
    const { name, input } = call;
    if (name !== 'exportShard' || !('tenant' in input) || !failing(input.tenant))
      return { ok: true, value: outputOf(call) };
    const message = 'The bucket does not let this function in. '.repeat(20);
    return { ok: false, failure: { kind: 'configuration', code: 'access_denied', message, tenant: input.tenant } };
  };
  const handler = withDurableExecution<unknown>((event, context) =>
    dailyBatch(event, context, {
      requestOf: () => ({ job: 'export', date: SAMPLE_DAY, force: false }),
      ended: (report) => completedRun(report, silentLog),
      run: async (call) => ({ result: resultOfStep(call), begunMs: 1_000, endedMs: 2_000 }),
      worker: undefined,
    }),
  );
  return { tenants, handler };
}

test.each([
  ['none', () => false],
  ['all', () => true],
])(
  '400 tenants of which %s fail stay within one execution: its operations, and 256 KiB a checkpoint',
  async (_which, failing) => {
    const { tenants, handler } = manyTenants(400, failing);
    const service = new DurableMemory();

    const { output } = await service.run(handler, EVENT);

    const operations = new Set(service.history.map(({ Id }) => Id));
    const largest = Math.max(...service.history.map(({ Payload = '' }) => Buffer.byteLength(Payload)));
    expect(operations.size).toBeLessThan(3_000);
    expect(largest).toBeLessThan(CHECKPOINT_LIMIT);
    expect(service.history.some(({ ContextOptions }) => ContextOptions?.ReplayChildren === true)).toBe(false);
    if (output.Status === 'SUCCEEDED') {
      const { tenants: listed, unlisted = { completed: 0, failed: 0 } } = resultOf(output);
      expect(listed.length + unlisted.completed + unlisted.failed).toBe(tenants.length);
    } else {
      expect(output).toMatchObject({ Error: { ErrorMessage: expect.stringContaining('0 of 400 tenants completed') } });
    }
  },
);

test('one tenant of many that fails is named, and fails the execution', async () => {
  const { handler } = manyTenants(300, (tenant) => tenant === 'tenant-0123');

  const { output } = await new DurableMemory().run(handler, EVENT);

  expect(output).toMatchObject({
    Status: 'FAILED',
    Error: { ErrorMessage: expect.stringContaining('299 of 300 tenants completed. tenant-0123: access_denied') },
  });
});

test('very many tenants are run by further executions of the function, each within its operations', async () => {
  const { handler } = manyTenants(1_000, (tenant) => tenant === 'tenant-0777');
  const service = new DurableMemory();

  const { output } = await service.run(handler, EVENT);

  const executions = [service, ...service.children];
  expect(service.children).toHaveLength(3);
  expect(executions.every(({ history }) => new Set(history.map(({ Id }) => Id)).size < 3_000)).toBe(true);
  expect(output).toMatchObject({
    Status: 'FAILED',
    Error: { ErrorMessage: expect.stringContaining('999 of 1000 tenants completed. tenant-0777: access_denied') },
  });
});

test('a week that is made up for by many tenants is divided, too, so that each execution keeps to its operations', async () => {
  const { handler } = manyTenants(150, () => false, datesFrom('2025-08-04', 7));
  const service = new DurableMemory();

  const { output } = await service.run(handler, EVENT);

  const operations = [service, ...service.children].map(({ history }) => new Set(history.map(({ Id }) => Id)).size);
  if (output.Status !== 'SUCCEEDED') throw new Error(`The execution is ${output.Status}.`);
  const { tenants, unlisted = { completed: 0, failed: 0 } } = resultOf(output);
  expect(tenants.length + unlisted.completed).toBe(150);
  expect(service.children.length).toBeGreaterThan(1);
  expect(Math.max(...operations)).toBeLessThan(2_000);
});

test('a group of tenants whose execution is cut off fails by itself', async () => {
  const { handler } = manyTenants(1_000, () => false);
  const service = new DurableMemory();
  let executions = 0;
  const cutOff: DurableLambdaHandler = (event, context) => {
    const [execution] = event.InitialExecutionState.Operations;
    const isGroup = execution?.ExecutionDetails?.InputPayload?.includes('group') === true;
    if (isGroup && executions++ === 0)
      return Promise.resolve({ Status: InvocationStatus.FAILED, Error: { ErrorMessage: 'Timed out' } });
    return handler(event, context);
  };

  const { output } = await service.run(cutOff, EVENT);

  expect(output).toMatchObject({
    Status: 'FAILED',
    Error: {
      ErrorMessage: expect.stringMatching(/600 of 1000 tenants completed\. tenant-0000 run: run_cut_off: .*Timed out/),
    },
  });
});
