import { backfillRequest } from '../../../shared/operations/backfill/backfill-request';
import { countWork, daysToRun, findWork } from '../../../shared/operations/backfill/backfill-work';
import { BatchWorld, datesFrom, noonOf } from '../../support/batch-world';

const AUGUST = { from: '2025-08-01', to: '2025-08-05' };

async function worldWith(...tenants: readonly string[]): Promise<BatchWorld> {
  const world = new BatchWorld();
  for (const tenant of tenants) await world.addTenant(tenant);
  return world;
}

async function workOf(world: BatchWorld, input: object) {
  const work = await findWork(world.platform(), backfillRequest(input));
  return { ...work, days: daysToRun(work), counts: countWork(work) };
}

test('what is to do are the days of each tenant that are not published, oldest first', async () => {
  const world = await worldWith('acme', 'beta');
  await world.run({ date: '2025-08-02' });
  await world.run({ date: '2025-08-04', tenants: ['beta'] });

  const { days, counts } = await workOf(world, AUGUST);

  expect(days).toEqual([
    { date: '2025-08-01', tenants: ['acme', 'beta'] },
    { date: '2025-08-03', tenants: ['acme', 'beta'] },
    { date: '2025-08-04', tenants: ['acme'] },
    { date: '2025-08-05', tenants: ['acme', 'beta'] },
  ]);
  expect(counts).toEqual({ toDo: 7, published: 3, notBegun: 0 });
});

test('with force, published days are to do as well', async () => {
  const world = await worldWith('acme');
  await world.run({ date: '2025-08-02' });

  const { days } = await workOf(world, { ...AUGUST, force: true });

  expect(days.map(({ date }) => date)).toEqual(datesFrom('2025-08-01', 5));
});

test('a day that has begun in some zones only is to do for their tenants', async () => {
  const world = await worldWith('acme');
  await world.metadata.put({
    PK: 'SYSTEM#TENANTS',
    SK: 'TENANT#york',
    tenant_id: 'york',
    time_zone: 'America/New_York',
  });
  world.nowMs = Date.parse('2025-08-11T17:00:00Z');

  const { days, counts } = await workOf(world, { from: '2025-08-11', to: '2025-08-13' });

  expect(days).toEqual([
    { date: '2025-08-11', tenants: ['acme', 'york'] },
    { date: '2025-08-12', tenants: ['acme'] },
  ]);
  expect(counts).toEqual({ toDo: 3, published: 0, notBegun: 3 });
});

test('a day that was published before it was over is to do, one that failed too', async () => {
  const world = await worldWith('acme');
  world.nowMs = Date.parse(noonOf('2025-08-03'));
  await world.run({ date: '2025-08-03' });
  world.nowMs = Date.parse('2025-08-03T15:00:00Z');
  await world.run({ date: '2025-08-02' });
  await world.metadata.put({
    PK: 'TENANT#acme#BATCH',
    SK: 'DAILY#2025-08-01',
    status: 'failed',
    message_count: 0,
    output_path: '',
    processed_at: '2025-08-02T00:00:00Z',
  });

  const { days } = await workOf(world, { from: '2025-08-01', to: '2025-08-03' });

  expect(days.map(({ date }) => date)).toEqual(['2025-08-01', '2025-08-03']);
});

test('a record that cannot be read says nothing', async () => {
  const world = await worldWith('acme');
  await world.metadata.put({ PK: 'TENANT#acme#BATCH', SK: 'DAILY#2025-08-01', status: 'who knows' });

  const { days } = await workOf(world, { from: '2025-08-01', to: '2025-08-01' });

  expect(days).toHaveLength(1);
});

test('tenants that cannot be run are named, and hold up no other', async () => {
  const world = await worldWith('acme');

  const { refused, days } = await workOf(world, { ...AUGUST, tenants: ['acme', 'stranger'] });

  expect(refused).toMatchObject([{ tenant: 'stranger', code: 'tenant_unknown' }]);
  expect(days[0]).toEqual({ date: '2025-08-01', tenants: ['acme'] });
});

test('ten years of a tenant are looked at in a request or two', async () => {
  const world = await worldWith('acme');

  const { counts } = await workOf(world, { from: '2015-08-05', to: '2025-08-11' });

  expect(counts.toDo).toBe(3660);
  expect(world.calls.filter(({ key }) => key.includes('BATCH')).length).toBeLessThanOrEqual(2);
});
