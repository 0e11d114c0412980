import { orderedMap } from '../ordered-map';
import type { Log } from '../ports/log';
import type { ObjectStore } from '../ports/object-store';
import type { VideoResource, YoutubeApi } from '../ports/youtube-api';
import type { Video } from './catalogue';
import type { Reading } from './fetch-progress';
import { videoOf } from './normal-form';
import { writeVideoLot } from './video-lots';

/** Ids that one videos.list takes (developers.google.com/youtube/v3/docs/videos/list, parameter `id`), and items of a page of a list. */
export const IDS_A_REQUEST = 50;
/** Requests in flight. */
const REQUESTS_AT_ONCE = 4;
/** Videos of one lot: at the most that the API gives of each, a few megabytes. */
const LOT_VIDEOS = 500;

export interface DetailsTools {
  readonly api: YoutubeApi;
  readonly output: ObjectStore;
  /** The key of the reading's lot of that number, from 0 on. */
  readonly lotKey: (number: number) => string;
  readonly save: () => Promise<void>;
  readonly log: Log;
}

/** What videos.list says of some ids. */
export interface VideoAnswers {
  /** In the order of the ids. */
  readonly videos: readonly Video[];
  /** Ids that are not there for the public. */
  readonly gone: readonly string[];
  readonly replacedCharacters: number;
}

/**
 * Reads the videos of `ids`, which are asked for nowhere else, into lots of the reading. Where a request fails, what the others got is kept
 * before the failure is thrown.
 *
 * In memory is one lot, and the answers that are under way.
 *
 * @throws YoutubeError, StorageError
 */
export async function readDetails(reading: Reading, ids: readonly string[], tools: DetailsTools): Promise<void> {
  const lot = new OpenLot(reading, tools);
  const failures: unknown[] = [];
  const answers = orderedMap(
    batchesUnless(ids, () => failures.length > 0),
    REQUESTS_AT_ONCE,
    (batch) =>
      askFor(tools.api, batch, tools.log).catch((error: unknown) => {
        failures.push(error);
        return undefined;
      }),
  );
  for await (const answer of answers) if (answer !== undefined) await lot.add(answer, reading.channelId);
  await lot.finish();
  if (failures.length > 0) throw failures[0];
}

/** Asks for at most {@link IDS_A_REQUEST} ids. @throws YoutubeError */
export async function askFor(api: YoutubeApi, ids: readonly string[], log: Log): Promise<VideoAnswers> {
  const answered = (await api.videos(ids)).filter(isPublic);
  const resources = new Map(answered.map((resource) => [resource.id, resource]));
  const found = ids.map((id) => resources.get(id)).filter((resource) => resource !== undefined);
  const normal = found.map((resource) => normalVideo(resource, log));
  return {
    videos: normal.map(({ video }) => video),
    gone: ids.filter((id) => !resources.has(id)),
    replacedCharacters: normal.reduce((sum, { replacedCharacters }) => sum + replacedCharacters, 0),
  };
}

/** Whoever knows the id of an unlisted video is answered with it, though its owner has taken it out of the channel. */
function isPublic({ status }: VideoResource): boolean {
  return (status?.privacyStatus ?? 'public') === 'public';
}

function normalVideo(resource: VideoResource, log: Log): ReturnType<typeof videoOf> {
  const normal = videoOf(resource);
  if (normal.unreadable.length > 0) {
    log.warn('Fields of a video cannot be read and are taken as missing.', {
      video: normal.video.id,
      fields: normal.unreadable.join(', '),
    });
  }
  return normal;
}

/** Ends early once somebody has failed. */
function* batchesUnless(ids: readonly string[], failed: () => boolean): Generator<readonly string[], void, undefined> {
  for (let at = 0; at < ids.length && !failed(); at += IDS_A_REQUEST) yield ids.slice(at, at + IDS_A_REQUEST);
}

/** The lot that is being filled. The reading learns of answers when they are in the store. */
class OpenLot {
  readonly #reading: Reading;
  readonly #tools: DetailsTools;
  #videos: Video[] = [];
  #gone: string[] = [];
  #replacedCharacters = 0;

  constructor(reading: Reading, tools: DetailsTools) {
    this.#reading = reading;
    this.#tools = tools;
  }

  async add({ videos, gone, replacedCharacters }: VideoAnswers, channelId: string): Promise<void> {
    const own = videos.filter((video) => video.channelId === channelId);
    const moved = videos.filter((video) => video.channelId !== channelId).map(({ id }) => id);
    if (moved.length > 0) {
      this.#tools.log.warn('Videos belong to another channel now, and are gone from this one.', {
        channel: channelId,
        videos: moved.join(', '),
      });
    }
    this.#videos.push(...own);
    this.#gone.push(...gone, ...moved);
    this.#replacedCharacters += replacedCharacters;
    if (this.#videos.length + this.#gone.length >= LOT_VIDEOS) await this.finish();
  }

  /** Writes what there is, if anything. */
  async finish(): Promise<void> {
    const { lots, gone } = this.#reading;
    if (this.#videos.length + this.#gone.length === 0) return;
    if (this.#videos.length > 0) {
      const key = this.#tools.lotKey(lots.length);
      await writeVideoLot(this.#tools.output, key, this.#videos);
      lots.push({ key, ids: this.#videos.map(({ id }) => id) });
    }
    gone.push(...this.#gone);
    this.#reading.replacedCharacters += this.#replacedCharacters;
    this.#videos = [];
    this.#gone = [];
    this.#replacedCharacters = 0;
    await this.#tools.save();
  }
}
