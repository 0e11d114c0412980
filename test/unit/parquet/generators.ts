import fc from 'fast-check';
import type { Column, ColumnType, ColumnValue, DatasetSchema } from '../../../shared/parquet/schema';

/** A dataset's columns with rows that fit them. */
export interface Dataset {
  readonly schema: DatasetSchema;
  readonly rows: readonly (readonly ColumnValue[])[];
}

/** The largest message body there is. */
export const LARGE_TEXT_BYTES = 128 * 1024;

const text = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '',
      '\0',
      'a\0b\0',
      '日本語',
      '👩‍👩‍👧‍👦🇯🇵',
      '\uFEFFbom',
      '\r\n',
      '\uFFFD',
      '\uFFFF\u{10FFFF}',
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom('x'.repeat(LARGE_TEXT_BYTES), '\u{1F600}'.repeat(LARGE_TEXT_BYTES / 4)) },
);

const int64 = fc.oneof(
  fc.maxSafeInteger(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.constantFrom<number | bigint>(
    0,
    -1,
    Number.MAX_SAFE_INTEGER,
    Number.MIN_SAFE_INTEGER,
    2n ** 63n - 1n,
    -(2n ** 63n),
    2n ** 53n + 1n,
  ),
);

/** Milliseconds and days that every reader can hold; DuckDB keeps timestamps as 64-bit microseconds. */
const MAX_TIMESTAMP = 8.64e15;
const MAX_DATE = 2_000_000_000;

const VALUES: Readonly<Record<ColumnType, fc.Arbitrary<ColumnValue>>> = {
  string: text,
  json: fc.json({ maxDepth: 2 }),
  int32: fc.oneof(fc.integer(), fc.constantFrom(0, 2 ** 31 - 1, -(2 ** 31))),
  int64,
  double: fc.oneof(
    fc.double({ noNaN: true }),
    fc.constantFrom(0, -0, 0.1, Number.MAX_VALUE, Number.MIN_VALUE, Infinity, -Infinity),
  ),
  boolean: fc.boolean(),
  timestamp: fc.oneof(
    fc.integer({ min: -MAX_TIMESTAMP, max: MAX_TIMESTAMP }),
    fc.constantFrom<number | bigint>(-1, 0, 1n, 1_754_870_399_999),
  ),
  date: fc.oneof(fc.integer({ min: -MAX_DATE, max: MAX_DATE }), fc.constantFrom(-1, 0, 20_311)),
};

function column(name: string): fc.Arbitrary<Column> {
  return fc.record({
    name: fc.constant(name),
    type: fc.constantFrom(...(Object.keys(VALUES) as ColumnType[])),
    nullable: fc.boolean(),
    unique: fc.boolean(),
  });
}

const names = fc.uniqueArray(
  fc.oneof(fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/), fc.constantFrom('select', 'order', 'constructor')),
  {
    minLength: 1,
    maxLength: 9,
  },
);

export const schemas: fc.Arbitrary<DatasetSchema> = names
  .chain((chosen) => fc.tuple(...chosen.map(column)))
  .map((columns) => ({ name: 'generated', columns }));

/** A nullable column has nulls now and then, in every row, or in none. */
function cell({ type, nullable }: Column, nullShare: number): fc.Arbitrary<ColumnValue> {
  if (!nullable || nullShare === 0) return VALUES[type];
  return nullShare === 1 ? fc.constant(null) : fc.option(VALUES[type], { nil: null, freq: 2 });
}

export function rowsOf(schema: DatasetSchema, maxRows = 40): fc.Arbitrary<ColumnValue[][]> {
  return fc
    .array(fc.constantFrom(0, 0.5, 1), { minLength: schema.columns.length, maxLength: schema.columns.length })
    .chain((shares) =>
      fc.array(fc.tuple(...schema.columns.map((each, index) => cell(each, shares[index] ?? 0))), {
        maxLength: maxRows,
      }),
    );
}

export const datasets: fc.Arbitrary<Dataset> = schemas.chain((schema) =>
  rowsOf(schema).map((rows) => ({ schema, rows })),
);

/** The row as every reader must give it back: see ReadResult. */
export function asRead(schema: DatasetSchema, row: readonly ColumnValue[]): unknown[] {
  return schema.columns.map(({ type }, index) => {
    const value = row[index] ?? null;
    if (value === null) return null;
    switch (type) {
      case 'int64':
        return BigInt(value);
      case 'timestamp':
        return Number(value);
      default:
        return typeof value === 'string' ? value.toWellFormed() : value;
    }
  });
}

/** The columns as every reader must name them: JSON reads as text. */
export function columnsAsRead(schema: DatasetSchema): { name: string; type: string }[] {
  return schema.columns.map(({ name, type }) => ({ name, type: type === 'json' ? 'string' : type }));
}
