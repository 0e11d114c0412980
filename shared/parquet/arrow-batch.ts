import {
  Bool,
  type Data,
  DateDay,
  Field,
  Float64,
  Int32,
  Int64,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  TimestampMillisecond,
  Utf8,
} from 'apache-arrow';
import type { ColumnBatch } from './column-batch';
import type { ColumnData } from './column-data';

/** The column as Arrow data over the very same buffers, with the type that {@link ColumnType} stands for. */
function arrowData(column: ColumnData, length: number): Data {
  const base = { length, nullCount: column.nullCount, nullBitmap: column.validity };
  switch (column.kind) {
    case 'text':
      return makeData({ ...base, type: new Utf8(), valueOffsets: column.offsets, data: column.values });
    case 'boolean':
      return makeData({ ...base, type: new Bool(), data: column.values });
    case 'double':
      return makeData({ ...base, type: new Float64(), data: column.values });
    case 'int32':
      return column.column.type === 'date'
        ? makeData({ ...base, type: new DateDay(), data: column.values })
        : makeData({ ...base, type: new Int32(), data: column.values });
    case 'int64':
      return column.column.type === 'timestamp'
        ? makeData({ ...base, type: new TimestampMillisecond('UTC'), data: column.values })
        : makeData({ ...base, type: new Int64(), data: column.values });
  }
}

export function toRecordBatch({ columns, rows }: ColumnBatch): RecordBatch {
  const children = columns.map((column) => arrowData(column, rows));
  const fields = children.map(({ type }, index) => {
    const { name = '', nullable = true } = columns[index]?.column ?? {};
    return new Field(name, type, nullable);
  });
  const struct = makeData({ type: new Struct(fields), length: rows, nullCount: 0, children });
  return new RecordBatch(new Schema(fields), struct);
}

/** The batch in Arrow's IPC stream format: its schema, then its one record batch. */
export function toIpcStream(batch: ColumnBatch): Uint8Array {
  return RecordBatchStreamWriter.writeAll([toRecordBatch(batch)]).toUint8Array(true);
}
