import { query } from '../../support/postgres-databases';
import type { DatabaseSettings } from '../../support/services';
import { type Sync, type SyncVideo, urlOf } from './sync-files';

type Row = readonly (string | number | boolean | null)[];

/** What the database shows of a tenant, without its instants of writing: the rows of every table, in order. */
export interface Shown {
  readonly channels: readonly Row[];
  readonly channel_details: readonly Row[];
  readonly videos: readonly Row[];
  readonly video_video_types: readonly Row[];
  readonly stream_details: readonly Row[];
  readonly video_statistics: readonly Row[];
}

/** What the catalogue of one tenant must be after any number of loads: the same rules, without SQL. */
export class ModelCatalogue {
  readonly #channels = new Map<string, Sync['channels'][number]>();
  readonly #videos = new Map<string, { readonly video: SyncVideo; removed: boolean }>();
  readonly #statistics = new Map<string, Row>();

  /** @returns how many videos it marks as removed */
  load({ date, channels, videos, whole, gone }: Sync): number {
    for (const channel of channels) this.#channels.set(channel.id, channel);
    for (const video of videos) {
      this.#videos.set(video.id, { video, removed: false });
      this.#statistics.set(`${video.id} ${date}`, [video.id, date, video.views, video.likes, video.comments]);
    }
    const there = new Set(videos.map(({ id }) => id));
    let removed = 0;
    for (const [id, known] of this.#videos) {
      const lost = !there.has(id) && (whole.includes(known.video.channel) || gone.includes(id));
      if (!lost || known.removed) continue;
      known.removed = true;
      removed += 1;
    }
    return removed;
  }

  shown(): Shown {
    const channels = [...this.#channels.values()];
    const all = [...this.#videos.values()];
    return {
      channels: inOrder(channels.map((c) => [c.id, c.title])),
      channel_details: inOrder(channels.map((c) => [c.id, c.handle, c.description, c.subscribers, null])),
      videos: inOrder(all.map(({ video, removed }) => videoRow(video, removed))),
      video_video_types: inOrder(all.map(({ video }) => [video.id, video.type])),
      stream_details: inOrder(
        all.filter(({ video }) => video.type === 'stream').map(({ video }) => [video.id, video.startedAt]),
      ),
      video_statistics: inOrder([...this.#statistics.values()]),
    };
  }
}

function videoRow(v: SyncVideo, removed: boolean): Row {
  const [hours = 0, minutes = 0, seconds = 0] = v.duration?.split(':').map(Number) ?? [];
  const durationSeconds = v.duration === null ? null : hours * 3600 + minutes * 60 + seconds;
  return [
    v.id,
    v.channel,
    v.title,
    v.description,
    urlOf(v.id),
    v.thumbnail,
    v.duration,
    durationSeconds,
    v.publishedAt,
    v.views,
    v.likes,
    v.comments,
    removed,
  ];
}

const ISO = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;

const COLUMNS: Readonly<Record<keyof Shown, string>> = {
  channels: 'id, title',
  channel_details: 'channel_id, handle, description, subscriber_count::FLOAT8, icon_url',
  videos: `id, channel_id, title, description, url, thumbnail_url, duration, duration_seconds,
    to_char(published_at AT TIME ZONE 'UTC', ${ISO}),
    view_count::FLOAT8, like_count::FLOAT8, comment_count::FLOAT8, removed_at IS NOT NULL`,
  video_video_types: 'video_id, video_type_id',
  stream_details: `video_id, to_char(started_at AT TIME ZONE 'UTC', ${ISO})`,
  video_statistics: 'video_id, date::TEXT, view_count::FLOAT8, like_count::FLOAT8, comment_count::FLOAT8',
};

/** What a superuser, whom no row-level security binds, finds of the tenant. */
export async function shown(settings: DatabaseSettings, tenant: string): Promise<Shown> {
  const read = async (table: keyof Shown): Promise<Row[]> => {
    const text = `SELECT jsonb_build_array(${COLUMNS[table]}) AS row FROM public.${table} WHERE tenant_id = $1`;
    const rows = await query<{ row: Row }>(settings, text, [tenant]);
    return inOrder(rows.map(({ row }) => row));
  };
  return {
    channels: await read('channels'),
    channel_details: await read('channel_details'),
    videos: await read('videos'),
    video_video_types: await read('video_video_types'),
    stream_details: await read('stream_details'),
    video_statistics: await read('video_statistics'),
  };
}

function inOrder(rows: readonly Row[]): Row[] {
  return [...rows].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
