import fc from 'fast-check';
import type { Channel, Video } from '../../../shared/youtube/catalogue';
import { LONGEST_DURATION_SECONDS } from '../../../shared/youtube/duration';
import { storableText } from '../../../shared/youtube/text';

/** What readers of CSV trip over: quotes, commas, line breaks, formulas, other programs' marks of null and of the end. */
export const TRICKY_TEXTS = [
  '',
  ' ',
  '"',
  '""',
  ',',
  '\r',
  '\n',
  '\r\n',
  'a\r\nb\nc\rd',
  '=HYPERLINK("x","y")',
  '+1',
  '-1',
  '@a',
  '\t',
  '\\.',
  'a\n\\.\nb',
  '\\N',
  'NULL',
  '\\',
  "'",
  '\uFEFF',
  '\uFFFD',
  '\u2028',
  '\u0001\u007F',
  '日本語の題名',
  '👩‍👩‍👧‍👦🇯🇵',
  '\u{10FFFF}',
  ' x ',
  '0012',
  '1e5',
];

const trickyText = fc.constantFrom(...TRICKY_TEXTS);

/** Text that a database can hold. */
export const storable: fc.Arbitrary<string> = fc
  .oneof(
    trickyText,
    fc.array(trickyText, { maxLength: 4 }).map((parts) => parts.join('')),
    fc.string({ unit: 'grapheme', maxLength: 30 }),
    fc.string({ unit: 'binary', maxLength: 30 }),
  )
  .map((text) => storableText(text).text);

const count = fc.option(fc.oneof(fc.nat(), fc.constantFrom(0, Number.MAX_SAFE_INTEGER)));
const instant = fc.option(
  fc
    .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
    .map((date) => date.toISOString().replace('.000Z', 'Z')),
);
const idCharacter = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_');

export const videoId: fc.Arbitrary<string> = fc.string({ unit: idCharacter, minLength: 11, maxLength: 11 });
export const channelId: fc.Arbitrary<string> = fc
  .string({ unit: idCharacter, minLength: 22, maxLength: 22 })
  .map((rest) => `UC${rest}`);

export const channel: fc.Arbitrary<Channel> = fc.record({
  id: channelId,
  title: storable,
  handle: fc.option(storable.map((text) => `@${text}`)),
  description: fc.option(storable),
  subscriberCount: count,
  iconUrl: fc.option(storable),
});

export function videoOfChannel(id: fc.Arbitrary<string>, channelOfIt: string): fc.Arbitrary<Video> {
  return fc.record({
    id,
    channelId: fc.constant(channelOfIt),
    title: storable,
    description: fc.option(storable),
    url: storable,
    thumbnailUrl: fc.option(storable),
    durationSeconds: fc.option(fc.integer({ min: 0, max: LONGEST_DURATION_SECONDS })),
    publishedAt: instant,
    broadcast: fc.boolean(),
    startedAt: instant,
    viewCount: count,
    likeCount: count,
    commentCount: count,
  });
}

/** Channels with their videos; no id twice. */
export const catalogue: fc.Arbitrary<readonly { readonly channel: Channel; readonly videos: readonly Video[] }[]> = fc
  .uniqueArray(channel, { selector: ({ id }) => id, maxLength: 3 })
  .chain((channels) =>
    fc.tuple(
      ...channels.map((of, index) =>
        fc
          .uniqueArray(videoOfChannel(videoId, of.id), { selector: ({ id }) => id, maxLength: 12 })
          .map((videos) => ({ channel: of, videos: videos.map((video) => ({ ...video, id: `${index}${video.id}` })) })),
      ),
    ),
  );

export function sampleChannel(differing: Partial<Channel> = {}): Channel {
  return {
    id: 'UCaaaaaaaaaaaaaaaaaaaaaa',
    title: 'A channel',
    handle: '@channel',
    description: 'About it',
    subscriberCount: 1000,
    iconUrl: 'https://images.example/icon.jpg',
    ...differing,
  };
}

export function sampleVideo(differing: Partial<Video> = {}): Video {
  const id = differing.id ?? 'video000001';
  return {
    id,
    channelId: 'UCaaaaaaaaaaaaaaaaaaaaaa',
    title: `Title of ${id}`,
    description: 'What it shows',
    url: `https://www.youtube.com/watch?v=${id}`,
    thumbnailUrl: null,
    durationSeconds: 61,
    publishedAt: '2025-08-08T12:00:17Z',
    broadcast: false,
    startedAt: null,
    viewCount: 3,
    likeCount: null,
    commentCount: 0,
    ...differing,
  };
}
