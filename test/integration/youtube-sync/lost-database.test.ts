import { newDatabase, query, withClient } from '../../support/postgres-databases';
import type { DatabaseSettings } from '../../support/services';
import type { YoutubeWorld } from '../../support/youtube-world';
import { batchSessions, sessionsWaiting } from '../postgres/batch-sessions';
import { startCutProxy } from '../postgres/cut-proxy';
import { oneChannel } from './one-channel';
import { seen, watching } from './onlooker';

let database: DatabaseSettings;
let world: YoutubeWorld;

beforeAll(async () => {
  database = await newDatabase('lost_database');
});

beforeEach(async () => {
  world = await oneChannel(database, { videos: 8 });
  await world.runOne();
  await world.pass();
  world.catalogue.retitle('v0000000002', 'New title');
  world.catalogue.delete('v0000000003');
  world.catalogue.change('v0000000004', { counts: { views: 1, likes: 2, comments: 3 } });
});

afterEach(() => world.close());

async function terminateBatch(): Promise<void> {
  for (const { pid } of await batchSessions(database)) await query(database, 'SELECT pg_terminate_backend($1)', [pid]);
}

test('a backend that is terminated in the middle of the load: nobody sees half, and the run completes with the next connection', async () => {
  for (const table of ['videos', 'video_statistics']) {
    world.catalogue.retitle('v0000000005', `Title for ${table}`);
    await world.pass();
    await withClient(database, async (blocker) => {
      await blocker.query('BEGIN');
      // Readers pass, writers wait.
      await blocker.query(`LOCK TABLE ${table} IN SHARE ROW EXCLUSIVE MODE`);
      const before = await seen(blocker, world.tenant);

      const running = watching(database, world.tenant, () => world.runOne());
      await sessionsWaiting(database, 'relation');
      const meanwhile = await seen(blocker, world.tenant);
      await terminateBatch();
      await sessionsWaiting(database, 'relation');
      await blocker.query('ROLLBACK');
      const { result, seen: states } = await running;

      expect(result).toMatchObject({ status: 'completed', rowsWritten: expect.any(Number) });
      expect(meanwhile).toBe(before);
      expect(states.filter((state) => state !== before)).toHaveLength(1);
      expect(await seen(blocker, world.tenant)).toBe(states.at(-1));
    });
  }
  const removed = await query(database, 'SELECT id FROM videos WHERE tenant_id = $1 AND removed_at IS NOT NULL', [
    world.tenant,
  ]);
  expect(removed).toEqual([{ id: 'v0000000003' }]);
});

test('a server that is lost for good when the load begins: the sync fails, nothing is changed, and the next one mends it', async () => {
  // prepare
  const proxy = await startCutProxy(database.DB_HOST, Number(database.DB_PORT));
  const behind = world.openDatabase({ DB_PORT: String(proxy.port) });
  const unitsBefore = world.unitsSpent;

  // act
  const {
    result,
    before,
    seen: states,
  } = await watching(database, world.tenant, () =>
    world.run(
      {
        hooks: {
          onStep: (call, ended) => {
            if (call.name === 'loadSync' && ended === undefined) proxy.cutAfter(0, 'to the server');
          },
        },
      },
      { database: () => behind },
    ),
  );
  const units = world.unitsSpent - unitsBefore;
  await world.pass();
  const next = await world.runOne();
  await proxy.stop();

  // assess
  expect(result).toMatchObject({
    status: 'failed',
    tenants: [
      {
        status: 'failed',
        failure: { code: 'database_unavailable', kind: 'transient', stage: 'load' },
        quotaUnits: units,
      },
    ],
  });
  expect(states).toEqual([before]);
  expect(next).toMatchObject({ status: 'completed', videos: 7, removed: 1 });
  const titles = await query<{ title: string }>(database, 'SELECT title FROM videos WHERE tenant_id = $1 AND id = $2', [
    world.tenant,
    'v0000000002',
  ]);
  expect(titles).toEqual([{ title: 'New title' }]);
});

test('a database that is not there is found out before a unit is spent', async () => {
  const nowhere = world.openDatabase({ DB_PORT: '1' });
  const before = world.unitsSpent;

  const run = await world.run({}, { database: () => nowhere });

  expect(run).toMatchObject({
    status: 'failed',
    tenants: [{ failure: { code: 'database_unavailable', kind: 'transient', stage: 'plan' } }],
  });
  expect(world.unitsSpent).toBe(before);
});

test('a password that is wrong is refused without further tries, and before a unit is spent', async () => {
  const wrong = world.openDatabase({ DB_PASSWORD: 'a-wrong-password' });
  const before = world.unitsSpent;

  const run = await world.run({}, { database: () => wrong });

  expect(run).toMatchObject({
    status: 'failed',
    tenants: [{ failure: { code: 'database_access_denied', kind: 'configuration', stage: 'plan' } }],
  });
  expect(JSON.stringify([run, world.logged, await world.records()])).not.toContain('a-wrong-password');
  expect(world.clock.sleeps).toEqual([]);
  expect(world.unitsSpent).toBe(before);
});
