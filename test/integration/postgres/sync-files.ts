import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CatalogueDataset, CatalogueFiles, CatalogueLoad } from '../../../shared/ports/catalogue-database';

export interface SyncChannel {
  readonly id: string;
  readonly title: string;
  readonly handle: string | null;
  readonly description: string | null;
  readonly subscribers: number | null;
}

export interface SyncVideo {
  readonly id: string;
  readonly channel: string;
  readonly title: string;
  readonly description: string | null;
  readonly thumbnail: string | null;
  /** HH:MM:SS */
  readonly duration: string | null;
  readonly publishedAt: string | null;
  readonly type: 'stream' | 'video';
  /** Only a stream has a row in stream_details. */
  readonly startedAt: string | null;
  readonly views: number | null;
  readonly likes: number | null;
  readonly comments: number | null;
}

/** One sync of a tenant, as its CSV files say it. */
export interface Sync {
  readonly tenant: string;
  readonly date: string;
  readonly channels: readonly SyncChannel[];
  readonly videos: readonly SyncVideo[];
  readonly whole: readonly string[];
  readonly gone: readonly string[];
}

type Cell = string | number | null;

export const CHANNEL: SyncChannel = { id: 'UC1', title: 'Channel', handle: '@a', description: null, subscribers: 1 };

export function video(id: string, facts: Partial<SyncVideo> = {}): SyncVideo {
  return {
    id,
    channel: CHANNEL.id,
    title: `Title of ${id}`,
    description: 'Text',
    thumbnail: `https://i.ytimg.com/${id}.jpg`,
    duration: '00:10:00',
    publishedAt: '2025-08-08T12:00:17.000Z',
    type: 'video',
    startedAt: null,
    views: 10,
    likes: 5,
    comments: 1,
    ...facts,
  };
}

export function sync(facts: Partial<Sync> = {}): Sync {
  return {
    tenant: 'acme',
    date: '2025-08-09',
    channels: [CHANNEL],
    videos: [video('v1'), video('v2', { type: 'stream', startedAt: '2025-08-08T12:00:00.000Z' })],
    whole: [],
    gone: [],
    ...facts,
  };
}

const HEADERS: Readonly<Record<CatalogueDataset, string>> = {
  channels: 'id,title',
  channel_details: 'channel_id,handle,description,subscriber_count,icon_url',
  videos: 'id,title,description,url,thumbnail_url,duration,published_at,channel_id,video_type',
  stream_details: 'video_id,started_at',
  video_statistics: 'video_id,view_count,like_count,comment_count',
};

export function urlOf(id: string): string {
  return `https://www.youtube.com/watch?v=${id}`;
}

function rowsOf({ channels, videos }: Sync): Record<CatalogueDataset, Cell[][]> {
  return {
    channels: channels.map((c) => [c.id, c.title]),
    channel_details: channels.map((c) => [c.id, c.handle, c.description, c.subscribers, null]),
    videos: videos.map((v) => [
      v.id,
      v.title,
      v.description,
      urlOf(v.id),
      v.thumbnail,
      v.duration,
      v.publishedAt,
      v.channel,
      v.type,
    ]),
    stream_details: videos.filter(({ type }) => type === 'stream').map((v) => [v.id, v.startedAt]),
    video_statistics: videos.map((v) => [v.id, v.views, v.likes, v.comments]),
  };
}

/** Null is an empty field, everything else is quoted. */
function csv(dataset: CatalogueDataset, rows: readonly Cell[][]): string {
  const lines = rows.map((row) => row.map((cell) => (cell === null ? '' : `"${String(cell).replaceAll('"', '""')}"`)));
  return [HEADERS[dataset], ...lines.map((cells) => cells.join(','))].map((line) => `${line}\r\n`).join('');
}

/** CSV files in a folder of their own. */
export class SyncFolder {
  #path: Promise<string> | undefined;
  #written = 0;

  /** The sync as files; `contents` are datasets to be written as they stand in the place of the sync's own. */
  async write(
    sync: Sync,
    {
      rowsPerFile = 1000,
      contents = {},
    }: { rowsPerFile?: number; contents?: Partial<Record<CatalogueDataset, string>> } = {},
  ): Promise<CatalogueLoad> {
    const rows = rowsOf(sync);
    const file = async (dataset: CatalogueDataset): Promise<string[]> => {
      const given = contents[dataset];
      if (given !== undefined) return [await this.file(dataset, given)];
      const paths: string[] = [];
      for (let at = 0; at === 0 || at < rows[dataset].length; at += rowsPerFile) {
        paths.push(await this.file(dataset, csv(dataset, rows[dataset].slice(at, at + rowsPerFile))));
      }
      return paths;
    };
    const files: CatalogueFiles = {
      channels: await file('channels'),
      channel_details: await file('channel_details'),
      videos: await file('videos'),
      stream_details: await file('stream_details'),
      video_statistics: await file('video_statistics'),
    };
    return { tenant: sync.tenant, date: sync.date, files, wholeChannels: sync.whole, goneVideos: sync.gone };
  }

  async file(name: string, content: string): Promise<string> {
    this.#path ??= mkdtemp(join(tmpdir(), 'makoto-sync-'));
    this.#written += 1;
    const file = `${name}_${this.#written}.csv`;
    const path = join(await this.#path, file);
    await writeFile(path, content);
    return path;
  }

  async remove(): Promise<void> {
    if (this.#path !== undefined) await rm(await this.#path, { recursive: true });
    this.#path = undefined;
  }
}
