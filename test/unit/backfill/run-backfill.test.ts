import { StorageError } from '../../../shared/errors';
import { allObjects } from '../../../shared/messages/pages';
import type { BackfillReport, DayOutcome } from '../../../shared/operations/backfill/backfill-report';
import { backfillRequest } from '../../../shared/operations/backfill/backfill-request';
import { findWork } from '../../../shared/operations/backfill/backfill-work';
import { type BackfillHooks, runBackfill } from '../../../shared/operations/backfill/run-backfill';
import { BatchWorld, datesFrom, noonOf } from '../../support/batch-world';
import { snapshot } from '../../support/export-world';

const RANGE = { from: '2025-08-01', to: '2025-08-04' };
const DATES = datesFrom(RANGE.from, 4);
const TENANTS = ['acme', 'beta'];

/** Two tenants with a message on each day of the range. */
async function filledWorld(tenants = TENANTS, dates = DATES): Promise<BatchWorld> {
  const world = new BatchWorld();
  for (const tenant of tenants) {
    await world.addTenant(tenant);
    for (const date of dates) await world.say(noonOf(date), `m-${date}`, { tenant, room: `r-${date}` });
  }
  return world;
}

async function backfill(world: BatchWorld, input: object = {}, hooks: BackfillHooks = {}): Promise<BackfillReport> {
  const platform = world.platform();
  const request = backfillRequest({ ...RANGE, ...input });
  return runBackfill(platform, request, await findWork(platform, request), hooks);
}

/** Everything that is published: working papers tell of the way, which differs. */
async function parts(world: BatchWorld): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const { key } of allObjects(world.analytics, ''))
    if (key.endsWith('.parquet')) found[key] = (await snapshot(world.analytics, key)).get(key) ?? '';
  return found;
}

const manifests = (world: BatchWorld) =>
  world.calls
    .filter(({ method, key }) => method === 'write' && key.includes('_manifests/'))
    .map(({ key }) => key.slice(-15, -5));

test('every day is exported, the oldest first, each as a run of its own', async () => {
  const world = await filledWorld();
  const begun: string[] = [];

  const report = await backfill(world, { concurrency: 1 }, { onDayBegun: (date) => begun.push(date) });

  expect(report).toEqual({
    ...RANGE,
    status: 'completed',
    days: { completed: 4, failed: 0, left: 0 },
    messages: 8,
    notDone: [],
    failures: [],
  });
  expect(begun).toEqual(DATES);
  expect(manifests(world)).toEqual(DATES.flatMap((date) => [date, date]));
  const { items } = await world.metadata.query({ partition: 'SYSTEM#BATCH' });
  expect(items.map(({ run }) => run)).toEqual(DATES.map((date) => `export-${date}`));
});

test.each([1, 2, 3])('%d days at a time are at work, and no more', async (concurrency) => {
  const world = await filledWorld();
  const atWork = new Set<string>();
  let most = 0;

  await backfill(
    world,
    { concurrency },
    {
      onDayBegun: (date) => {
        atWork.add(date);
        most = Math.max(most, atWork.size);
      },
      onDay: ({ date }) => atWork.delete(date),
    },
  );

  expect(most).toBe(concurrency);
});

test('a day that fails stops no other, is named, and is all that a second backfill does', async () => {
  const world = await filledWorld();
  world.before = ({ key }) => {
    if (key.startsWith('beta/') && key.includes('m-2025-08-02'))
      throw new StorageError('Refused.', { code: 'access_denied', kind: 'configuration' });
  };

  const first = await backfill(world);
  world.before = () => undefined;
  const outcomes: DayOutcome[] = [];
  const second = await backfill(world, {}, { onDay: (outcome) => outcomes.push(outcome) });

  expect(first).toMatchObject({
    status: 'partial',
    days: { completed: 3, failed: 1, left: 0 },
    notDone: [['2025-08-02', '2025-08-02']],
    failures: [{ date: '2025-08-02', tenant: 'beta', code: 'access_denied' }],
  });
  expect(second.status).toBe('completed');
  expect(outcomes).toEqual([{ date: '2025-08-02', status: 'completed', messages: 1, failures: [] }]);
});

test('a tenant that cannot be run keeps the backfill from being completed, and no other tenant from being done', async () => {
  const world = await filledWorld();

  const report = await backfill(world, { tenants: ['acme', 'stranger'] });

  expect(report).toMatchObject({
    status: 'partial',
    days: { completed: 4, failed: 0 },
    messages: 4,
    failures: [{ tenant: 'stranger', code: 'tenant_unknown' }],
  });
});

test('after it is stopped, no day is begun any more, and those under way are finished', async () => {
  const world = await filledWorld();
  let isStopped = false;

  const report = await backfill(
    world,
    {},
    {
      isStopped: () => isStopped,
      onDay: () => {
        isStopped = true;
      },
    },
  );

  expect(report).toMatchObject({
    status: 'partial',
    days: { failed: 0 },
    messages: 4,
    notDone: [['2025-08-03', '2025-08-04']],
  });
  expect((await backfill(world)).messages).toBe(4);
});

test('with force, published days are read again', async () => {
  const world = await filledWorld();
  await backfill(world);
  world.calls.length = 0;

  await backfill(world, { force: true });

  const read = world.calls.filter(({ method, key }) => method === 'read' && key.includes('/messages/2025/'));
  expect(read).toHaveLength(8);
});

test('a tenant-day that another run has at work is not run beside it: it fails, and a second backfill does it', async () => {
  const world = await filledWorld();
  await world.metadata.put({
    ...{ PK: 'TENANT#acme#BATCH', SK: 'LEASE#2025-08-02', owner: 'another' },
    expires_at: new Date(world.nowMs + 60_000).toISOString(),
  });

  const first = await backfill(world);
  const publishedThen = manifests(world);
  world.nowMs += 120_000;
  const second = await backfill(world);

  expect(first).toMatchObject({
    status: 'partial',
    failures: [{ date: '2025-08-02', tenant: 'acme', code: 'day_in_use' }],
  });
  expect(publishedThen.filter((date) => date === '2025-08-02')).toHaveLength(1);
  expect(second).toMatchObject({ status: 'completed', messages: 1 });
});

test('killed at any call of a store, the same backfill completes: every day once, with the same bytes', async () => {
  const dates = DATES.slice(0, 2);
  const range = { to: dates.at(-1) };
  const undisturbed = await filledWorld(['acme'], dates);
  await backfill(undisturbed, range);
  const expected = await parts(undisturbed);
  const calls = undisturbed.calls.length;

  const differing: number[] = [];
  for (let point = 0; point < calls; point += 5) {
    const world = await filledWorld(['acme'], dates);
    let left = point;
    const killed = () => {
      if (left-- <= 0) throw new Error('The process is gone.');
    };
    if (point % 2 === 0) world.before = killed;
    else world.after = killed;
    await backfill(world, range).catch(() => undefined);
    world.before = () => undefined;
    world.after = () => undefined;
    // Leases of the dead end by themselves.
    world.nowMs += 150_000;

    const { status } = await backfill(world, range);

    if (status !== 'completed' || JSON.stringify(await parts(world)) !== JSON.stringify(expected))
      differing.push(point);
  }
  expect(calls).toBeGreaterThan(60);
  expect(differing).toEqual([]);
  expect(Object.keys(expected)).toHaveLength(dates.length * 4);
});
