import fc from 'fast-check';
import { BatchError } from '../../../shared/errors';
import { type ColumnBatch, ColumnBatchBuilder } from '../../../shared/parquet/column-batch';
import { bitAt, type ColumnData } from '../../../shared/parquet/column-data';
import type { Column, ColumnType, ColumnValue } from '../../../shared/parquet/schema';
import { asRead, datasets } from './generators';

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

function valueAt(data: ColumnData, row: number): unknown {
  if (data.validity !== null && !bitAt(data.validity, row)) return null;
  switch (data.kind) {
    case 'text':
      return utf8.decode(data.values.subarray(data.offsets[row], data.offsets[row + 1]));
    case 'boolean':
      return bitAt(data.values, row);
    default:
      return data.column.type === 'timestamp' ? Number(data.values[row]) : data.values[row];
  }
}

function rowsOf(batch: ColumnBatch): unknown[][] {
  return Array.from({ length: batch.rows }, (_, row) => batch.columns.map((data) => valueAt(data, row)));
}

function builderOf(rows: readonly (readonly ColumnValue[])[], schema: ColumnBatch['schema']): ColumnBatchBuilder {
  const builder = new ColumnBatchBuilder(schema);
  for (const row of rows) builder.append(row);
  return builder;
}

function oneColumn(type: ColumnType, nullable = false): ColumnBatchBuilder {
  return new ColumnBatchBuilder({ name: 'one', columns: [{ name: 'only', type, nullable }] });
}

describe('ColumnBatchBuilder', () => {
  it('holds the rows it was given, batch after batch', () => {
    fc.assert(
      fc.property(datasets, fc.nat({ max: 40 }), ({ schema, rows }, cut) => {
        const builder = builderOf(rows.slice(0, cut), schema);
        const first = builder.take();
        for (const row of rows.slice(cut)) builder.append(row);
        const second = builder.take();

        const held = [...rowsOf(first), ...rowsOf(second)];

        expect(held).toEqual(rows.map((row) => asRead(schema, row)));
        expect(builder.rows).toBe(0);
        expect(builder.bytes).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  it('counts the bytes of the rows, however they came in', () => {
    fc.assert(
      fc.property(datasets, ({ schema, rows }) => {
        const builder = builderOf(rows, schema);
        const again = builderOf([...rows, ...rows], schema);
        again.take();
        for (const row of rows) again.append(row);

        const { bytes } = builder;

        const bits = { string: 32, json: 32, int32: 32, date: 32, int64: 64, timestamp: 64, double: 64, boolean: 1 };
        const perRow = schema.columns.reduce((sum, { type, nullable }) => sum + bits[type] + (nullable ? 1 : 0), 0);
        const texts = rows.flat().filter((value) => typeof value === 'string');
        const textBytes = texts.reduce((sum, value) => sum + Buffer.byteLength(value), 0);
        expect(bytes).toBe(Math.ceil((rows.length * perRow) / 8) + textBytes);
        expect(again.bytes).toBe(bytes);
      }),
      { numRuns: 50 },
    );
  });

  it('writes U+FFFD for a lone surrogate and leaves its neighbours alone', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string({ unit: fc.integer({ min: 0xd7f0, max: 0xe010 }).map((unit) => String.fromCharCode(unit)) }),
        ),
        (texts) => {
          const builder = oneColumn('string');
          for (const text of texts) builder.append([text]);

          const held = rowsOf(builder.take());

          expect(held).toEqual(texts.map((text) => [text.toWellFormed()]));
        },
      ),
    );
  });

  const WRONG: Readonly<Record<ColumnType, readonly unknown[]>> = {
    string: [1, true, 1n, {}, undefined],
    json: [{ a: 1 }, 1, []],
    int32: [2 ** 31, -(2 ** 31) - 1, 0.5, NaN, 1n, '1', true],
    int64: [2 ** 53, -(2 ** 53), 0.5, NaN, Infinity, 2n ** 63n, -(2n ** 63n) - 1n, '1'],
    double: [NaN, 1n, '0.5', false],
    boolean: [0, 1, 'true'],
    timestamp: [0.5, new Date(0), '2025-08-11', 2n ** 63n],
    date: [0.5, 2 ** 31, new Date(0), 1n],
  };

  const wrongValues = Object.entries(WRONG).flatMap(([type, values]) =>
    values.map((value) => ({ type: type as ColumnType, value })),
  );

  it.each([...wrongValues, ...wrongValues.map(({ type }) => ({ type, value: null }))])(
    'refuses $value in a column of type $type',
    ({ type, value }) => {
      const builder = oneColumn(type);

      const append = () => builder.append([value as ColumnValue]);

      expect(append).toThrow(expect.objectContaining({ code: 'column_value_invalid', kind: 'permanent' }));
      expect(append).toThrow(BatchError);
      expect(append).toThrow(/Column 'only' of 'one' takes .*, not /);
    },
  );

  it('is as it was before a row that it refused', () => {
    const bad: Column = { name: 'bad', type: 'int32', nullable: false };
    fc.assert(
      fc.property(datasets, ({ schema, rows }) => {
        const columns = [...schema.columns, bad];
        const builder = new ColumnBatchBuilder({ name: 'generated', columns });
        for (const row of rows) {
          expect(() => builder.append([...row, 'no number'])).toThrow("Column 'bad'");
          expect(() => builder.append(row)).toThrow(`must have ${columns.length} values`);
          builder.append([...row, 7]);
        }

        const { bytes } = builder;
        const batch = builder.take();

        const clean = builderOf(
          rows.map((row) => [...row, 7]),
          { name: 'generated', columns },
        );
        expect(bytes).toBe(clean.bytes);
        expect(batch).toEqual(clean.take());
      }),
      { numRuns: 30 },
    );
  });

  it('never quotes a text it refuses', () => {
    const builder = oneColumn('int32');

    const append = () => builder.append(['what a user wrote']);

    expect(append).toThrow('a string of 17 characters');
    expect(append).not.toThrow('user wrote');
  });
});
