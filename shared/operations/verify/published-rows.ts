import { DATASETS, type DatasetName, datasetOfVersion } from '../../messages/datasets';
import type { ExportContext } from '../../messages/export-context';
import type { Manifest, PartRef } from '../../messages/manifest';
import { roomOrder } from '../../messages/message-key';
import type { QuarantineEntry } from '../../messages/quarantine-file';
import type { RowSeries } from '../../messages/shard-rows';
import { partRowGroups } from '../../parquet/part-rows';
import type { ColumnValue } from '../../parquet/schema';
import type { ObjectStore } from '../../ports/object-store';
import { partSource } from './part-checks';
import { quarantineEntries } from './quarantine-check';
import { RowComparison } from './row-comparison';

/** The number in a part's name is its shard's: `part-00003-….parquet`. */
const NUMBER = /\/part-(\d{5,})-[^/]*$/;

/** The parts of one shard, in the order of their rows. */
export function partsOfShard(parts: readonly PartRef[], shard: number): PartRef[] {
  return parts.filter(({ key }) => Number(NUMBER.exec(key)?.[1] ?? -1) === shard);
}

/** Where a row stands among those of its dataset, by the places of the columns that tell. */
const KEYS: Readonly<Record<DatasetName, (row: Readonly<Record<string, ColumnValue>>) => string>> = {
  messages: ({ storage_key: key }) => String(key),
  rooms: ({ user_id: user, room_id: room }) => roomOrder({ user: String(user), room: String(room) }),
  users: ({ user_id: user }) => `${user}/`,
  summary: () => 'the day',
};

/** The columns that {@link KEYS} looks at. */
const KEY_COLUMNS: Readonly<Record<DatasetName, readonly string[]>> = {
  messages: ['storage_key'],
  rooms: ['user_id', 'room_id'],
  users: ['user_id'],
  summary: [],
};

/** What published rows are compared by. */
export interface PublishedRows {
  readonly context: Pick<ExportContext, 'analytics'>;
  readonly manifest: Manifest;
  /** Keys of parts that are known not to be what was published. */
  readonly broken: ReadonlySet<string>;
}

/**
 * A comparison with the rows of published parts. Where one of them is not what was published there is nothing to compare: that it is broken
 * is known already.
 *
 * @param unknown columns whose values cannot be told any more
 */
export function comparisonWith(
  { context, manifest, broken }: PublishedRows,
  dataset: DatasetName,
  parts: readonly PartRef[],
  unknown: ReadonlySet<string> = new Set(),
): RowComparison | undefined {
  if (parts.some(({ key }) => broken.has(key))) return undefined;
  const columns = datasetOfVersion(DATASETS[dataset], manifest.schema_version).columns.map(({ name }) => name);
  const places = KEY_COLUMNS[dataset].map((name) => [name, columns.indexOf(name)] as const);
  const keyOf = (row: readonly ColumnValue[]) =>
    KEYS[dataset](Object.fromEntries(places.map(([name, place]) => [name, row[place] ?? null])));
  return new RowComparison({ actual: rowGroups(context.analytics, parts, columns), columns, keyOf, unknown });
}

async function* rowGroups(store: ObjectStore, parts: readonly PartRef[], columns: readonly string[]) {
  for (const part of parts) yield* partRowGroups(partSource(store, part), columns);
}

const ENTRY_COLUMNS = ['key', 'reason', 'detail', 'etag', 'size'] as const;

/** Compares the entries that messages give with the lines of a shard's quarantine file: takes the place of what writes one. */
export class QuarantineComparison {
  lines = 0;
  readonly rows: RowComparison | undefined;

  constructor({ context, manifest, broken }: PublishedRows, shard: number) {
    const files = partsOfShard(manifest.quarantine, shard);
    if (files.some(({ key }) => broken.has(key))) return;
    const actual = linesOf(context.analytics, files);
    this.rows = new RowComparison({ actual, columns: ENTRY_COLUMNS, keyOf: ([key]) => String(key) });
  }

  async add(entry: QuarantineEntry): Promise<void> {
    this.lines += 1;
    await this.rows?.append(ENTRY_COLUMNS.map((name) => entry[name]));
  }
}

async function* linesOf(store: ObjectStore, files: readonly PartRef[]) {
  for (const file of files)
    for await (const entry of quarantineEntries(store, file)) yield [ENTRY_COLUMNS.map((name) => entry[name] ?? null)];
}

/** What takes rows that are compared with nothing. */
export const UNCOMPARED: RowSeries = {
  append: () => undefined,
  finish: async () => [],
  discard: async () => undefined,
};
