import type { PoolClient } from 'pg';
import { DatabaseError } from '../errors';
import type { DatabaseTimeouts } from './connections';
import { serverError } from './server-error';
import { sql } from './sql-files';

/** invalid_parameter_value: what setting a role that is not there is answered with. */
const ROLE_MISSING = '22023';

/**
 * Runs `work` in a transaction of its own, rolled back where it throws. READ COMMITTED, whatever the server's default is: a statement
 * after a lock must see what the lock's last holder wrote.
 */
export async function inTransaction<T>(
  client: PoolClient,
  timeouts: DatabaseTimeouts,
  access: 'READ ONLY' | 'READ WRITE',
  work: () => Promise<T>,
): Promise<T> {
  await client.query(`BEGIN ISOLATION LEVEL READ COMMITTED ${access}`);
  try {
    const { statement, lock, idleInTransaction } = timeouts;
    await client.query(sql('limits'), [statement, lock, idleInTransaction].map(String));
    const result = await work();
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // Any other failure costs the connection, as does a ROLLBACK that fails: see Connections.use.
    if (serverError(error)?.severity === 'ERROR') await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** @throws DatabaseError where the batch's role is not there */
export async function workAsBatch(client: PoolClient, tenant: string, database: string): Promise<void> {
  try {
    await client.query(sql('work-as-batch'), [tenant]);
  } catch (error) {
    if (serverError(error)?.sqlState !== ROLE_MISSING) throw error;
    throw new DatabaseError(
      `The server of ${database} has no role makoto_batch: run the batch once with the login of the database's owner.`,
      { code: 'database_schema_outdated', kind: 'configuration' },
    );
  }
}
