import { once } from 'node:events';
import { createServer } from 'node:net';
import { SecretError } from '../../../shared/errors';
import type { CatalogueDatabase } from '../../../shared/ports/catalogue-database';
import type { Log } from '../../../shared/ports/log';
import { newDatabase, newLogin, query, withClient } from '../../support/postgres-databases';
import type { DatabaseSettings } from '../../support/services';
import { silentLog } from '../../support/silent-log';
import { batchSessions, until } from './batch-sessions';
import { CatalogueWorld, failureOf } from './catalogue-world';
import { sync } from './sync-files';

let settings: DatabaseSettings;
let world: CatalogueWorld;
let database: CatalogueDatabase;

beforeAll(async () => {
  settings = await newDatabase('connections');
});

beforeEach(async () => {
  world = new CatalogueWorld();
  database = world.open(settings);
  await database.prepare();
});

afterEach(() => world.end());

test('its name tells the server and the database, and no secret', () => {
  const { DB_HOST, DB_PORT, DB_NAME } = settings;

  expect(database.name).toBe(`${DB_NAME} on ${DB_HOST}:${DB_PORT}`);
});

test('a refused password is asked for afresh once, and is in no word of the failure', async () => {
  const asked: boolean[] = [];
  const password = async ({ fresh }: { fresh: boolean }) => {
    asked.push(fresh);
    return 'not-the-password';
  };

  const failure = await failureOf(world.open(settings, { password }).channels('acme'));

  expect(asked).toEqual([false, true]);
  expect(failure).toMatchObject({ code: 'database_access_denied', kind: 'configuration' });
  expect(String(failure)).toContain('DB_PASSWORD');
  expect(`${String(failure)} ${String((failure as Error).cause)}`).not.toContain('not-the-password');
});

test('a password that was renewed is used, and asked for again at every connection', async () => {
  const login = await newLogin(settings, ['GRANT makoto_batch TO {role}']);
  let known = 'ended';
  const asked: string[] = [];
  const password = async ({ fresh }: { fresh: boolean }) => {
    if (fresh) known = login.DB_PASSWORD;
    asked.push(known);
    return known;
  };
  const renewing = world.open(login, { password });

  const channels = await Promise.all([renewing.channels('acme'), renewing.channels('acme')]);

  expect(channels).toEqual([[], []]);
  expect(asked).toContain('ended');
  expect(asked.at(-1)).toBe(login.DB_PASSWORD);
});

test('a password that cannot be had is the failure of whoever keeps it, and leaves no connection open', async () => {
  const cause = new SecretError('The vault is closed.', { code: 'secret_unavailable', kind: 'transient' });
  const without = world.open(settings, { password: () => Promise.reject(cause), poolMax: 1 });
  await database.close();

  const failures = [await failureOf(without.channels('acme')), await failureOf(without.prepare())];

  expect(failures).toEqual([cause, cause]);
  await until(async () => {
    const [row] = await query<{ count: string }>(
      settings,
      `SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND datname = current_database()`,
    );
    return row?.count === '1' ? row : undefined;
  });
});

test('an empty password is told as one that is refused', async () => {
  const failure = await failureOf(world.open(settings, { password: async () => '' }).channels('acme'));

  expect(failure).toMatchObject({ code: 'database_access_denied', kind: 'configuration' });
});

test('a database that is not there, a server that is not there, and one without TLS where it is required', async () => {
  const closed = createServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const address = closed.address();
  const DB_PORT = String(typeof address === 'object' ? address?.port : '');
  closed.close();
  await once(closed, 'close');

  const noDatabase = await failureOf(world.open({ ...settings, DB_NAME: 'not_there' }).prepare());
  const noServer = await failureOf(world.open({ ...settings, DB_PORT }).prepare());
  const noTls = await failureOf(world.open(settings, { ssl: 'require' }).prepare());
  const noTlsAtAll = await failureOf(world.open(settings, { ssl: 'no-verify' }).prepare());

  expect(noDatabase).toMatchObject({ code: 'database_not_found', kind: 'configuration' });
  expect(String(noDatabase)).toContain('DB_NAME');
  expect(noServer).toMatchObject({ code: 'database_unavailable', kind: 'transient' });
  for (const failure of [noTls, noTlsAtAll]) {
    expect(failure).toMatchObject({ code: 'database_tls_failed', kind: 'configuration' });
    expect(String(failure)).toMatch(/does not support SSL.*DB_SSL/);
  }
});

test('a server that says nothing is given up after the time for connecting', async () => {
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const address = silent.address();
  const DB_PORT = String(typeof address === 'object' ? address?.port : '');
  const waiting = world.open({ ...settings, DB_PORT }, { timeouts: { connect: 100 } });

  const failure = await failureOf(waiting.channels('acme'));

  expect(failure).toMatchObject({ code: 'database_timeout', kind: 'transient' });
  silent.close();
});

test.each([
  ['a statement takes too long', { statement: 100 }, { code: 'database_timeout', kind: 'transient' }],
  ['a lock is not to be had', { lock: 100 }, { code: 'database_conflict', kind: 'transient' }],
])('when %s, the load fails and its connection is used again', async (_, timeouts, expected) => {
  const impatient = world.open(settings, { timeouts, poolMax: 1 });
  await database.close();
  await impatient.channels('acme');
  const before = await batchSessions(settings);

  const failure = await withClient(settings, async (client) => {
    await client.query('BEGIN');
    await client.query('LOCK TABLE channels IN ACCESS EXCLUSIVE MODE');
    return await failureOf(world.load(impatient, sync()));
  });

  expect(failure).toMatchObject(expected);
  expect(await impatient.channels('acme')).toEqual([]);
  expect(await batchSessions(settings)).toEqual(before);
});

test('a connection leaves nothing behind that the next user of it would work with', async () => {
  await world.load(database, sync({ tenant: 'left behind' }));

  // The pooled connection is the one that the load had: what it asks of the schema it asks as its login.
  await database.prepare();

  expect(await database.channels('acme')).toEqual([]);
});

test('connections that the server ended while nobody used them are replaced, and logged', async () => {
  const told: string[] = [];
  const log: Log = {
    ...silentLog,
    info: (message, dimensions) => void told.push(`${message} ${dimensions?.reason}`),
  };
  const logged = world.open(settings, { log });
  await database.close();
  await logged.channels('acme');

  await query(
    settings,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'makoto-daily-batch'`,
  );
  await until(async () => (told.length > 0 ? true : await query(settings, 'SELECT 1').then(() => undefined)));
  const channels = await logged.channels('acme');

  expect(channels).toEqual([]);
  expect(told).toEqual(['A connection to the database was lost. 57P01']);
});

test('closing ends every connection, twice without harm, and nothing works after it', async () => {
  await Promise.all([database.channels('acme'), database.channels('acme')]);

  await database.close();
  await database.close();

  await until(async () => ((await batchSessions(settings)).length === 0 ? true : undefined));
  expect(await failureOf(database.channels('acme'))).toMatchObject({ code: 'database_request_invalid' });
});
