import type { DatasetTable, TenantTables } from './engines';
import { doubleQuoted, literal } from './quoting';
import { partitionPattern } from './tenant-tables';

/**
 * DuckDB's statements: for each dataset a view by its folders, and one of what the manifests name and nothing else. The second holds the
 * parts' addresses in a variable, because a table function takes no subquery: it sees the days as they were when the variable was set,
 * and setting it again brings it up to date.
 */
export function duckDbStatements({ database, location, manifests, tables }: TenantTables): string {
  return [
    '-- DuckDB makes a view only where there is a file for it: export a day first, or compact a month for --monthly.',
    ...access(location),
    '-- Timestamps are instants (TIMESTAMP WITH TIME ZONE), and shown in the zone of the session: SET TimeZone = ...',
    `CREATE SCHEMA IF NOT EXISTS ${doubleQuoted(database)};`,
    ...tables.map((table) => byFolders(database, table)),
    '-- Of what is published alone: to see what was published since, run SET VARIABLE again.',
    ...tables.flatMap((table) => byManifests(database, location, manifests, table)),
  ].join('\n');
}

/** How DuckDB comes to the address, where that is no folder. */
function access(location: string): string[] {
  if (location.startsWith('s3://')) {
    return ['INSTALL httpfs;', 'LOAD httpfs;', 'INSTALL aws;', 'LOAD aws;', secret('s3', '')];
  }
  const [, host] = /^az(?:ure)?:\/\/([^/]+)\//.exec(location) ?? /^abfss:\/\/[^@/]+@([^/]+)\//.exec(location) ?? [];
  if (host === undefined) return [];
  const [account = ''] = host.split('.');
  return ['INSTALL azure;', 'LOAD azure;', secret('azure', `, ACCOUNT_NAME ${literal(account)}`)];
}

function secret(type: 's3' | 'azure', more: string): string {
  return `CREATE SECRET IF NOT EXISTS makoto_batch (TYPE ${type}, PROVIDER credential_chain${more});`;
}

function readParquet({ partitions }: DatasetTable, files: string): string {
  const types = partitions.map(({ name }) => `'${name}': INTEGER`).join(', ');
  return [
    'SELECT * FROM read_parquet(',
    `  ${files},`,
    `  hive_partitioning = true, hive_types = {${types}}, union_by_name = true`,
    ');',
  ].join('\n');
}

function byFolders(database: string, table: DatasetTable): string {
  const pattern = `${table.folder}/${partitionPattern(table.partitions, () => '*')}/*.parquet`;
  return [
    `CREATE OR REPLACE VIEW ${doubleQuoted(database)}.${doubleQuoted(table.table)} AS`,
    readParquet(table, literal(pattern)),
  ].join('\n');
}

function byManifests(database: string, location: string, manifests: string, table: DatasetTable): string[] {
  const variable = `${database}_${table.table}`;
  const dataset = doubleQuoted(table.dataset);
  const shape = `STRUCT(${dataset} STRUCT("key" VARCHAR)[])`;
  return [
    [
      `SET VARIABLE ${doubleQuoted(variable)} = (`,
      `  SELECT list(${literal(location)} || part."key" ORDER BY part."key")`,
      `  FROM (SELECT unnest(datasets.${dataset}) AS part FROM read_json(${literal(manifests)}, columns = {datasets: ${literal(shape)}}))`,
      ');',
    ].join('\n'),
    [
      `CREATE OR REPLACE VIEW ${doubleQuoted(database)}.${doubleQuoted(`published_${table.table}`)} AS`,
      readParquet(table, `getvariable(${literal(variable)})`),
    ].join('\n'),
  ];
}
