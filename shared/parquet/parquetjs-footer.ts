import {
  ColumnOrder,
  ConvertedType,
  DateType,
  FieldRepetitionType,
  FileMetaData,
  LogicalType,
  MilliSeconds,
  type RowGroup,
  SchemaElement,
  StringType,
  TimestampType,
  TimeUnit,
  Type,
  TypeDefinedOrder,
} from 'parquetjs-lite/gen-nodejs/parquet_types';
import { serializeThrift } from 'parquetjs-lite/lib/util';
import { CREATED_BY } from './encoding';
import { type Column, type DatasetSchema, PARQUET_TYPES, type LogicalType as SchemaLogicalType } from './schema';

function logicalType(logical: SchemaLogicalType): LogicalType {
  switch (logical.type) {
    case 'STRING':
      return new LogicalType({ STRING: new StringType() });
    case 'DATE':
      return new LogicalType({ DATE: new DateType() });
    case 'TIMESTAMP':
      return new LogicalType({
        TIMESTAMP: new TimestampType({
          isAdjustedToUTC: logical.isAdjustedToUTC,
          unit: new TimeUnit({ MILLIS: new MilliSeconds() }),
        }),
      });
  }
}

function schemaElement({ name, type, nullable }: Column): SchemaElement {
  const { physical, logical, converted } = PARQUET_TYPES[type];
  return new SchemaElement({
    name,
    type: Type[physical],
    repetition_type: nullable ? FieldRepetitionType.OPTIONAL : FieldRepetitionType.REQUIRED,
    converted_type: converted && ConvertedType[converted],
    logicalType: logical && logicalType(logical),
  });
}

/**
 * The end of a file: its metadata, their length and the magic. parquetjs-lite's own footer leaves the logical types out,
 * so that readers take its timestamps for local ones; hence this one, from the package's own Thrift types.
 */
export function encodeFooter(schema: DatasetSchema, rows: number, rowGroups: RowGroup[]): Buffer {
  const root = new SchemaElement({ name: 'schema', num_children: schema.columns.length });
  const metadata = serializeThrift(
    new FileMetaData({
      version: 1,
      schema: [root, ...schema.columns.map(schemaElement)],
      num_rows: rows,
      row_groups: rowGroups,
      created_by: CREATED_BY,
      column_orders: schema.columns.map(() => new ColumnOrder({ TYPE_ORDER: new TypeDefinedOrder() })),
    }),
  );
  const end = Buffer.alloc(8, 'PAR1');
  end.writeUInt32LE(metadata.length);
  return Buffer.concat([metadata, end]);
}
