import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { Random } from '../../local/sample/random';
import { Catalogue } from '../../local/youtube/catalogue';
import {
  type Broadcast,
  type CatalogueChannel,
  type CatalogueContent,
  type CatalogueVideo,
  newChannel,
  newVideo,
  THUMBNAIL_SIZES,
} from '../../local/youtube/model';
import { finished, instantText, ODD_TITLES } from '../../local/youtube/oddities';

const idCharacter = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_');
const characters = (length: number) => fc.string({ unit: idCharacter, minLength: length, maxLength: length });
const nullable = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { freq: 4 });

/** Whole seconds of the years that YouTube has been there. */
const instant = fc.integer({ min: Date.UTC(2005, 3, 23), max: Date.UTC(2029, 11, 31) }).map(instantText);
const count = fc.oneof(fc.nat(), fc.nat(3), fc.integer({ min: 0, max: 90_000_000_000 }));
const thumbnails = nullable(fc.subarray([...THUMBNAIL_SIZES]));

/** Titles as the API may have them, and as it has none: any character, NUL and halves of surrogate pairs among them. */
export const titles: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 100 }),
  fc.constantFrom(...ODD_TITLES, '', '\u0000', '\ud800', 'x\udc00y', '"', ',', '\n', '\r', '\ufeff', ' '),
);

/** Descriptions to 5,000 bytes. */
export const descriptions: fc.Arbitrary<CatalogueVideo['description']> = fc.oneof(
  titles,
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.record({ seed: fc.string(), bytes: fc.nat(300) }),
  { arbitrary: fc.constant({ seed: 'long', bytes: 5000 }), weight: 1 },
);

const seconds = fc.oneof(fc.nat(200 * 3600), fc.constantFrom(0, 59, 60, 3600, 86_400, 359_999, 360_000, 720_000));

const broadcast: fc.Arbitrary<Broadcast> = fc.oneof(
  fc.record({ state: fc.constant('upcoming' as const), scheduledStart: instant, ...never('actualStart', 'actualEnd') }),
  fc.record({
    state: fc.constant('live' as const),
    scheduledStart: nullable(instant),
    actualStart: instant,
    ...never('actualEnd'),
  }),
  fc.record({
    state: fc.constant('finished' as const),
    scheduledStart: nullable(instant),
    actualStart: nullable(instant),
    actualEnd: nullable(instant),
  }),
);

function never<Name extends string>(...names: readonly Name[]): Record<Name, fc.Arbitrary<null>> {
  return Object.fromEntries(names.map((name) => [name, fc.constant(null)])) as Record<Name, fc.Arbitrary<null>>;
}

/** A video with any of the traits that one can have; a channel's may be given, and is otherwise none of a catalogue. */
export function videos(channelId = `UC${'0'.repeat(22)}`): fc.Arbitrary<CatalogueVideo> {
  return fc
    .record({
      id: characters(11),
      channelId: fc.constant(channelId),
      title: titles,
      description: descriptions,
      publishedAt: instant,
      broadcast: nullable(broadcast),
      premiere: fc.boolean(),
      durationSeconds: nullable(seconds),
      privacy: fc.constantFrom('public', 'public', 'public', 'unlisted', 'private'),
      membersOnly: fc.boolean(),
      ageLimited: fc.boolean(),
      thumbnails,
      counts: nullable(fc.record({ views: nullable(count), likes: nullable(count), comments: nullable(count) })),
    })
    .map((video) => ({
      ...video,
      premiere: video.premiere && video.broadcast !== null,
      // What is not over has no length yet.
      durationSeconds: video.broadcast !== null && video.broadcast.state !== 'finished' ? null : video.durationSeconds,
    }));
}

export const channels: fc.Arbitrary<CatalogueChannel> = fc.record({
  id: characters(22).map((text) => `UC${text}`),
  title: titles,
  handle: nullable(
    fc.string({ unit: fc.constantFrom(...'abcxyz09-_.'), minLength: 3, maxLength: 30 }).map((text) => `@${text}`),
  ),
  description: descriptions,
  publishedAt: instant,
  thumbnails,
  viewCount: count,
  subscriberCount: nullable(count),
  hiddenSubscriberCount: fc.boolean(),
  uploadsWhenEmpty: fc.constantFrom('missing', 'empty'),
});

export interface CatalogueSize {
  readonly channels?: { readonly min: number; readonly max: number };
  /** Videos of all channels together. */
  readonly videos?: { readonly min: number; readonly max: number };
}

/** Plain data, for `new Catalogue(content)` inside of the property, which may then change the catalogue. */
export function catalogueContents(size: CatalogueSize = {}): fc.Arbitrary<CatalogueContent> {
  const { channels: some = { min: 1, max: 3 }, videos: many = { min: 0, max: 12 } } = size;
  const different = { selector: ({ id }: { readonly id: string }) => id };
  return fc
    .tuple(
      fc.uniqueArray(channels, { ...different, minLength: some.min, maxLength: some.max }),
      fc.uniqueArray(fc.tuple(fc.nat(), videos()), {
        selector: ([, { id }]) => id,
        minLength: many.min,
        maxLength: many.max,
      }),
    )
    .map(([owners, made]) => ({
      channels: withUniqueHandles(owners),
      videos: made.flatMap(([owner, video]) => {
        const channel = owners[owner % owners.length];
        return channel === undefined ? [] : [{ ...video, channelId: channel.id }];
      }),
    }));
}

function withUniqueHandles(owners: readonly CatalogueChannel[]): CatalogueChannel[] {
  return owners.map((channel, index) =>
    owners.slice(0, index).some(({ handle }) => handle === channel.handle) ? { ...channel, handle: null } : channel,
  );
}

/** A change of a catalogue that people make. It is shown as text where a property fails. */
export interface Mutation {
  readonly name: string;
  apply(catalogue: Catalogue): void;
}

/** Changes of the kinds that a sync has to notice. One that does not apply (no video is there) does nothing. */
export const mutations: fc.Arbitrary<Mutation> = fc.oneof(
  videos().chain((video) => fc.nat().map((owner) => publishing(video, owner))),
  ofVideo('delete', fc.constant(undefined), (catalogue, { id }) => catalogue.delete(id)),
  ofVideo('make private', fc.constant(undefined), (catalogue, { id }) => catalogue.makePrivate(id)),
  ofVideo('make public', fc.constant(undefined), (catalogue, { id }) => catalogue.makePublic(id)),
  ofVideo('retitle', titles, (catalogue, { id }, title) => catalogue.retitle(id, title)),
  ofVideo('describe', descriptions, (catalogue, { id }, description) => catalogue.change(id, { description })),
  ofVideo('hide likes', fc.constant(undefined), (catalogue, { id }) => catalogue.hideLikes(id)),
  ofVideo('count views', count, (catalogue, { id, counts }, views) =>
    catalogue.change(id, { counts: { likes: null, comments: null, ...counts, views } }),
  ),
  ofVideo('end broadcast', seconds, (catalogue, { id, broadcast: running, publishedAt }, durationSeconds) => {
    if (running !== null) catalogue.change(id, { broadcast: finished(publishedAt, durationSeconds), durationSeconds });
  }),
);

function publishing(video: CatalogueVideo, owner: number): Mutation {
  return {
    name: `publish ${video.id} ${JSON.stringify(video.title)} in channel ${owner}`,
    apply: (catalogue) => {
      const owners = catalogue.channels();
      const channel = owners[owner % owners.length];
      if (channel !== undefined && catalogue.video(video.id) === undefined) {
        catalogue.publish({ ...video, channelId: channel.id });
      }
    },
  };
}

function ofVideo<Value>(
  name: string,
  values: fc.Arbitrary<Value>,
  act: (catalogue: Catalogue, video: CatalogueVideo, value: Value) => void,
): fc.Arbitrary<Mutation> {
  return fc.tuple(fc.nat(), values).map(([place, value]) => ({
    name: `${name} of video ${place}${value === undefined ? '' : `: ${JSON.stringify(value)}`}`,
    apply: (catalogue) => {
      const { videos: all } = catalogue.content();
      const video = all[place % all.length];
      if (video !== undefined) act(catalogue, video, value);
    },
  }));
}

/** A channel with videos `video0000001…`, the first one the newest, a minute apart: for tests of paging and of changes while reading. */
export function numberedCatalogue(count: number): { readonly catalogue: Catalogue; readonly channelId: string } {
  const channelId = `UC${'n'.repeat(22)}`;
  const numbered = Array.from({ length: count }, (_, index) => numberedVideo(index + 1, channelId));
  return { catalogue: new Catalogue({ channels: [newChannel({ id: channelId })], videos: numbered }), channelId };
}

/** Number 0 and below are newer than the numbered ones. */
export function numberedVideo(number: number, channelId = `UC${'n'.repeat(22)}`): CatalogueVideo {
  const id = number > 0 ? `v${String(number).padStart(10, '0')}` : `w${String(-number).padStart(10, '0')}`;
  return newVideo({ id, channelId, publishedAt: instantText(Date.UTC(2025, 7, 1) - number * 60_000) });
}

/** The channel that {@link realCatalogue} makes. */
export const REAL_CHANNEL_ID = 'UCrealTitlesOfStreams001';

interface StreamRow {
  readonly video_id: string;
  readonly title: string;
  /** `yyyy-mm-dd hh:mm:ss`, in UTC. */
  readonly started_at: string;
}

function rowsOf<Row>(file: string): Row[] {
  return parse(readFileSync(join(__dirname, '../data/youtube', file)), { columns: true, bom: true });
}

/** The 16 premieres of the real channel, one of which is among its 1,308 streams. */
export function realPremiereIds(): string[] {
  return rowsOf<{ readonly video_id: string }>('premiere_videos.csv').map(({ video_id }) => video_id);
}

export interface RealCatalogueOptions {
  /** Adds the other 15 premieres, with titles of their own: 1,323 videos. */
  readonly allPremieres?: boolean;
}

/** A channel of 1,308 real titles and start times, each a finished stream; lengths and counts are made up, always the same. */
export function realCatalogue({ allPremieres = false }: RealCatalogueOptions = {}): Catalogue {
  const premieres = new Set(realPremiereIds());
  const rows = rowsOf<StreamRow>('streams.csv');
  const listed = new Set(rows.map(({ video_id }) => video_id));
  const others = realPremiereIds()
    .filter((id) => !listed.has(id))
    .map((id, index) => ({
      video_id: id,
      title: `Premiere ${index + 1}`,
      started_at: `2024-01-${10 + index} 12:00:00`,
    }));
  return new Catalogue({
    channels: [newChannel({ id: REAL_CHANNEL_ID, title: 'Real titles', handle: '@realtitles' })],
    videos: [...rows, ...(allPremieres ? others : [])].map((row) => realVideo(row, premieres)),
  });
}

function realVideo({ video_id: id, title, started_at }: StreamRow, premieres: ReadonlySet<string>): CatalogueVideo {
  const random = new Random(id);
  const actualStart = `${started_at.replace(' ', 'T')}Z`;
  const startMs = Date.parse(actualStart);
  const durationSeconds = random.integer(600, 6 * 3600);
  const views = random.integer(20_000, 900_000);
  return newVideo({
    id,
    channelId: REAL_CHANNEL_ID,
    title,
    description: { seed: id, bytes: random.integer(100, 1500) },
    publishedAt: instantText(startMs + durationSeconds * 1000),
    broadcast: {
      state: 'finished',
      scheduledStart: instantText(Math.floor(startMs / 1_800_000) * 1_800_000),
      actualStart,
      actualEnd: instantText(startMs + durationSeconds * 1000),
    },
    premiere: premieres.has(id),
    durationSeconds,
    counts: { views, likes: Math.floor(views / 15), comments: Math.floor(views / 200) },
  });
}
