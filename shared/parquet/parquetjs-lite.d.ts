// The parts of parquetjs-lite 0.8.7 that the encoder uses; the package ships no types.

declare module 'parquetjs-lite' {
  import type { RowGroup } from 'parquetjs-lite/gen-nodejs/parquet_types';

  export interface FieldDefinition {
    type: string;
    optional: boolean;
    compression: string;
    statistics: false;
  }

  export class ParquetSchema {
    constructor(fields: Readonly<Record<string, FieldDefinition>>);
  }

  /** An encoded data page: its header and its compressed body. */
  export interface EncodedPage {
    page: Buffer;
    num_values: number;
    first_row_index: number;
  }

  export class ParquetEnvelopeWriter {
    constructor(
      schema: ParquetSchema,
      write: (bytes: Buffer) => Promise<void>,
      close: () => void,
      fileOffset: number,
      options: { pageIndex: boolean },
    );
    readonly rowCount: number;
    readonly rowGroups: RowGroup[];
    writeHeader(): Promise<void>;
    writeRowGroup(group: { rowCount: number; pages: Readonly<Record<string, readonly EncodedPage[]>> }): Promise<void>;
    writeSection(bytes: Buffer): Promise<void>;
  }
}

declare module 'parquetjs-lite/lib/codec/plain' {
  export function encodeValues(type: string, values: unknown[], options: object): Buffer;
}

declare module 'parquetjs-lite/lib/codec/rle' {
  export function encodeValues(type: string, values: number[], options: { bitWidth: number }): Buffer;
}

declare module 'parquetjs-lite/lib/compression' {
  export function deflate(method: string, value: Buffer): Buffer;
}

declare module 'parquetjs-lite/lib/util' {
  export function serializeThrift(object: object): Buffer;
}

declare module 'parquetjs-lite/gen-nodejs/parquet_types' {
  type Enumeration = Readonly<Record<string, number>>;
  export const Type: Enumeration;
  export const ConvertedType: Enumeration;
  export const FieldRepetitionType: Enumeration;
  export const Encoding: Enumeration;
  export const PageType: Enumeration;

  export class Statistics {
    constructor(fields: { null_count: number; min_value?: Buffer; max_value?: Buffer });
  }
  export class DataPageHeader {
    constructor(fields: {
      num_values: number;
      encoding: number | undefined;
      definition_level_encoding: number | undefined;
      repetition_level_encoding: number | undefined;
    });
  }
  export class PageHeader {
    constructor(fields: {
      type: number | undefined;
      uncompressed_page_size: number;
      compressed_page_size: number;
      data_page_header: DataPageHeader;
    });
  }
  export class StringType {}
  export class DateType {}
  export class MilliSeconds {}
  export class TimeUnit {
    constructor(fields: { MILLIS: MilliSeconds });
  }
  export class TimestampType {
    constructor(fields: { isAdjustedToUTC: boolean; unit: TimeUnit });
  }
  export class LogicalType {
    constructor(fields: { STRING: StringType } | { DATE: DateType } | { TIMESTAMP: TimestampType });
  }
  export class SchemaElement {
    constructor(fields: {
      name: string;
      num_children?: number;
      type?: number | undefined;
      repetition_type?: number | undefined;
      converted_type?: number | undefined;
      logicalType?: LogicalType | undefined;
    });
  }
  export class TypeDefinedOrder {}
  export class ColumnOrder {
    constructor(fields: { TYPE_ORDER: TypeDefinedOrder });
  }
  export interface ColumnMetaData {
    total_uncompressed_size: number;
    total_compressed_size: number;
    statistics: Statistics | null;
  }
  export interface RowGroup {
    total_byte_size: number;
    columns: { meta_data: ColumnMetaData }[];
  }
  export class FileMetaData {
    constructor(fields: {
      version: number;
      schema: SchemaElement[];
      num_rows: number;
      row_groups: RowGroup[];
      created_by: string;
      column_orders: ColumnOrder[];
    });
  }
}
