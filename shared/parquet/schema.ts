/** What the values of a column are; {@link PARQUET_TYPES} says what each becomes in a file. */
export type ColumnType = 'string' | 'json' | 'int32' | 'int64' | 'double' | 'boolean' | 'timestamp' | 'date';

/**
 * One value of a row: `string` and `json` (its text) are strings, `boolean` is a boolean, `int32`, `double` and `date`
 * (days since 1970-01-01) are numbers, `int64` and `timestamp` (milliseconds since 1970-01-01T00:00:00Z) are safe
 * integers or bigints, and null stands where the column is nullable.
 */
export type ColumnValue = string | number | bigint | boolean | null;

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  /** The values hardly repeat (ids, free text), so that a dictionary of them would only cost space. */
  readonly unique?: boolean;
}

/** A dataset's columns in the order of its files. Always written out, never inferred from values. */
export interface DatasetSchema {
  readonly name: string;
  readonly columns: readonly Column[];
}

export type PhysicalType = 'BOOLEAN' | 'INT32' | 'INT64' | 'DOUBLE' | 'BYTE_ARRAY';

export type LogicalType =
  | { readonly type: 'STRING' }
  | { readonly type: 'DATE' }
  | { readonly type: 'TIMESTAMP'; readonly isAdjustedToUTC: true; readonly unit: 'MILLIS' };

/** How a column stands in a file's footer. */
export interface ParquetType {
  readonly physical: PhysicalType;
  readonly logical?: LogicalType;
  /** The older annotation of the same meaning, for readers from before logical types. */
  readonly converted?: 'UTF8' | 'DATE' | 'TIMESTAMP_MILLIS';
}

const text: ParquetType = { physical: 'BYTE_ARRAY', logical: { type: 'STRING' }, converted: 'UTF8' };

/**
 * Names as in the format's own definition (parquet.thrift). JSON is written as a plain string: with the JSON logical type
 * DuckDB makes a column of type JSON, hyparquet parses it to objects and Athena knows no such type.
 */
export const PARQUET_TYPES: Readonly<Record<ColumnType, ParquetType>> = {
  string: text,
  json: text,
  int32: { physical: 'INT32' },
  int64: { physical: 'INT64' },
  double: { physical: 'DOUBLE' },
  boolean: { physical: 'BOOLEAN' },
  timestamp: {
    physical: 'INT64',
    logical: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
    converted: 'TIMESTAMP_MILLIS',
  },
  date: { physical: 'INT32', logical: { type: 'DATE' }, converted: 'DATE' },
};

const COLUMN_NAME = /^[a-z][a-z0-9_]*$/;

/**
 * Refuses a schema that some engine could not read as it stands: Athena folds names to lower case, and SQL wants them
 * quoted where they hold more than letters, digits and underscores.
 * @throws Error a defect of the program: schemas are constants of it
 */
export function assertSchema(schema: DatasetSchema): void {
  const seen = new Set<string>();
  for (const { name } of schema.columns) {
    if (!COLUMN_NAME.test(name)) {
      throw new Error(
        `Column '${name}' of '${schema.name}' must be named in lower-case letters, digits and underscores.`,
      );
    }
    if (seen.has(name)) {
      throw new Error(`Column '${name}' stands twice in '${schema.name}'.`);
    }
    seen.add(name);
  }
  if (seen.size === 0) {
    throw new Error(`Dataset '${schema.name}' has no columns.`);
  }
}
