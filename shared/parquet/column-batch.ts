import type { ColumnData } from './column-data';
import { GrowingBitmap } from './growing-buffers';
import { ParquetError } from './parquet-error';
import type { Column, ColumnType, ColumnValue, DatasetSchema } from './schema';
import { createValueStore, type ValueStore } from './value-stores';

/** Rows as columns, ready to encode. */
export interface ColumnBatch {
  readonly schema: DatasetSchema;
  readonly rows: number;
  /** One for each column of the schema, in its order. */
  readonly columns: readonly ColumnData[];
}

/** What a value of each type is expected to be, for the error that says it was not. */
const EXPECTED: Readonly<Record<ColumnType, string>> = {
  string: 'a string',
  json: 'JSON text as a string',
  int32: 'a 32-bit integer',
  int64: 'a safe integer or a 64-bit bigint',
  double: 'a number other than NaN',
  boolean: 'a boolean',
  timestamp: 'milliseconds since 1970 as a safe integer or a 64-bit bigint',
  date: 'days since 1970 as a 32-bit integer',
};

class ColumnBuilder {
  readonly bitsPerRow: number;
  private readonly values: ValueStore;
  private readonly validity = new GrowingBitmap();
  private nullCount = 0;

  constructor(readonly column: Column) {
    this.values = createValueStore(column.type);
    this.bitsPerRow = this.values.bitsPerRow + (column.nullable ? 1 : 0);
  }

  problem(value: ColumnValue | undefined): string | undefined {
    if (value === null || value === undefined) {
      return value === null && this.column.nullable ? undefined : `${value}`;
    }
    return this.values.problem(value);
  }

  append(row: number, value: ColumnValue): number {
    if (value === null) {
      this.nullCount += 1;
      return 0;
    }
    if (this.column.nullable) {
      this.validity.set(row);
    }
    return this.values.put(row, value);
  }

  take(rows: number): ColumnData {
    const { column, nullCount } = this;
    const validity = this.validity.take(rows);
    this.nullCount = 0;
    return { ...this.values.take(rows), column, nullCount, validity: nullCount === 0 ? null : validity };
  }
}

/**
 * Gathers rows into columns without keeping a row as an object: a number costs its width, a text its UTF-8 bytes and four
 * more. Buffers grow by doubling, so the builder holds up to twice the bytes of its largest batch.
 */
export class ColumnBatchBuilder {
  private readonly columns: readonly ColumnBuilder[];
  private readonly bitsPerRow: number;
  private textBytes = 0;
  private rowCount = 0;

  constructor(readonly schema: DatasetSchema) {
    this.columns = schema.columns.map((column) => new ColumnBuilder(column));
    this.bitsPerRow = this.columns.reduce((sum, column) => sum + column.bitsPerRow, 0);
  }

  get rows(): number {
    return this.rowCount;
  }

  /** The bytes that the rows take in memory; depends on nothing but the rows. */
  get bytes(): number {
    return Math.ceil((this.rowCount * this.bitsPerRow) / 8) + this.textBytes;
  }

  /**
   * Adds one row, its values in the order of the columns.
   * @throws ParquetError `column_value_invalid` (permanent), naming the column; the builder is then as it was before
   */
  append(values: readonly ColumnValue[]): void {
    const { columns, rowCount } = this;
    this.assertRow(values);
    for (let i = 0; i < columns.length; i++) {
      this.textBytes += columns[i]?.append(rowCount, values[i] ?? null) ?? 0;
    }
    this.rowCount += 1;
  }

  /** Hands out the rows so far, and starts anew with buffers of its own. */
  take(): ColumnBatch {
    const rows = this.rowCount;
    const columns = this.columns.map((column) => column.take(rows));
    this.rowCount = 0;
    this.textBytes = 0;
    return { schema: this.schema, rows, columns };
  }

  private assertRow(values: readonly ColumnValue[]): void {
    const { name, columns } = this.schema;
    if (values.length !== columns.length) {
      throw invalid(`A row of '${name}' must have ${columns.length} values, and has ${values.length}.`);
    }
    for (let i = 0; i < columns.length; i++) {
      const problem = this.columns[i]?.problem(values[i]);
      if (problem !== undefined) throw this.wrongValue(columns[i] as Column, problem);
    }
  }

  private wrongValue({ name, type, nullable }: Column, problem: string): ParquetError {
    const orNull = nullable ? ' or null' : '';
    return invalid(`Column '${name}' of '${this.schema.name}' takes ${EXPECTED[type]}${orNull}, not ${problem}.`);
  }
}

function invalid(message: string): ParquetError {
  return new ParquetError(message, { code: 'column_value_invalid', kind: 'permanent' });
}
