import { columnList } from './column-types';
import type { DatasetTable, TenantTables } from './engines';
import { backticked, literal } from './quoting';

/**
 * Databricks' statements: an external table, whose partitions are found (by Unity Catalog at every query, else by the repair), and a view for
 * who may read the folder but not make an external table (Databricks, "Partition discovery for external tables", "read_files").
 */
export function databricksStatements({ database, tables }: TenantTables): string {
  return [
    '-- The address has to be below an external location that you may read. Unity Catalog finds new days by itself;',
    '-- with the Hive metastore, or with partition metadata logging, run MSCK REPAIR TABLE again after new days.',
    `CREATE SCHEMA IF NOT EXISTS ${backticked(database)};`,
    ...tables.flatMap((table) => [externalTable(database, table), filesView(database, table)]),
  ].join('\n');
}

function externalTable(database: string, { table, schema, folder, partitions }: DatasetTable): string {
  const name = `${backticked(database)}.${backticked(table)}`;
  const folders = partitions.map((partition) => `${backticked(partition.name)} INT`);
  return [
    `CREATE TABLE IF NOT EXISTS ${name} (`,
    [...columnList('databricks', schema.columns, backticked), ...folders].map((column) => `  ${column}`).join(',\n'),
    ')',
    'USING PARQUET',
    `PARTITIONED BY (${partitions.map((partition) => backticked(partition.name)).join(', ')})`,
    `LOCATION ${literal(folder)};`,
    `MSCK REPAIR TABLE ${name};`,
  ].join('\n');
}

function filesView(database: string, { table, schema, folder, partitions }: DatasetTable): string {
  const folders = partitions.map(({ name }) => name);
  const columns = [
    ...columnList('databricks', schema.columns, backticked),
    ...folders.map((name) => `${backticked(name)} INT`),
  ];
  return [
    `CREATE OR REPLACE VIEW ${backticked(database)}.${backticked(`${table}_files`)} AS`,
    'SELECT * FROM read_files(',
    `  ${literal(`${folder}/`)},`,
    "  format => 'parquet',",
    `  schema => ${literal(columns.join(', '))},`,
    `  partitionColumns => ${literal(folders.join(','))}`,
    ');',
  ].join('\n');
}
