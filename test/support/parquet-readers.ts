import { readFile } from 'node:fs/promises';
import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBInstance,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import { parquetMetadata, parquetReadObjects, type SchemaElement } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';

/**
 * A column as a reader sees it. `timestamp` is one adjusted to UTC; `timestamp without zone` is what a file that says less
 * than it should reads as.
 */
export interface ReadColumn {
  readonly name: string;
  readonly type: string;
}

/**
 * What a reader made of a file, in one form for all readers: int64 values are bigints, timestamps epoch milliseconds and
 * dates days since 1970, both as numbers.
 */
export interface ReadResult {
  readonly columns: readonly ReadColumn[];
  readonly rows: readonly (readonly unknown[])[];
}

const DUCKDB_TYPES: Readonly<Record<string, string>> = {
  VARCHAR: 'string',
  INTEGER: 'int32',
  BIGINT: 'int64',
  DOUBLE: 'double',
  BOOLEAN: 'boolean',
  DATE: 'date',
  'TIMESTAMP WITH TIME ZONE': 'timestamp',
  TIMESTAMP: 'timestamp without zone',
};

/** Both readers' own decoders drop a byte order mark and put U+FFFD for bytes that are no UTF-8; this one does neither. */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

function fromDuckDb(value: DuckDBValue): unknown {
  if (value instanceof DuckDBTimestampTZValue || value instanceof DuckDBTimestampValue) {
    return Number(value.micros / 1000n);
  }
  if (value instanceof DuckDBBlobValue) {
    return utf8.decode(value.bytes);
  }
  return value instanceof DuckDBDateValue ? value.days : value;
}

const OPTIONS = {
  threads: '1',
  autoinstall_known_extensions: 'false',
  // DuckDB keeps blocks of the files it has read, and goes on using them for a path that was written anew a moment later.
  enable_external_file_cache: 'false',
};

let database: Promise<DuckDBInstance> | undefined;

/** Runs a query in a DuckDB in memory; see {@link parquetFiles} for files in it. A BLOB is given as the text it holds. */
export async function queryDuckDb(sql: string): Promise<ReadResult> {
  database ??= DuckDBInstance.create(':memory:', OPTIONS);
  const connection = await (await database).connect();
  try {
    const result = await connection.runAndReadAll(sql);
    const types = result.columnTypes().map(String);
    return {
      columns: result
        .columnNames()
        .map((name, index) => ({ name, type: DUCKDB_TYPES[types[index] ?? ''] ?? String(types[index]) })),
      rows: result.getRows().map((row) => row.map(fromDuckDb)),
    };
  } finally {
    connection.closeSync();
  }
}

/** `read_parquet(…)` over these files, for the FROM of a query. */
export function parquetFiles(paths: readonly string[]): string {
  return `read_parquet([${paths.map((path) => `'${path.replaceAll("'", "''")}'`).join(', ')}])`;
}

/** All rows of the files, in the order of files and rows. All files must have one schema. */
export async function readWithDuckDb(paths: readonly string[]): Promise<ReadResult> {
  const files = parquetFiles(paths);
  const { columns } = await queryDuckDb(`SELECT * FROM ${files} LIMIT 0`);
  const exact = columns.map(({ name, type }) => (type === 'string' ? `encode("${name}")` : `"${name}"`));
  const { rows } = await queryDuckDb(`SELECT ${exact.join(', ')} FROM ${files}`);
  return { columns, rows };
}

function hyparquetType({ type, logical_type, converted_type }: SchemaElement): string {
  if (logical_type?.type === 'TIMESTAMP') {
    return logical_type.isAdjustedToUTC ? 'timestamp' : 'timestamp without zone';
  }
  const physical = type === 'BYTE_ARRAY' ? 'bytes' : (type ?? 'group').toLowerCase();
  return (logical_type?.type ?? converted_type?.toLowerCase() ?? physical).toLowerCase();
}

export async function readWithHyparquet(path: string): Promise<ReadResult> {
  const bytes = new Uint8Array(await readFile(path)).buffer;
  const metadata = parquetMetadata(bytes);
  const columns = metadata.schema.slice(1).map((element) => ({ name: element.name, type: hyparquetType(element) }));
  const objects = await parquetReadObjects({
    file: bytes,
    metadata,
    compressors,
    parsers: {
      stringFromBytes: (bytes) => bytes && utf8.decode(bytes),
      timestampFromMilliseconds: (millis) => Number(millis),
      dateFromDays: (days) => days,
    },
  });
  return { columns, rows: objects.map((row) => columns.map(({ name }) => row[name])) };
}
