import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { DatabaseError } from '../../shared/errors';
import type {
  CatalogueChannel,
  CatalogueDatabase,
  CatalogueDataset,
  CatalogueLoad,
  CataloguePruning,
  CatalogueState,
  LoadFigures,
  PrunedRows,
} from '../../shared/ports/catalogue-database';

/** A row as a file has it: null is an empty field without quotes. */
export type FakeRow = Readonly<Record<string, string | null>>;

export interface FakeVideo {
  readonly row: FakeRow;
  /** The latest statistics. */
  readonly counts: FakeRow | undefined;
  readonly removed: boolean;
}

type Table<Row> = Map<string, Row>;

/** A tenant's rows by their keys. */
export interface FakeCatalogue {
  readonly channels: Table<FakeRow>;
  readonly channelDetails: Table<FakeRow>;
  readonly videos: Table<FakeVideo>;
  readonly videoTypes: Table<string>;
  /** `stream` or `video`, by the video's id. */
  readonly kinds: Table<string>;
  readonly streamDetails: Table<FakeRow>;
  /** By `{video id} {date}`. */
  readonly statistics: Table<FakeRow>;
  /** The date of the last load that had a channel. */
  readonly refreshed: Table<string>;
}

export type FakeCall = { readonly method: keyof CatalogueDatabase; readonly tenant?: string };

const MIGRATIONS = ['0001_catalogue', '0002_retention'];

const noCatalogue = (): FakeCatalogue => ({
  channels: new Map(),
  channelDetails: new Map(),
  videos: new Map(),
  videoTypes: new Map(),
  kinds: new Map(),
  streamDetails: new Map(),
  statistics: new Map(),
  refreshed: new Map(),
});

/**
 * A catalogue database in this process's memory. It reads the CSV files that it is given, a load is there whole or not at all, and
 * what it is asked for before `prepare()` is answered as a database without tables answers.
 */
export class FakeCatalogueDatabase implements CatalogueDatabase {
  readonly name = 'a database in memory';
  /** Every load that was asked for, done or failed. */
  readonly loads: CatalogueLoad[] = [];
  /** Runs before every call; what it throws is the call's failure. */
  before: (call: FakeCall) => void | Promise<void> = () => undefined;
  /** Runs after the work of every call; what it throws is the failure of a call that has had its effect. */
  after: (call: FakeCall) => void | Promise<void> = () => undefined;
  closed = false;
  readonly #catalogues = new Map<string, FakeCatalogue>();
  readonly #premieres = new Map<string, ReadonlySet<string>>();
  #prepared = false;

  /** The tenant's rows as they stand. */
  catalogue(tenant: string): FakeCatalogue {
    return this.#catalogues.get(tenant) ?? noCatalogue();
  }

  setPremieres(tenant: string, ids: Iterable<string>): void {
    this.#premieres.set(tenant, new Set(ids));
  }

  prepare(): Promise<void> {
    return this.#around({ method: 'prepare' }, async () => {
      this.#prepared = true;
    });
  }

  inspect(): Promise<CatalogueState> {
    const [applied, missing] = this.#prepared ? [MIGRATIONS, []] : [[], MIGRATIONS];
    return this.#around({ method: 'inspect' }, async () => ({ serverVersion: '18.4', applied, missing }));
  }

  channels(tenant: string): Promise<readonly CatalogueChannel[]> {
    return this.#around({ method: 'channels', tenant }, async () => {
      const { channels, channelDetails } = this.catalogue(tenant);
      return [...channels.keys()].map((id) => ({
        id,
        handle: channelDetails.get(id)?.handle ?? null,
        videos: this.#present(tenant, id).length,
      }));
    });
  }

  knownVideos(tenant: string, channelId: string): Promise<readonly string[]> {
    return this.#around({ method: 'knownVideos', tenant }, async () => {
      this.#checkPrepared();
      return this.#present(tenant, channelId);
    });
  }

  premieres(tenant: string): Promise<ReadonlySet<string>> {
    return this.#around({ method: 'premieres', tenant }, async () => {
      this.#checkPrepared();
      return this.#premieres.get(tenant) ?? new Set();
    });
  }

  load(load: CatalogueLoad): Promise<LoadFigures> {
    this.loads.push(load);
    return this.#around({ method: 'load', tenant: load.tenant }, async () => {
      this.#checkPrepared();
      const next = copyOf(this.catalogue(load.tenant));
      const figures = await loadInto(next, load);
      this.#catalogues.set(load.tenant, next);
      return figures;
    });
  }

  prune(pruning: CataloguePruning): Promise<PrunedRows> {
    return this.#around({ method: 'prune', tenant: pruning.tenant }, async () => {
      this.#checkPrepared();
      const next = copyOf(this.catalogue(pruning.tenant));
      const rows = pruneFrom(next, pruning);
      this.#catalogues.set(pruning.tenant, next);
      return rows;
    });
  }

  close(): Promise<void> {
    return this.#around({ method: 'close' }, async () => {
      this.closed = true;
    });
  }

  async #around<Answer>(call: FakeCall, work: () => Promise<Answer>): Promise<Answer> {
    await this.before(call);
    const answer = await work();
    await this.after(call);
    return answer;
  }

  #present(tenant: string, channelId: string): string[] {
    const { videos } = this.catalogue(tenant);
    return [...videos].filter(([, { row, removed }]) => row.channel_id === channelId && !removed).map(([id]) => id);
  }

  #checkPrepared(): void {
    if (this.#prepared) return;
    throw new DatabaseError('The tables are not there: prepare() was not called.', {
      code: 'database_schema_outdated',
      kind: 'configuration',
    });
  }
}

function copyOf(catalogue: FakeCatalogue): FakeCatalogue {
  const { channels, channelDetails, videos, videoTypes, kinds, streamDetails, statistics, refreshed } = catalogue;
  return {
    channels: new Map(channels),
    channelDetails: new Map(channelDetails),
    videos: new Map(videos),
    videoTypes: new Map(videoTypes),
    kinds: new Map(kinds),
    streamDetails: new Map(streamDetails),
    statistics: new Map(statistics),
    refreshed: new Map(refreshed),
  };
}

async function loadInto(catalogue: FakeCatalogue, load: CatalogueLoad): Promise<LoadFigures> {
  const rows = await readAll(load);
  let rowsWritten = 0;
  for (const type of ['stream', 'video']) rowsWritten += upsert(catalogue.videoTypes, type, type);
  for (const row of rows.channels) rowsWritten += upsert(catalogue.channels, keyOf(row), row);
  for (const row of rows.channel_details) {
    mustHave(catalogue.channels, keyOf(row), 'channel');
    rowsWritten += upsert(catalogue.channelDetails, keyOf(row), row);
  }
  rowsWritten += loadVideos(catalogue, rows);
  for (const row of rows.video_statistics) {
    mustHave(catalogue.videos, keyOf(row), 'video');
    rowsWritten += upsert(catalogue.statistics, `${keyOf(row)} ${load.date}`, row);
  }
  for (const row of rows.channels) catalogue.refreshed.set(keyOf(row), load.date);
  const removed = removeGone(catalogue, load, new Set(rows.videos.map(keyOf)));
  return { rowsWritten: rowsWritten + removed, removed };
}

/** Videos, their kinds and their starts. @returns rows written */
function loadVideos(catalogue: FakeCatalogue, rows: LoadedRows): number {
  const streams = new Map(rows.stream_details.map((row) => [keyOf(row), row]));
  const counts = new Map(rows.video_statistics.map((row) => [keyOf(row), row]));
  let rowsWritten = 0;
  for (const row of rows.videos) {
    const id = keyOf(row);
    const { channel_id: channelId, video_type: kind } = row;
    mustHave(catalogue.videoTypes, kind ?? '', 'kind');
    mustHave(catalogue.channels, channelId ?? '', 'channel');
    rowsWritten += upsert(catalogue.videos, id, { row, counts: counts.get(id), removed: false });
    // The earlier kind's row goes, the new one's comes.
    const kindBefore = catalogue.kinds.get(id);
    rowsWritten += upsert(catalogue.kinds, id, kind ?? '') * (kindBefore === undefined ? 1 : 2);
    if (!streams.has(id) && catalogue.streamDetails.delete(id)) rowsWritten += 1;
  }
  for (const [id, row] of streams) {
    mustHave(catalogue.videos, id, 'video');
    rowsWritten += upsert(catalogue.streamDetails, id, row);
  }
  return rowsWritten;
}

function removeGone(catalogue: FakeCatalogue, load: CatalogueLoad, there: ReadonlySet<string>): number {
  let removed = 0;
  for (const [id, video] of catalogue.videos) {
    const gone = load.wholeChannels.includes(video.row.channel_id ?? '') || load.goneVideos.includes(id);
    if (!gone || video.removed || there.has(id)) continue;
    catalogue.videos.set(id, { ...video, removed: true });
    removed += 1;
  }
  return removed;
}

/** A load has counts of every video that it has, so their newest date is when a video was read last. */
function pruneFrom(catalogue: FakeCatalogue, { oldest }: CataloguePruning): PrunedRows {
  const before = { videos: catalogue.videos.size, channels: catalogue.channels.size };
  const splitKeys = () => [...catalogue.statistics.keys()].map((key) => [key, ...key.split(' ')] as const);
  const fresh = new Set(splitKeys().flatMap(([, id, date = '']) => (date >= oldest ? [id] : [])));
  for (const id of catalogue.videos.keys()) {
    if (fresh.has(id)) continue;
    for (const table of [catalogue.videos, catalogue.kinds, catalogue.streamDetails]) table.delete(id);
    for (const [key, of] of splitKeys()) if (of === id) catalogue.statistics.delete(key);
  }
  const counts = catalogue.statistics.size;
  for (const [key, , date = ''] of splitKeys()) if (date < oldest) catalogue.statistics.delete(key);
  const used = new Set([...catalogue.videos.values()].map(({ row }) => row.channel_id));
  for (const id of catalogue.channels.keys()) {
    if (used.has(id) || (catalogue.refreshed.get(id) ?? '') >= oldest) continue;
    catalogue.channels.delete(id);
    catalogue.channelDetails.delete(id);
  }
  return {
    videos: before.videos - catalogue.videos.size,
    channels: before.channels - catalogue.channels.size,
    statistics: counts - catalogue.statistics.size,
  };
}

/** @returns rows written: none where the row says the same already */
function upsert<Row>(table: Table<Row>, key: string, row: Row): 0 | 1 {
  if (JSON.stringify(table.get(key)) === JSON.stringify(row)) return 0;
  table.set(key, row);
  return 1;
}

function mustHave(table: ReadonlyMap<string, unknown>, key: string, what: string): void {
  if (!table.has(key)) throw refused(`A row refers to a ${what} that is not there.`);
}

type LoadedRows = Readonly<Record<CatalogueDataset, readonly FakeRow[]>>;

async function readAll({ files }: CatalogueLoad): Promise<LoadedRows> {
  return {
    channels: await readRows(files.channels),
    channel_details: await readRows(files.channel_details),
    videos: await readRows(files.videos),
    stream_details: await readRows(files.stream_details),
    video_statistics: await readRows(files.video_statistics),
  };
}

/** The rows of one dataset's files. @throws DatabaseError where a key comes twice, as no upsert takes that */
async function readRows(paths: readonly string[]): Promise<readonly FakeRow[]> {
  if (paths.length === 0) throw refused('A dataset has no file.');
  const rows: FakeRow[] = [];
  for (const path of paths) rows.push(...parseCsv(await readFile(path)));
  if (new Set(rows.map(keyOf)).size !== rows.length) throw refused('A key comes twice in one load.');
  return rows;
}

/** The rows of a CSV file with a header, by column. */
export function parseCsv(content: Buffer | string): FakeRow[] {
  const cast = (value: string, { quoting }: { readonly quoting: boolean }) => (value === '' && !quoting ? null : value);
  return parse(content, { columns: true, cast, record_delimiter: '\r\n' });
}

function keyOf(row: FakeRow): string {
  const [key] = Object.values(row);
  if (!key) throw refused('A row has no key.');
  return key;
}

function refused(message: string): DatabaseError {
  return new DatabaseError(message, { code: 'database_value_invalid', kind: 'permanent' });
}
