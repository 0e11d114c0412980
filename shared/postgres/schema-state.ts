import { readdir } from 'node:fs/promises';
import { extname, parse } from 'node:path';
import type { ClientBase } from 'pg';
import { MIGRATIONS_FOLDER, sql } from './sql-files';

/** Where node-pg-migrate keeps which migrations have run. Whether it is there tells our tables from others of the same names. */
export const MIGRATIONS_TABLE = 'makoto_batch_migrations';

/** What the first migration makes, and would find taken by the tables of an older system. */
const TABLES = [
  'channels',
  'channel_details',
  'videos',
  'video_types',
  'video_video_types',
  'stream_details',
  'premiere_videos',
  'video_statistics',
] as const;

/** What a database is to this program, and what the login may do there. */
export interface SchemaState {
  readonly login: string;
  /** 180004 for 18.4 */
  readonly serverVersion: number;
  /** What PostgreSQL calls it: UTF8 */
  readonly encoding: string;
  /** Migrations that have run, in order. */
  readonly applied: readonly string[];
  /** Migrations that this program has and the database has not. */
  readonly missing: readonly string[];
  /** Migrations that the database has and this program has not. */
  readonly unknown: readonly string[];
  /** Names of the catalogue's tables that are taken. */
  readonly namesTaken: readonly string[];
  readonly mayMigrate: boolean;
  readonly mayWorkAsBatch: boolean;
  /** Whether row-level security would not bind the batch's role. */
  readonly batchUnbound: boolean;
}

interface StateRow {
  readonly login: string;
  readonly server_version: number;
  readonly encoding: string;
  readonly has_migrations: boolean;
  readonly names_taken: string[];
  readonly may_migrate: boolean;
  readonly may_work_as_batch: boolean;
  readonly batch_unbound: boolean;
}

/** Any login may ask this, in any database. */
export async function readSchemaState(client: ClientBase): Promise<SchemaState> {
  const known = await knownMigrations();
  const { rows } = await client.query<StateRow>(sql('schema-state'), [TABLES]);
  const [row] = rows;
  if (row === undefined) throw new Error('The question for the state of the tables had no answer.');
  const applied = row.has_migrations ? await appliedMigrations(client) : [];
  return {
    login: row.login,
    serverVersion: row.server_version,
    encoding: row.encoding,
    applied,
    missing: known.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !known.includes(name)),
    namesTaken: row.names_taken,
    mayMigrate: row.may_migrate,
    mayWorkAsBatch: row.may_work_as_batch,
    batchUnbound: row.batch_unbound,
  };
}

/** Names of the migrations that this program has, in order: their files' without the extension, as node-pg-migrate names them. */
async function knownMigrations(): Promise<string[]> {
  const files = await readdir(MIGRATIONS_FOLDER);
  return files
    .filter((file) => extname(file) === '.sql')
    .map((file) => parse(file).name)
    .sort();
}

async function appliedMigrations(client: ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ readonly name: string }>(sql('migrations-applied'));
  return rows.map(({ name }) => name);
}
