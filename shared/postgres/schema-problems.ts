import { DatabaseError } from '../errors';
import type { SchemaState } from './schema-state';

/** `COPY … (HEADER match)` came with PostgreSQL 15. */
const OLDEST_SERVER = 150_000;

/** The error of a database that this program can neither use nor bring to its version; undefined where it can. */
export function unusable(state: SchemaState, database: string): DatabaseError | undefined {
  const { serverVersion, encoding, unknown, applied, namesTaken, batchUnbound } = state;
  if (serverVersion < OLDEST_SERVER || encoding !== 'UTF8') {
    const found = `version ${Math.floor(serverVersion / 10_000)} with the encoding ${encoding}`;
    return new DatabaseError(`The database ${database} is of ${found}: PostgreSQL 15 or later with UTF8 is needed.`, {
      code: 'database_request_invalid',
      kind: 'configuration',
    });
  }
  if (unknown.length > 0) {
    return new DatabaseError(
      `The tables of ${database} were made by a newer program: this one does not know ${unknown.join(', ')}. Update the batch.`,
      { code: 'database_schema_newer', kind: 'configuration' },
    );
  }
  if (applied.length === 0 && namesTaken.length > 0) return foreign(namesTaken, database);
  if (batchUnbound) {
    return new DatabaseError(
      `Row-level security would not bind the role makoto_batch of ${database}, so that a tenant could touch another's rows. ` +
        'Run as a superuser: ALTER ROLE makoto_batch NOSUPERUSER NOBYPASSRLS;',
      { code: 'database_access_denied', kind: 'configuration' },
    );
  }
  return undefined;
}

/** Why {@link unusable} or the login's rights keep this program from working with a database; undefined where nothing does. */
export function schemaProblem(state: SchemaState, database: string): DatabaseError | undefined {
  const { missing, mayMigrate, mayWorkAsBatch } = state;
  const problem = unusable(state, database);
  if (problem !== undefined) return problem;
  if (missing.length > 0) return mayMigrate ? undefined : mayNotMigrate(state, database);
  return mayWorkAsBatch ? undefined : mayNotWork(state, database);
}

function foreign(names: readonly string[], database: string): DatabaseError {
  const moves = names.map((name) => `ALTER TABLE public.${name} SET SCHEMA before_makoto_batch;`);
  return new DatabaseError(
    `The schema public of ${database} has ${names.join(', ')}, which this program has not made. Nothing was changed. ` +
      `Use another database, or move them away as their owner: CREATE SCHEMA before_makoto_batch; ${moves.join(' ')}`,
    { code: 'database_schema_foreign', kind: 'configuration' },
  );
}

/** The login may not run the migrations that are missing. */
export function mayNotMigrate({ login, missing }: SchemaState, database: string, cause?: unknown): DatabaseError {
  const quoted = identifier(login);
  return new DatabaseError(
    `The tables of ${database} lack ${missing.join(', ')}, and the login ${login} may not make them. Run the batch once with the login ` +
      `of the database's owner, and then GRANT makoto_batch TO ${quoted}; where the owner may make no roles, an administrator of the ` +
      'server first runs: CREATE ROLE makoto_batch NOLOGIN; CREATE ROLE makoto_reader NOLOGIN; GRANT makoto_batch TO the owner;',
    { code: 'database_schema_outdated', kind: 'configuration', cause },
  );
}

/** The tables are there, and the login may not use them. */
export function mayNotWork({ login }: SchemaState, database: string): DatabaseError {
  return new DatabaseError(
    `The login ${login} may not work as the role makoto_batch of ${database}. Run as the database's owner: ` +
      `GRANT makoto_batch TO ${identifier(login)};`,
    { code: 'database_access_denied', kind: 'configuration' },
  );
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
