import type { TenantTables } from './engines';
import { rowsetViews } from './rowset-views';

const NOTES = [
  'Serverless SQL pool, in a database of your own with a UTF-8 collation: CREATE DATABASE makoto COLLATE Latin1_General_100_BIN2_UTF8',
  'Its files have to be written with PARQUET_COMPRESSION=SNAPPY: ZSTD, the default, is none that this pool is documented to read.',
  "[year], [month] and [day] are text as in the folders: WHERE [year] = '2025' AND [month] = '08' reads that month's folders alone.",
];

export function synapseStatements(tables: TenantTables): string {
  return rowsetViews({ engine: 'synapse', notes: NOTES }, tables);
}
