import { columnList } from './column-types';
import type { DatasetTable, TenantTables } from './engines';
import { bracketed, literal } from './quoting';
import { partitionPattern } from './tenant-tables';

/** How the two engines that read files with OPENROWSET differ. */
export interface RowsetEngine {
  readonly engine: 'synapse' | 'fabric';
  /** What to know before the statements are run, as comment lines. */
  readonly notes: readonly string[];
}

/**
 * Views over OPENROWSET with every column's type written out: a column that a file does not have is null, and no type is guessed from a file.
 * Columns are bound by name. The folders' parts are text, as `filepath` gives them: compared so, only the folders in question are read
 * (Microsoft, "Query files using a serverless SQL pool", and "Query parquet files" of Fabric Data Warehouse).
 */
export function rowsetViews({ engine, notes }: RowsetEngine, { database, tables }: TenantTables): string {
  const schema = `CREATE SCHEMA ${bracketed(database)}`;
  const batches = [
    `IF SCHEMA_ID(${literal(database)}) IS NULL EXEC(${literal(schema)});`,
    ...tables.map((table) => view(engine, database, table)),
  ];
  return [...notes.map((note) => `-- ${note}`), ...batches.flatMap((batch) => [batch, 'GO'])].join('\n');
}

function view(engine: RowsetEngine['engine'], database: string, table: DatasetTable): string {
  const { partitions, schema, folder } = table;
  const folders = partitions.map(({ name }, index) => `[files].filepath(${index + 1}) AS ${bracketed(name)}`);
  const pattern = `${folder}/${partitionPattern(partitions, () => '*')}/*.parquet`;
  return [
    `CREATE OR ALTER VIEW ${bracketed(database)}.${bracketed(table.table)} AS`,
    `SELECT [files].*, ${folders.join(', ')}`,
    'FROM OPENROWSET(',
    `  BULK ${literal(pattern)},`,
    "  FORMAT = 'PARQUET'",
    ') WITH (',
    columnList(engine, schema.columns, bracketed)
      .map((column) => `  ${column}`)
      .join(',\n'),
    ') AS [files];',
  ].join('\n');
}
