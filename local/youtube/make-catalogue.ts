import { Random } from '../sample/random';
import { Catalogue } from './catalogue';
import { type CatalogueChannel, type CatalogueVideo, newChannel, newVideo } from './model';
import { finished, instantText, live, ODDITIES, upcoming } from './oddities';
import { type ChannelVoice, fill, VOICES } from './voices';

export interface CatalogueOptions {
  /** Another seed gives other ids, titles and numbers. */
  readonly seed?: string;
  readonly channels?: number;
  /** Videos in each channel's uploads list, or one number for each channel, the last of them for all that follow. */
  readonly videos?: number | readonly number[];
  /** Epoch ms: the newest videos are of the hours before it. */
  readonly now?: number;
  /** Whether there is one of each unusual video, as far as half of a channel's videos suffice. */
  readonly oddities?: boolean;
  /** The longest description of an ordinary video, in bytes of UTF-8. */
  readonly descriptionBytes?: number;
}

const HOUR_MS = 3_600_000;
/** About how far apart a channel's videos are; closer where it would have begun before YouTube. */
const USUAL_SPACING_MS = 31 * HOUR_MS;
const EARLIEST = Date.UTC(2008, 0, 1);

/** How many of a channel's newest videos are still to come, or going on. */
const RUNNING = 2;

/**
 * Channels with believable Japanese and English videos, streams and premieres. The same options give the same catalogue, and the
 * catalogue of a seed with more videos begins with the same ids. Besides the uploads, every channel has a private and an unlisted video.
 */
export function makeCatalogue(options: CatalogueOptions = {}): Catalogue {
  const { seed = 'makoto', channels = 3, videos = [120, 46, 18], now = Date.UTC(2025, 7, 11, 3) } = options;
  const catalogue = new Catalogue();
  const counts = typeof videos === 'number' ? [videos] : videos;
  const made = Array.from({ length: channels }, (_, number) => {
    const voice = voiceOf(number);
    const channel = makeChannel(`${seed}/${number}`, voice);
    const count = counts[number] ?? counts.at(-1) ?? 0;
    const plan = { ...options, seed: `${seed}/${number}`, voice, channel, count, now };
    return { channel, videos: [...hiddenVideos(plan), ...Array.from({ length: count }, (_, i) => makeVideo(plan, i))] };
  });
  return made.length === 0
    ? catalogue
    : new Catalogue({ channels: made.map(({ channel }) => channel), videos: made.flatMap((one) => one.videos) });
}

interface ChannelPlan extends Pick<CatalogueOptions, 'oddities' | 'descriptionBytes'> {
  readonly seed: string;
  readonly voice: ChannelVoice;
  readonly channel: CatalogueChannel;
  readonly count: number;
  readonly now: number;
}

function voiceOf(number: number): ChannelVoice {
  const voice = VOICES[number % VOICES.length];
  if (voice === undefined) throw new RangeError('There is no voice to make a channel from.');
  const round = Math.floor(number / VOICES.length) + 1;
  return round === 1 ? voice : { ...voice, title: `${voice.title} ${round}`, handle: `${voice.handle}-${round}` };
}

function makeChannel(seed: string, { title, handle, description }: ChannelVoice): CatalogueChannel {
  const random = new Random(`${seed}/channel`);
  return newChannel({
    id: `UC${idText(random, 21)}${random.pick([...'AQgw'])}`,
    title,
    handle,
    description,
    viewCount: random.integer(10_000, 90_000_000),
    subscriberCount: random.integer(10, 9_999) * 100,
  });
}

/** Video `index` of the channel's uploads, 0 the oldest. */
function makeVideo(plan: ChannelPlan, index: number): CatalogueVideo {
  const fromNewest = plan.count - 1 - index;
  if (plan.oddities !== false && plan.count > 2 * RUNNING && fromNewest < RUNNING) {
    return { ...ordinaryVideo(plan, index, 1), durationSeconds: null, broadcast: running(fromNewest, plan.now) };
  }
  const video = ordinaryVideo(plan, index);
  const oddity = oddityOf(plan, index);
  return oddity === undefined ? video : { ...video, ...oddity(video) };
}

function running(fromNewest: number, now: number) {
  return fromNewest === 0 ? upcoming(now + 20 * HOUR_MS) : live(now - HOUR_MS);
}

/** Oddities are spread evenly, every other channel beginning with another one. */
function oddityOf({ oddities, count, seed }: ChannelPlan, index: number) {
  const places = Math.min(ODDITIES.length, Math.floor(count / 2));
  if (oddities === false || places === 0) return undefined;
  const spacing = Math.floor(count / places);
  const place = index / spacing;
  if (!Number.isInteger(place) || place >= places) return undefined;
  const start = places === ODDITIES.length ? 0 : new Random(`${seed}/oddities`).integer(0, ODDITIES.length - 1);
  return ODDITIES[(start + place) % ODDITIES.length];
}

function ordinaryVideo(plan: ChannelPlan, index: number, streamShare = plan.voice.streamShare): CatalogueVideo {
  const { seed, voice, channel, count, now, descriptionBytes = 600 } = plan;
  const random = new Random(`${seed}/${index}`);
  const id = videoId(random);
  const spacing = Math.min(USUAL_SPACING_MS, Math.floor((now - EARLIEST) / (count + 1)));
  const publishedAt = instantText(now - (count - index) * spacing + random.integer(0, Math.floor(spacing / 2)));
  const streamed = random.integer(0, 99) < streamShare * 100;
  const durationSeconds = streamed ? random.integer(1800, 5 * 3600) : random.integer(31, 1900);
  const views = random.integer(80, 400_000);
  return newVideo({
    id,
    channelId: channel.id,
    title: fill(random.pick(streamed ? voice.streams : voice.videos), voice.slots, index + 1, (words) =>
      random.pick(words),
    ),
    description: { seed: id, bytes: random.integer(0, descriptionBytes) },
    publishedAt,
    broadcast: streamed ? finished(publishedAt, durationSeconds) : null,
    durationSeconds,
    counts: {
      views,
      likes: Math.floor(views / random.integer(8, 40)),
      comments: Math.floor(views / random.integer(90, 600)),
    },
  });
}

/** What the owner keeps out of the uploads list. */
function hiddenVideos(plan: ChannelPlan): CatalogueVideo[] {
  if (plan.oddities === false) return [];
  return (['private', 'unlisted'] as const).map((privacy, place) => ({
    ...ordinaryVideo({ ...plan, seed: `${plan.seed}/${privacy}` }, Math.max(0, plan.count - 1 - place)),
    privacy,
  }));
}

const ID_ALPHABET = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'];

function idText(random: Random, length: number): string {
  return Array.from({ length }, () => random.pick(ID_ALPHABET)).join('');
}

/** 64 bits: the last of the 11 characters has only four. */
function videoId(random: Random): string {
  return `${idText(random, 10)}${random.pick([...'AEIMQUYcgkosw048'])}`;
}

export interface CatalogueCounts {
  readonly channels: number;
  /** Public videos of any kind. */
  readonly videos: number;
  /** Those that were, are or will be broadcast and are no premieres. */
  readonly streams: number;
  readonly premieres: number;
}

/** What a whole sync of these channels, or of all, has to find. */
export function countsOf(catalogue: Catalogue, channelIds?: readonly string[]): CatalogueCounts {
  const ids = channelIds ?? catalogue.channels().map(({ id }) => id);
  const videos = ids.flatMap((id) => catalogue.uploads(id));
  const premieres = videos.filter(({ premiere }) => premiere).length;
  return {
    channels: ids.length,
    videos: videos.length,
    streams: videos.filter(({ broadcast, premiere }) => broadcast !== null && !premiere).length,
    premieres,
  };
}
