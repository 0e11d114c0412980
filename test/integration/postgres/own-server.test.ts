import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Postgres, startPostgres } from '../../../local/services/postgres';
import { query } from '../../support/postgres-databases';
import { selfSignedCertificate } from '../../support/self-signed-certificate';
import type { DatabaseSettings } from '../../support/services';
import { until } from './batch-sessions';
import { CatalogueWorld, failureOf } from './catalogue-world';
import { sync } from './sync-files';

/** A server without the batch's roles, to which things may be done that would be in the way of other suites. */
let server: Postgres;
let superuser: DatabaseSettings;
let world: CatalogueWorld;

beforeAll(async () => {
  server = await startPostgres();
  superuser = {
    DB_HOST: server.host,
    DB_PORT: String(server.port),
    DB_NAME: server.database,
    DB_USERNAME: server.user,
    DB_PASSWORD: server.password,
  };
});

afterAll(() => server?.stop());

beforeEach(() => {
  world = new CatalogueWorld();
});

afterEach(() => world.end());

function as(user: string, database = superuser.DB_NAME): DatabaseSettings {
  return { ...superuser, DB_USERNAME: user, DB_PASSWORD: `password of ${user}`, DB_NAME: database };
}

test('the administrator of a managed server, who is no superuser, makes the tables, the roles and the logins', async () => {
  await query(superuser, `CREATE ROLE administrator LOGIN CREATEROLE CREATEDB PASSWORD 'password of administrator'`);
  await query(as('administrator'), 'CREATE DATABASE managed TEMPLATE template0');
  const administrator = as('administrator', 'managed');
  const database = world.open(administrator);

  await database.prepare();
  await database.prepare();
  const figures = await world.load(database, sync());
  await query(administrator, `CREATE ROLE ordinary LOGIN PASSWORD 'password of ordinary'`);
  await query(administrator, 'GRANT makoto_batch TO ordinary');
  const ordinary = world.open(as('ordinary', 'managed'));
  await ordinary.prepare();

  expect(figures.rowsWritten).toBe(11);
  expect(await world.load(ordinary, sync())).toEqual({ rowsWritten: 0, removed: 0 });
});

test('a site reads its tenant by a login that is a reader', async () => {
  const database = world.open(superuser);
  await database.prepare();
  await world.load(database, sync());
  await world.load(database, sync({ tenant: 'another' }));
  await query(superuser, `CREATE ROLE site LOGIN PASSWORD 'password of site'`);

  await query(superuser, 'GRANT makoto_reader TO site');
  const withoutTenant = await query(as('site'), 'SELECT * FROM videos');
  await query(superuser, `ALTER ROLE site SET app.tenant_id = 'acme'`);
  const withTenant = await query(as('site'), 'SELECT tenant_id, id FROM videos ORDER BY id');
  const writing = await failureOf(query(as('site'), `UPDATE videos SET title = ''`));

  expect(withoutTenant).toEqual([]);
  expect(withTenant).toEqual([
    { tenant_id: 'acme', id: 'v1' },
    { tenant_id: 'acme', id: 'v2' },
  ]);
  expect(writing).toMatchObject({ code: '42501' });
});

test('a server where everybody has lost the usual rights is made to work by its owner', async () => {
  await query(superuser, 'CREATE DATABASE hardened TEMPLATE template0');
  const hardened = { ...superuser, DB_NAME: 'hardened' };
  await query(hardened, 'REVOKE ALL ON DATABASE hardened FROM PUBLIC');
  await query(hardened, 'REVOKE ALL ON SCHEMA public FROM PUBLIC');
  const database = world.open(hardened);

  await database.prepare();

  expect((await world.load(database, sync())).rowsWritten).toBe(11);
});

test("what a server's, database's or login's own settings are does not matter", async () => {
  await query(superuser, `CREATE ROLE odd LOGIN SUPERUSER PASSWORD 'password of odd'`);
  await query(superuser, 'CREATE DATABASE odd TEMPLATE template0 OWNER odd');
  const settings = [
    `search_path = 'nowhere'`,
    `default_transaction_isolation = 'serializable'`,
    'default_transaction_read_only = on',
    `datestyle = 'SQL, DMY'`,
    `timezone = 'America/St_Johns'`,
    `client_encoding = 'LATIN1'`,
    `app.tenant_id = 'another'`,
    'statement_timeout = 60000',
  ];
  for (const setting of settings) await query(superuser, `ALTER ROLE odd SET ${setting}`);
  const database = world.open(as('odd', 'odd'));

  await database.prepare();
  await world.load(database, sync());
  await query(superuser, 'ALTER ROLE odd RESET ALL');

  const rows = await query(as('odd', 'odd'), `SELECT published_at = '2025-08-08T12:00:17Z' AS same FROM videos`);
  expect(rows).toEqual([{ same: true }, { same: true }]);
});

test('a role for the batch that row-level security would not bind is refused', async () => {
  const database = world.open(superuser);
  await database.prepare();
  await query(superuser, 'ALTER ROLE makoto_batch BYPASSRLS');

  const failure = await failureOf(database.prepare());
  await query(superuser, String(failure).replace(/^.*(ALTER ROLE)/, '$1'));
  await database.prepare();

  expect(failure).toMatchObject({ code: 'database_access_denied', kind: 'configuration' });
});

test('TLS is verified where it is required', async () => {
  const { cert, key } = selfSignedCertificate();
  // The server itself writes them, as files of the account that it runs as.
  for (const [name, text] of Object.entries({ 'server.crt': cert, 'server.key': key })) {
    const lines = text
      .trim()
      .split('\n')
      .map((line) => `'${line}'`);
    await query(superuser, `COPY (SELECT unnest(ARRAY[${lines}])) TO PROGRAM 'umask 077; cat > ${name}'`);
  }
  await query(superuser, 'ALTER SYSTEM SET ssl = on');
  await query(superuser, 'SELECT pg_reload_conf()');
  await until(async () => ((await query(superuser, 'SHOW ssl'))[0]?.ssl === 'on' ? true : undefined));
  const authority = await world.folder.file('authority', cert);
  const usesTls = `SELECT count(*)::INTEGER FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE ssl AND application_name = 'makoto-daily-batch'`;

  const unknown = await failureOf(world.open(superuser, { ssl: 'require' }).channels('acme'));
  const unverified = await world.open(superuser, { ssl: 'no-verify' }).channels('acme');
  const encrypted = await query(superuser, usesTls);
  const trusted = await requireTls(authority);

  expect(unknown).toMatchObject({
    code: 'database_tls_failed',
    kind: 'configuration',
    message: expect.stringMatching(/self-signed certificate.*NODE_EXTRA_CA_CERTS/),
  });
  expect(unverified).toEqual(expect.any(Array));
  expect(encrypted).toEqual([{ count: 1 }]);
  expect(JSON.parse(trusted)).toEqual(expect.any(Array));
});

/** Asks for channels in a process that trusts the authority: Node reads NODE_EXTRA_CA_CERTS when it starts. */
async function requireTls(authority: string): Promise<string> {
  const root = join(__dirname, '../../..');
  const script = `
    const { createCatalogueDatabase } = require('${root}/shared/postgres/catalogue-database.ts');
    const { DB_HOST: host, DB_PORT, DB_NAME: database, DB_USERNAME: user, DB_PASSWORD } = process.env;
    const options = { host, port: Number(DB_PORT), database, user, password: async () => DB_PASSWORD, ssl: 'require', poolMax: 1 };
    const catalogue = createCatalogueDatabase(options);
    catalogue.channels('acme').then((channels) => console.log(JSON.stringify(channels))).finally(() => catalogue.close());
  `;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--require', join(root, 'test/support/typescript-require.js'), '--eval', script],
    { env: { ...process.env, ...superuser, NODE_EXTRA_CA_CERTS: authority } },
  );
  return stdout;
}
