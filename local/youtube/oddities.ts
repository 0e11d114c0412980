import { type Broadcast, type CatalogueVideo, THUMBNAIL_SIZES } from './model';

/** What makes a video unusual. */
export type Oddity = (video: CatalogueVideo) => Partial<CatalogueVideo>;

const HOUR_MS = 3_600_000;

/** Titles that files, databases and spreadsheets stumble over. */
export const ODD_TITLES: readonly string[] = [
  '"引用符" と ""二重"" と \'一重\'',
  'りんご,みかん,ぶどう, and one more, with commas',
  '一行目\n二行目\r\n三行目',
  '👩‍👩‍👧‍👦と🏳️‍🌈とe\u0301と🇯🇵',
  '=1+1 は何?表計算で遊ぶ回',
  '@SUM(1+1) から始まる題名',
  '+81 に電話してみた',
  '-5℃の朝に撮りました',
  '見えない文字\u0000が入っています',
  'タブ\tと\\逆斜線\\N',
  '\\.',
  'NULL',
  '  前後に空白  ',
  'مرحبا بالعالم שלום עולם',
  '長'.repeat(100),
  '𠮷'.repeat(100),
  '\u{1f600}'.repeat(50),
  "Robert'); DROP TABLE videos;--",
];

const titled = ODD_TITLES.map(
  (title): Oddity =>
    () => ({ title }),
);

function broadcast(
  state: Broadcast['state'],
  scheduledStart: number,
  actualStart?: number,
  actualEnd?: number,
): Broadcast {
  const iso = (ms: number | undefined) => (ms === undefined ? null : instantText(ms));
  return {
    state,
    scheduledStart: instantText(scheduledStart),
    actualStart: iso(actualStart),
    actualEnd: iso(actualEnd),
  };
}

/** ISO 8601 in UTC, to the second, as the API writes instants. */
export function instantText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** A broadcast that began when the video was published. */
export function finished(publishedAt: string, seconds: number): Broadcast {
  const start = Date.parse(publishedAt);
  return broadcast('finished', start, start + 17_000, start + 17_000 + seconds * 1000);
}

export function upcoming(startMs: number): Broadcast {
  return broadcast('upcoming', startMs);
}

/** A live broadcast never has an end, nor has it a duration. */
export function live(startMs: number): Broadcast {
  return broadcast('live', startMs, startMs + 4000);
}

function finishedStream(seconds: number): Oddity {
  return ({ publishedAt }) => ({ broadcast: finished(publishedAt, seconds), durationSeconds: seconds });
}

/** One of each trait that a video can have. */
export const ODDITIES: readonly Oddity[] = [
  ({ publishedAt }) => ({ broadcast: finished(publishedAt, 212), durationSeconds: 212, premiere: true }),
  () => ({ membersOnly: true }),
  () => ({ ageLimited: true }),
  () => ({ thumbnails: null }),
  () => ({ thumbnails: [] }),
  () => ({ thumbnails: THUMBNAIL_SIZES.slice(0, 1) }),
  () => ({ counts: null }),
  ({ counts }) => ({ counts: counts && { ...counts, likes: null } }),
  ({ counts }) => ({ counts: counts && { ...counts, comments: null } }),
  () => ({ counts: { views: 0, likes: 0, comments: 0 } }),
  () => ({ counts: { views: 9_876_543_210, likes: 45_000_000, comments: 3_100_000 } }),
  () => ({ durationSeconds: 0, broadcast: null }),
  () => ({ durationSeconds: null, broadcast: null }),
  finishedStream(200 * 3600),
  finishedStream(99 * 3600 + 59 * 60 + 59),
  finishedStream(86_400),
  // A stream that was announced and never held.
  ({ publishedAt }) => ({
    broadcast: broadcast('finished', Date.parse(publishedAt) + 2 * HOUR_MS),
    durationSeconds: null,
  }),
  () => ({ description: '' }),
  ({ id }) => ({ description: { seed: id, bytes: 5000 } }),
  ...titled,
];
