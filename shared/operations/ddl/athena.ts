import { columnList } from './column-types';
import type { DatasetTable, Partition, TenantTables } from './engines';
import { backticked, literal } from './quoting';
import { partitionPattern } from './tenant-tables';

/**
 * Athena's statements. Partitions are projected, so none has to be added when a day is published (AWS, "Partition projection with Amazon
 * Athena": integers with `digits`, and a template of the folders).
 */
export function athenaStatements({ database, tables }: TenantTables): string {
  const [first] = tables;
  const years = first?.partitions[0];
  return [
    '-- Athena runs one statement at a time. Partitions are projected: no crawler, and nothing to repair after a new day.',
    `-- Name the year in a query: one that does not asks S3 for every folder from ${years?.from} to ${years?.to} ('projection.year.range').`,
    `CREATE DATABASE IF NOT EXISTS ${backticked(database)};`,
    ...tables.map((table) => externalTable(database, table)),
  ].join('\n');
}

function externalTable(database: string, { table, schema, folder, partitions }: DatasetTable): string {
  const template = partitionPattern(partitions, ({ name }) => `\${${name}}`);
  const properties = [
    ['projection.enabled', 'true'],
    ...partitions.flatMap(projection),
    ['storage.location.template', `${folder}/${template}/`],
  ].map(([name = '', value = '']) => `  ${literal(name)} = ${literal(value)}`);
  return [
    `CREATE EXTERNAL TABLE IF NOT EXISTS ${backticked(database)}.${backticked(table)} (`,
    columnList('athena', schema.columns, backticked)
      .map((column) => `  ${column}`)
      .join(',\n'),
    ')',
    `PARTITIONED BY (${partitions.map(({ name }) => `${backticked(name)} int`).join(', ')})`,
    'STORED AS PARQUET',
    `LOCATION ${literal(`${folder}/`)}`,
    'TBLPROPERTIES (',
    properties.join(',\n'),
    ');',
  ].join('\n');
}

function projection({ name, digits, from, to }: Partition): (readonly [string, string])[] {
  return [
    [`projection.${name}.type`, 'integer'],
    [`projection.${name}.range`, `${from},${to}`],
    [`projection.${name}.digits`, String(digits)],
  ];
}
