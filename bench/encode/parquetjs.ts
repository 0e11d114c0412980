import { type FieldDefinition, ParquetSchema, ParquetWriter } from 'parquetjs-lite';
import { DATASETS } from '../../shared/messages/datasets';
import type { ColumnType } from '../../shared/parquet/schema';
import type { Encode } from './encode-job';
import { readMessages } from './messages';
import { peerRow } from './peer-row';

const TYPES: Readonly<Record<ColumnType, string>> = {
  string: 'UTF8',
  json: 'UTF8',
  int32: 'INT32',
  int64: 'INT64',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP_MILLIS',
  date: 'DATE',
};

/** As its documentation shows it: a schema, a writer, a row object at a time. SNAPPY is the best that it does quickly. */
export async function parquetjs(folder: string): Promise<Encode> {
  const messages = await readMessages(folder);
  const fields = DATASETS.messages.columns.map(({ name, type, nullable }) => {
    return [name, { type: TYPES[type], optional: nullable, compression: 'SNAPPY' } as FieldDefinition];
  });
  return async (path) => {
    const writer = await ParquetWriter.openFile(new ParquetSchema(Object.fromEntries(fields)), path);
    for (const message of messages) {
      const row = peerRow(message);
      await writer.appendRow({ ...row, business_date: new Date(row.business_date * MS_PER_DAY) });
    }
    await writer.close();
  };
}

const MS_PER_DAY = 86_400_000;
