import { newDatabase, newLogin, query, withClient } from '../../support/postgres-databases';
import type { DatabaseSettings } from '../../support/services';
import { catalogueTables } from './catalogue-tables';
import { CatalogueWorld, failureOf } from './catalogue-world';
import { sync } from './sync-files';

let settings: DatabaseSettings;
let world: CatalogueWorld;

beforeEach(async () => {
  settings = await newDatabase('migrations');
  world = new CatalogueWorld();
});

afterEach(() => world.end());

const MIGRATIONS = 'SELECT name FROM makoto_batch_migrations ORDER BY id';

async function relations(): Promise<unknown[]> {
  return await query(
    settings,
    `SELECT oid, relname FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY oid`,
  );
}

test('the tables are made once, whoever asks again', async () => {
  const first = world.open(settings);
  const second = world.open(settings);

  await first.prepare();
  const made = await relations();
  await first.prepare();
  await second.prepare();

  expect(await relations()).toEqual(made);
  expect(await query(settings, MIGRATIONS)).toEqual([{ name: '0001_catalogue' }, { name: '0002_retention' }]);
  expect(await catalogueTables(settings)).toHaveLength(8);
});

test('several programs may prepare a database at once', async () => {
  const databases = Array.from({ length: 4 }, () => world.open(settings));

  await Promise.all(databases.flatMap((database) => [database.prepare(), database.prepare()]));

  expect(await query(settings, MIGRATIONS)).toEqual([{ name: '0001_catalogue' }, { name: '0002_retention' }]);
});

test('databases of one server may be prepared at once, though they share their roles', async () => {
  const others = [settings, await newDatabase('migrations'), await newDatabase('migrations')];

  await Promise.all(others.map((other) => world.open(other).prepare()));

  for (const other of others) expect(await query(other, MIGRATIONS)).toHaveLength(2);
});

test('a database without tables has no channels, and cannot be loaded', async () => {
  const database = world.open(settings);

  const channels = await database.channels('acme');
  const failures = [
    await failureOf(database.premieres('acme')),
    await failureOf(database.knownVideos('acme', 'UC1')),
    await failureOf(world.load(database, sync())),
  ];

  expect(channels).toEqual([]);
  expect(await relations()).toEqual([]);
  for (const failure of failures)
    expect(failure).toMatchObject({ code: 'database_schema_outdated', kind: 'configuration' });
});

test("an ordinary login works when the owner has migrated and has given it the batch's role", async () => {
  const login = await newLogin(settings);
  const ordinary = world.open(login);
  await world.open(settings).prepare();

  const before = await failureOf(ordinary.prepare());
  const load = await failureOf(world.load(ordinary, sync()));
  await query(settings, `GRANT makoto_batch TO ${login.DB_USERNAME}`);
  await ordinary.prepare();
  const figures = await world.load(ordinary, sync());

  expect(before).toMatchObject({
    code: 'database_access_denied',
    kind: 'configuration',
    message: expect.stringContaining(`GRANT makoto_batch TO "${login.DB_USERNAME}";`),
  });
  expect(load).toMatchObject({ code: 'database_access_denied', kind: 'configuration' });
  expect(figures.rowsWritten).toBe(11);
});

test('a login that may make no tables is told whose login may', async () => {
  const login = await newLogin(settings);

  const failure = await failureOf(world.open(login).prepare());

  expect(failure).toMatchObject({
    code: 'database_schema_outdated',
    kind: 'configuration',
    message: expect.stringMatching(/0001_catalogue.*may not make them.*database's owner/),
  });
  expect(await relations()).toEqual([]);
});

test("an owner who may not give itself the batch's role is told so, and nothing is made", async () => {
  await world.open(await newDatabase('roles')).prepare();
  const owner = await newLogin(settings, [`ALTER DATABASE ${settings.DB_NAME} OWNER TO {role}`]);
  const database = world.open(owner);

  const failure = await failureOf(database.prepare());
  const left = await relations();
  await query(settings, `GRANT makoto_batch TO ${owner.DB_USERNAME}`);
  await database.prepare();

  expect(failure).toMatchObject({
    code: 'database_schema_outdated',
    message: expect.stringContaining('GRANT makoto_batch TO'),
  });
  expect(left).toEqual([]);
  expect((await world.load(database, sync())).rowsWritten).toBe(11);
});

test.each([
  ['a table without a tenant', 'CREATE TABLE videos (id TEXT PRIMARY KEY, title TEXT)', ['videos']],
  ['a table with a tenant', 'CREATE TABLE channels (tenant_id TEXT, id TEXT)', ['channels']],
  ['a view', 'CREATE VIEW stream_details AS SELECT 1 AS one', ['stream_details']],
  [
    'several',
    'CREATE TABLE videos (id TEXT); CREATE TABLE premiere_videos (video_id TEXT)',
    ['premiere_videos', 'videos'],
  ],
])('%s of the same name that is not ours is left alone', async (_, text, names) => {
  await query(settings, text);
  const before = await relations();
  const database = world.open(settings);

  const failure = await failureOf(database.prepare());

  expect(failure).toMatchObject({ code: 'database_schema_foreign', kind: 'configuration' });
  for (const name of names) expect(String(failure)).toContain(`ALTER TABLE public.${name} SET SCHEMA`);
  expect(await relations()).toEqual(before);
  expect(await database.channels('acme')).toEqual([]);
});

test('what the error about foreign tables advises works', async () => {
  await query(settings, 'CREATE TABLE videos (id TEXT PRIMARY KEY); CREATE TABLE channels (id TEXT)');
  const database = world.open(settings);
  const advice = String(await failureOf(database.prepare())).replace(/^.*(CREATE SCHEMA)/, '$1');

  await query(settings, advice);
  await database.prepare();

  expect(await query(settings, 'SELECT * FROM before_makoto_batch.videos')).toEqual([]);
  expect(await catalogueTables(settings)).toHaveLength(8);
});

test('tables of a newer program are left alone', async () => {
  const database = world.open(settings);
  await database.prepare();
  await query(settings, `INSERT INTO makoto_batch_migrations (name, run_on) VALUES ('0999_later', now())`);
  const before = await relations();

  const failure = await failureOf(database.prepare());

  expect(failure).toMatchObject({
    code: 'database_schema_newer',
    kind: 'configuration',
    message: expect.stringContaining('0999_later'),
  });
  expect(await relations()).toEqual(before);
});

test('a database in another encoding than UTF-8 is refused', async () => {
  const name = `${settings.DB_NAME}_latin1`;
  await query(settings, `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'`);

  const failure = await failureOf(world.open({ ...settings, DB_NAME: name }).prepare());

  expect(failure).toMatchObject({
    code: 'database_request_invalid',
    kind: 'configuration',
    message: expect.stringContaining('LATIN1'),
  });
});

test('one that migrates waits for one that does, and gives up as a conflict', async () => {
  const database = world.open(settings, { timeouts: { lock: 100 } });

  const failure = await withClient(settings, async (client) => {
    await client.query('BEGIN');
    await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('makoto-batch schema', 0))`);
    return await failureOf(database.prepare());
  });
  await database.prepare();

  expect(failure).toMatchObject({ code: 'database_conflict', kind: 'transient' });
  expect(await catalogueTables(settings)).toHaveLength(8);
});
