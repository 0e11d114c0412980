import type { Dataset, DatasetName } from '../../messages/datasets';
import { LONG_TEXT, SHORT_TEXT, type TextKind } from './text-kinds';

/** The engines that statements are written for. */
export const ENGINES = ['athena', 'synapse', 'fabric', 'databricks', 'duckdb'] as const;

export type Engine = (typeof ENGINES)[number];

/** What a table or view is to be made of. */
export interface DatasetTable {
  readonly dataset: DatasetName;
  /** The table's name: the dataset's, or for whole months `messages_monthly`. */
  readonly table: string;
  readonly schema: Dataset;
  /** The folder of the partitions, without a slash at the end. */
  readonly folder: string;
  /** The columns that the folders' names give, in their order. */
  readonly partitions: readonly Partition[];
}

export interface Partition {
  readonly name: 'year' | 'month' | 'day';
  readonly digits: number;
  readonly from: number;
  readonly to: number;
}

/** What the statements of one tenant are made of. */
export interface TenantTables {
  readonly tenant: string;
  /** The database, or schema, that the tables are put into; letters, digits and `_`. */
  readonly database: string;
  /** The address that keys are below, with a slash at its end. */
  readonly location: string;
  /** The pattern of the manifests' addresses: of the days, or of the months. */
  readonly manifests: string;
  readonly tables: readonly DatasetTable[];
}

/** Every type of a column as each engine names it. Of text, engines with a limit tell keys from texts of any length. */
export const ENGINE_TYPES: Readonly<Record<Engine, Readonly<Record<EngineColumnType, string>>>> = {
  athena: {
    [SHORT_TEXT]: 'string',
    [LONG_TEXT]: 'string',
    int32: 'int',
    int64: 'bigint',
    double: 'double',
    boolean: 'boolean',
    timestamp: 'timestamp',
    date: 'date',
  },
  synapse: {
    [SHORT_TEXT]: 'varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8',
    [LONG_TEXT]: 'varchar(max) COLLATE Latin1_General_100_BIN2_UTF8',
    int32: 'int',
    int64: 'bigint',
    double: 'float',
    boolean: 'bit',
    timestamp: 'datetime2(3)',
    date: 'date',
  },
  fabric: {
    [SHORT_TEXT]: 'varchar(8000)',
    [LONG_TEXT]: 'varchar(max)',
    int32: 'int',
    int64: 'bigint',
    double: 'float',
    boolean: 'bit',
    timestamp: 'datetime2(3)',
    date: 'date',
  },
  databricks: {
    [SHORT_TEXT]: 'STRING',
    [LONG_TEXT]: 'STRING',
    int32: 'INT',
    int64: 'BIGINT',
    double: 'DOUBLE',
    boolean: 'BOOLEAN',
    timestamp: 'TIMESTAMP',
    date: 'DATE',
  },
  duckdb: {
    [SHORT_TEXT]: 'VARCHAR',
    [LONG_TEXT]: 'VARCHAR',
    int32: 'INTEGER',
    int64: 'BIGINT',
    double: 'DOUBLE',
    boolean: 'BOOLEAN',
    timestamp: 'TIMESTAMP WITH TIME ZONE',
    date: 'DATE',
  },
};

export type EngineColumnType = TextKind | 'int32' | 'int64' | 'double' | 'boolean' | 'timestamp' | 'date';
