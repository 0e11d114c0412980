import type { Catalogue } from '../../../local/youtube/catalogue';
import type { CatalogueChannel, CatalogueVideo, ThumbnailSize } from '../../../local/youtube/model';
import { textOf } from '../../../local/youtube/text';
import type { Shown } from '../postgres/model';

type Row = readonly (string | number | boolean | null)[];

/** What the database must show of a tenant after any complete syncs of channels, told without any code of the sync. */
export class SyncedModel {
  readonly #channels = new Map<string, CatalogueChannel>();
  readonly #videos = new Map<string, { readonly video: CatalogueVideo; readonly stream: boolean; removed: boolean }>();
  readonly #statistics = new Map<string, Row>();

  /** A complete sync of whole channels. @returns how many videos it marks as removed */
  sync(catalogue: Catalogue, channelIds: readonly string[], date: string, premieres = catalogue.premiereIds()): number {
    let removed = 0;
    for (const channelId of new Set(channelIds)) {
      const channel = catalogue.channel(channelId);
      if (channel === undefined) throw new Error(`The catalogue has no channel ${channelId}.`);
      this.#channels.set(channelId, channel);
      const there = new Set(catalogue.uploads(channelId).map(({ id }) => id));
      for (const known of this.#videos.values()) {
        if (known.video.channelId !== channelId || known.removed || there.has(known.video.id)) continue;
        known.removed = true;
        removed += 1;
      }
      for (const video of catalogue.uploads(channelId)) this.see(video, date, premieres);
    }
    return removed;
  }

  /** A video that is read, by whatever sync. */
  see(video: CatalogueVideo, date: string, premieres: readonly string[]): void {
    const stream = video.broadcast !== null && !premieres.includes(video.id);
    this.#videos.set(video.id, { video, stream, removed: false });
    this.#statistics.set(`${video.id} ${date}`, [video.id, date, ...countsOf(video)]);
  }

  shown(): Shown {
    const channels = [...this.#channels.values()];
    const all = [...this.#videos.values()];
    return {
      channels: inOrder(channels.map(({ id, title }) => [id, stored(title)])),
      channel_details: inOrder(channels.map(detailsRow)),
      videos: inOrder(all.map(({ video, removed }) => videoRow(video, removed))),
      video_video_types: inOrder(all.map(({ video, stream }) => [video.id, stream ? 'stream' : 'video'])),
      stream_details: inOrder(
        all.flatMap(({ video, stream }) => {
          const start = video.broadcast?.actualStart ?? video.broadcast?.scheduledStart ?? null;
          return stream && start !== null ? [[video.id, instant(start)]] : [];
        }),
      ),
      video_statistics: inOrder([...this.#statistics.values()]),
    };
  }
}

/** What a text becomes that PostgreSQL cannot hold. */
export function stored(text: string): string {
  return [...text].map((character) => (isUnstorable(character) ? '\ufffd' : character)).join('');
}

/** Characters of the texts that the sync reads and PostgreSQL cannot hold. */
export function unstorable(...texts: readonly string[]): number {
  return texts.flatMap((text) => [...text]).filter(isUnstorable).length;
}

function isUnstorable(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return code === 0 || (code >= 0xd800 && code <= 0xdfff);
}

function detailsRow(channel: CatalogueChannel): Row {
  const { id, handle, description, hiddenSubscriberCount, subscriberCount, thumbnails } = channel;
  const widths: Partial<Record<ThumbnailSize, number>> = { default: 88, medium: 240 };
  const width = Math.max(0, ...(thumbnails ?? []).map((size) => widths[size] ?? 800));
  const icon = width === 0 ? null : `https://yt3.ggpht.com/${id.slice(2)}=s${width}-c-k-c0x00ffffff-no-rj`;
  return [id, handle, stored(textOf(description)), hiddenSubscriberCount ? null : subscriberCount, icon];
}

const FILES: readonly (readonly [ThumbnailSize, string])[] = [
  ['maxres', 'maxresdefault'],
  ['standard', 'sddefault'],
  ['high', 'hqdefault'],
  ['medium', 'mqdefault'],
  ['default', 'default'],
];

function videoRow(video: CatalogueVideo, removed: boolean): Row {
  const { id, channelId, title, description, thumbnails, durationSeconds: seconds, publishedAt } = video;
  const file = FILES.find(([size]) => thumbnails?.includes(size))?.[1];
  return [
    id,
    channelId,
    stored(title),
    stored(textOf(description)),
    `https://www.youtube.com/watch?v=${id}`,
    file === undefined ? null : `https://i.ytimg.com/vi/${id}/${file}.jpg`,
    seconds === null ? null : clockOf(seconds),
    seconds,
    instant(publishedAt),
    ...countsOf(video),
    removed,
  ];
}

function countsOf({ counts, membersOnly }: CatalogueVideo): (number | null)[] {
  return [membersOnly ? null : (counts?.views ?? null), counts?.likes ?? null, counts?.comments ?? null];
}

function clockOf(seconds: number): string {
  const two = (part: number) => String(part).padStart(2, '0');
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
}

function instant(text: string): string {
  return new Date(text).toISOString();
}

function inOrder(rows: readonly Row[]): Row[] {
  return [...rows].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
