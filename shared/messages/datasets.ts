import type { DatasetSchema } from '../parquet/schema';
import {
  type DatasetColumn,
  MESSAGE_COLUMNS,
  MONTHLY_DATE,
  ROOM_COLUMNS,
  SUMMARY_COLUMNS,
  USER_COLUMNS,
} from './dataset-columns';

export type { DatasetColumn } from './dataset-columns';

/**
 * The version of the datasets' columns. A version adds columns, each nullable and behind those that are there, and does nothing else: what
 * would change a column in another way is a new column, or a new dataset. `schema-versions.json` beside this file has the columns of
 * every version.
 */
export const SCHEMA_VERSION = 1;

export type DatasetName = 'messages' | 'rooms' | 'users' | 'summary';

export const DATASET_NAMES: readonly DatasetName[] = ['messages', 'rooms', 'users', 'summary'];

/** A dataset's columns in file order, and what its rows are. */
export interface Dataset extends DatasetSchema {
  readonly columns: readonly DatasetColumn[];
  readonly rows: string;
}

export const DATASETS: Readonly<Record<DatasetName, Dataset>> = {
  messages: { name: 'messages', columns: MESSAGE_COLUMNS, rows: 'One row per exported message, in the order of keys.' },
  rooms: { name: 'rooms', columns: ROOM_COLUMNS, rows: 'One row per room with a message of the day.' },
  users: { name: 'users', columns: USER_COLUMNS, rows: 'One row per user with a message of the day.' },
  summary: {
    name: 'summary',
    columns: SUMMARY_COLUMNS,
    rows: 'One row; none on a day of which there is no message, quarantined ones included.',
  },
};

/**
 * A dataset's columns in the files of a whole month, where every row has its business day: rooms and users have it behind the columns of
 * the first version, so that those of later ones still come last.
 */
export const MONTHLY_DATASETS: Readonly<Record<DatasetName, Dataset>> = {
  messages: DATASETS.messages,
  rooms: withDate(DATASETS.rooms),
  users: withDate(DATASETS.users),
  summary: DATASETS.summary,
};

function withDate(dataset: Dataset): Dataset {
  const ofFirst = dataset.columns.filter(({ since }) => since === MONTHLY_DATE.since);
  const ofLater = dataset.columns.filter(({ since }) => since > MONTHLY_DATE.since);
  return { ...dataset, columns: [...ofFirst, MONTHLY_DATE, ...ofLater] };
}

/** A dataset's columns as files of a version of the schema have them. */
export function datasetOfVersion(dataset: Dataset, version: number): Dataset {
  return { ...dataset, columns: dataset.columns.filter(({ since }) => since <= version) };
}
