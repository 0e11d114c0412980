import { DataPageHeader, Encoding, PageHeader, PageType } from 'parquetjs-lite/gen-nodejs/parquet_types';
import { encodeValues as encodePlain } from 'parquetjs-lite/lib/codec/plain';
import { encodeValues as encodeRle } from 'parquetjs-lite/lib/codec/rle';
import { deflate } from 'parquetjs-lite/lib/compression';
import { serializeThrift } from 'parquetjs-lite/lib/util';
import { bitAt, type ColumnData } from './column-data';
import { PARQUET_TYPES, type PhysicalType } from './schema';

/** A value as parquetjs-lite's plain codec takes it. */
export type PlainValue = boolean | number | bigint | Uint8Array;

export interface DataPage {
  readonly page: Buffer;
  readonly rows: number;
  readonly uncompressedSize: number;
  /** The values of the page that are not null, in order. */
  readonly values: readonly PlainValue[];
}

/** A reader decompresses a page as a whole: this bounds what that takes, save for a single larger value. */
const PAGE_BYTES = 1024 * 1024;

export function physicalType(data: ColumnData): PhysicalType {
  return PARQUET_TYPES[data.column.type].physical;
}

export function plainBytes(type: PhysicalType, values: readonly PlainValue[]): Buffer {
  return encodePlain(type, [...values], {});
}

function valueAt(data: ColumnData, row: number): PlainValue {
  switch (data.kind) {
    case 'text':
      return data.values.subarray(data.offsets[row], data.offsets[row + 1]);
    case 'boolean':
      return bitAt(data.values, row);
    case 'int64':
      return data.values[row] ?? 0n;
    default:
      return data.values[row] ?? 0;
  }
}

function sizeOf(value: PlainValue): number {
  return typeof value === 'object' ? value.length + 4 : 8;
}

/** Definition levels (1 where a row has its value) as a data page of version 1 begins with them, after their length. */
function definitionLevels(levels: readonly number[]): Buffer {
  return encodeRle('INT32', [...levels], { bitWidth: 1 });
}

function encodePage(data: ColumnData, levels: readonly number[], values: readonly PlainValue[]): DataPage {
  const plain = plainBytes(physicalType(data), values);
  const body = data.column.nullable ? Buffer.concat([definitionLevels(levels), plain]) : plain;
  const compressed = deflate('SNAPPY', body);
  const header = serializeThrift(
    new PageHeader({
      type: PageType.DATA_PAGE,
      uncompressed_page_size: body.length,
      compressed_page_size: compressed.length,
      data_page_header: new DataPageHeader({
        num_values: levels.length,
        encoding: Encoding.PLAIN,
        definition_level_encoding: Encoding.RLE,
        repetition_level_encoding: Encoding.RLE,
      }),
    }),
  );
  return {
    page: Buffer.concat([header, compressed]),
    rows: levels.length,
    uncompressedSize: header.length + body.length,
    values,
  };
}

/** The column's rows as data pages of about {@link PAGE_BYTES}, at least one row each. */
export function* dataPages(data: ColumnData, rows: number): Generator<DataPage> {
  let levels: number[] = [];
  let values: PlainValue[] = [];
  let bytes = 0;
  for (let row = 0; row < rows; row += 1) {
    const present = data.validity === null || bitAt(data.validity, row);
    levels.push(present ? 1 : 0);
    if (present) {
      const value = valueAt(data, row);
      values.push(value);
      bytes += sizeOf(value);
    }
    if (bytes >= PAGE_BYTES) {
      yield encodePage(data, levels, values);
      levels = [];
      values = [];
      bytes = 0;
    }
  }
  if (levels.length > 0) {
    yield encodePage(data, levels, values);
  }
}
