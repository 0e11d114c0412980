import fc from 'fast-check';
import type { CatalogueDatabase } from '../../../shared/ports/catalogue-database';
import { newDatabase, query, withClient } from '../../support/postgres-databases';
import type { DatabaseSettings } from '../../support/services';
import { sessionsWaiting } from './batch-sessions';
import { CatalogueWorld, everyWordOf, failureOf } from './catalogue-world';
import { type Direction, startCutProxy } from './cut-proxy';
import { ModelCatalogue, shown } from './model';
import { type Sync, sync, video } from './sync-files';

let settings: DatabaseSettings;
let world: CatalogueWorld;
let database: CatalogueDatabase;

beforeEach(async () => {
  settings = await newDatabase('failures');
  world = new CatalogueWorld();
  database = world.open(settings);
  await database.prepare();
});

afterEach(() => world.end());

const BEFORE = sync({
  videos: [video('v1'), video('v2', { type: 'stream', startedAt: '2025-08-08T12:00:00.000Z' }), video('v3')],
});

/** Does something in every table, and in each of every way in which a load does it. */
const AFTER = sync({
  channels: BEFORE.channels.map((channel) => ({ ...channel, title: 'Renamed', subscribers: 2 })),
  videos: [
    video('v1', { type: 'stream', startedAt: '2025-08-09T12:00:00.000Z', views: 11 }),
    video('v2'),
    video('v4', { title: 'row-value' }),
  ],
  whole: ['UC1'],
});

function modelOf(...syncs: Sync[]) {
  const model = new ModelCatalogue();
  for (const one of syncs) model.load(one);
  return model.shown();
}

const WRITES = [
  ['channels', 'INSERT'],
  ['channels', 'UPDATE'],
  ['channel_details', 'INSERT'],
  ['channel_details', 'UPDATE'],
  ['video_types', 'INSERT'],
  ['videos', 'INSERT'],
  ['videos', 'UPDATE'],
  ['video_video_types', 'DELETE'],
  ['video_video_types', 'INSERT'],
  ['stream_details', 'DELETE'],
  ['stream_details', 'INSERT'],
  ['stream_details', 'UPDATE'],
  ['video_statistics', 'INSERT'],
  ['video_statistics', 'UPDATE'],
] as const;

test('a load that fails at any of its statements, or at its end, leaves what was there, and says no row', async () => {
  await world.load(database, BEFORE);
  await query(
    settings,
    `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
       RAISE EXCEPTION 'no: %', (SELECT title FROM pg_temp.incoming_videos WHERE id = 'v4') USING DETAIL = 'row-value', HINT = 'row-value';
     END $$`,
  );

  for (const [table, event] of WRITES) {
    await query(
      settings,
      `CREATE TRIGGER refusing BEFORE ${event} ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION refuse()`,
    );
    const failure = await failureOf(world.load(database, AFTER));
    await query(settings, `DROP TRIGGER refusing ON ${table}`);

    expect([table, event, failure]).toMatchObject([
      table,
      event,
      { code: 'database_request_invalid', kind: 'permanent' },
    ]);
    expect(everyWordOf(failure)).not.toContain('row-value');
    expect(await shown(settings, 'acme')).toEqual(modelOf(BEFORE));
  }
  await query(
    settings,
    'CREATE CONSTRAINT TRIGGER refusing AFTER UPDATE ON videos DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()',
  );
  const atCommit = await failureOf(world.load(database, AFTER));
  await query(settings, 'DROP TRIGGER refusing ON videos');

  expect(atCommit).toMatchObject({ code: 'database_request_invalid' });
  expect(await shown(settings, 'acme')).toEqual(modelOf(BEFORE));
  await world.load(database, AFTER);
  expect(await shown(settings, 'acme')).toEqual(modelOf(BEFORE, AFTER));
});

test('a load whose connection is ended at any table leaves what was there, and nobody saw any of it', async () => {
  const tables = [...new Set(WRITES.map(([table]) => table))];
  await world.load(database, BEFORE);

  for (const table of tables) {
    const failure = await withClient(settings, async (client) => {
      await client.query('BEGIN');
      // Lets readers in and no writers.
      await client.query(`LOCK TABLE ${table} IN SHARE ROW EXCLUSIVE MODE`);
      const failed = failureOf(world.load(database, AFTER));
      const [session] = await sessionsWaiting(settings, 'relation');
      expect(await shown(settings, 'acme')).toEqual(modelOf(BEFORE));
      await query(settings, 'SELECT pg_terminate_backend($1)', [session?.pid]);
      return await failed;
    });

    expect([table, failure]).toMatchObject([table, { code: 'database_unavailable', kind: 'transient' }]);
    expect(await shown(settings, 'acme')).toEqual(modelOf(BEFORE));
  }
  await world.load(database, AFTER);
  expect(await shown(settings, 'acme')).toEqual(modelOf(BEFORE, AFTER));
});

test('a load whose connection breaks at any byte is there whole or not at all, and the next one mends it', async () => {
  const proxy = await startCutProxy(settings.DB_HOST, Number(settings.DB_PORT));
  const through = { ...settings, DB_HOST: '127.0.0.1', DB_PORT: String(proxy.port) };
  const loadThrough = async (one: Sync) => {
    const broken = world.open(through);
    try {
      return await world.load(broken, one);
    } finally {
      await broken.close();
    }
  };
  await world.load(database, BEFORE);
  proxy.cutAfter(Number.POSITIVE_INFINITY, 'to the server');
  await loadThrough(AFTER);
  const length = { 'to the server': proxy.passed('to the server'), 'from the server': proxy.passed('from the server') };
  const place = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0.9, max: 1, noNaN: true }));
  let loads = [BEFORE, AFTER];
  let cuts = 0;

  await fc.assert(
    fc.asyncProperty(
      place,
      fc.constantFrom<Direction>('to the server', 'from the server'),
      async (share, direction) => {
        const next = loads.at(-1) === AFTER ? BEFORE : AFTER;
        proxy.cutAfter(Math.floor(share * length[direction]), direction);

        const failure = await loadThrough(next).catch((error: unknown) => error);

        const found = await shown(settings, 'acme');
        if (failure instanceof Error) {
          cuts += 1;
          expect(failure).toMatchObject({ code: 'database_unavailable', kind: 'transient' });
          expect([modelOf(...loads), modelOf(...loads, next)]).toContainEqual(found);
        }
        loads = [...loads, next];
        await world.load(database, next);
        expect(await shown(settings, 'acme')).toEqual(modelOf(...loads));
      },
    ),
    { numRuns: 15, interruptAfterTimeLimit: 90_000 },
  );

  expect(cuts).toBeGreaterThan(5);
  await proxy.stop();
});
