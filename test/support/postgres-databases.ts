import { randomBytes } from 'node:crypto';
import { Client, type QueryResultRow } from 'pg';
import type { Postgres } from '../../local/services/postgres';
import { type DatabaseSettings, sharedDatabase } from './services';

/**
 * Makes an empty database in the shared server, with a name that no other suite has; its settings are the superuser's.
 */
export async function newDatabase(label = 'test'): Promise<DatabaseSettings> {
  const settings = sharedDatabase();
  const name = uniqueName(label);
  // Unlike template1, template0 takes no connections, which would be in the way of a copy.
  await query(settings, `CREATE DATABASE ${name} TEMPLATE template0`);
  return { ...settings, DB_NAME: name };
}

/**
 * Makes a login role that is bound by row-level security. It may connect to the database, and nothing else but what
 * everybody may.
 *
 * @param grants statements that give it rights; `{role}` in them stands for its name
 * @returns the settings of the database with this login
 */
export async function newLogin(
  database: DatabaseSettings,
  grants: readonly string[] = [],
  label = 'login',
): Promise<DatabaseSettings> {
  const role = uniqueName(label);
  const password = randomBytes(16).toString('hex');
  const statements = [
    `CREATE ROLE ${role} LOGIN PASSWORD '${password}' NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS`,
    ...grants.map((grant) => grant.replaceAll('{role}', role)),
  ];
  for (const statement of statements) await query(database, statement);
  return { ...database, DB_USERNAME: role, DB_PASSWORD: password };
}

/** The settings that lead to a server of a suite's own. */
export function settingsOf(
  server: Pick<Postgres, 'host' | 'port' | 'database' | 'user' | 'password'>,
): DatabaseSettings {
  return {
    DB_HOST: server.host,
    DB_PORT: String(server.port),
    DB_NAME: server.database,
    DB_USERNAME: server.user,
    DB_PASSWORD: server.password,
  };
}

/** Makes one query in a connection of its own. @returns its rows */
export async function query<Row extends QueryResultRow>(
  settings: DatabaseSettings,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  return await withClient(settings, async (client) => (await client.query<Row>(text, [...values])).rows);
}

/** Does something in a connection of its own, for what needs one session: transactions, locks, settings. */
export async function withClient<Result>(
  settings: DatabaseSettings,
  use: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = new Client({
    host: settings.DB_HOST,
    port: Number(settings.DB_PORT),
    database: settings.DB_NAME,
    user: settings.DB_USERNAME,
    password: settings.DB_PASSWORD,
    ssl: false,
  });
  // A connection that breaks fails its query; without a listener it would end the process too.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

/** A name that needs no quotes: lower case, no sign but the underscore, at most 63 characters. */
function uniqueName(label: string): string {
  const readable = label
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .slice(0, 40);
  return `t_${readable}_${randomBytes(8).toString('hex')}`;
}
