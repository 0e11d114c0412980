import { runner } from 'node-pg-migrate';
import type { PoolClient } from 'pg';
import type { Log } from '../ports/log';
import type { Connections } from './connections';
import { mayNotMigrate, mayNotWork, unusable } from './schema-problems';
import { MIGRATIONS_TABLE, readSchemaState, type SchemaState } from './schema-state';
import { serverError } from './server-error';
import { MIGRATIONS_FOLDER, sql } from './sql-files';
import { inTransaction } from './transactions';

const INSUFFICIENT_PRIVILEGE = '42501';

/**
 * Brings the database to the newest migration, all of them in one transaction, one program at a time.
 *
 * @throws DatabaseError where the database is not for this program, or the login may not do what is missing; and what pg throws
 */
export async function prepareSchema(connections: Connections, database: string, log?: Log): Promise<void> {
  await connections.use(async (client) => {
    const before = await usableState(client, database);
    const state = before.missing.length === 0 ? before : await migrate(client, connections, database, log);
    if (!state.mayWorkAsBatch) throw mayNotWork(state, database);
  });
}

async function usableState(client: PoolClient, database: string): Promise<SchemaState> {
  const state = await readSchemaState(client);
  const problem = unusable(state, database);
  if (problem !== undefined) throw problem;
  return state;
}

async function migrate(
  client: PoolClient,
  connections: Connections,
  database: string,
  log?: Log,
): Promise<SchemaState> {
  return await inTransaction(client, connections.timeouts, 'READ WRITE', async () => {
    await client.query(sql('lock-schema'));
    // Whoever held the lock before may have done it all.
    const state = await usableState(client, database);
    if (state.missing.length === 0) return state;
    if (!state.mayMigrate) throw mayNotMigrate(state, database);
    try {
      await runMigrations(client, log);
    } catch (error) {
      if (serverError(error)?.sqlState === INSUFFICIENT_PRIVILEGE) throw mayNotMigrate(state, database, error);
      throw error;
    }
    return await readSchemaState(client);
  });
}

/**
 * node-pg-migrate begins and commits a transaction of its own. Inside of ours, which has the lock and holds the making of its table too,
 * its BEGIN is a warning of the server and its COMMIT ends ours; ours is then the one that warns.
 */
async function runMigrations(client: PoolClient, log: Log | undefined): Promise<void> {
  const debug = (message: string) => log?.debug(message);
  const done = await runner({
    dbClient: client,
    dir: MIGRATIONS_FOLDER,
    migrationsTable: MIGRATIONS_TABLE,
    schema: 'public',
    direction: 'up',
    singleTransaction: true,
    noLock: true,
    // What it says at a failure holds the whole SQL text; the failure itself is thrown.
    logger: { info: debug, warn: debug, error: () => undefined },
  });
  for (const { name } of done) log?.info('The database was migrated.', { migration: name });
}
