import { youtube, type youtube_v3 } from '@googleapis/youtube';
import type { z } from 'zod';
import { YoutubeError } from '../errors';
import { Masker } from '../logging/masking';
import type {
  ChannelName,
  ChannelResource,
  Conditional,
  UploadsPage,
  VideoResource,
  YoutubeApi,
} from '../ports/youtube-api';
import type { Secret } from '../secret';
import { readApiKey } from './api-key';
import {
  CHANNELS_MASK,
  channelList,
  PLAYLIST_ITEMS_MASK,
  playlistItemList,
  problemOf,
  VIDEOS_MASK,
  videoList,
} from './youtube-answers';
import {
  answerError,
  headerOf,
  notFound,
  transportError,
  unusableAnswer,
  type YoutubeAnswer,
  type YoutubeCall,
} from './youtube-errors';

export interface YoutubeDataApiSettings {
  readonly apiKey: Secret;
  /** Where the API is, in place of Google's: scheme, host, port and, where there is one, the path before `/youtube/v3`. */
  readonly rootUrl?: string | undefined;
  /** What one request may take until its answer is whole, in milliseconds; 30 s if not given. */
  readonly timeoutMs?: number | undefined;
}

const GOOGLE = 'https://youtube.googleapis.com';
const DEFAULT_TIMEOUT_MS = 30_000;

/** The most items that the API puts into one answer. */
const PAGE_SIZE = 50;

type Send = (options: {
  readonly rootUrl: string;
  readonly headers: Record<string, string>;
}) => Promise<{ status: number; headers: unknown; data: unknown }>;

/**
 * The YouTube Data API v3 through Google's own client. Every call is one request: nothing is tried again, and no redirect followed.
 *
 * The key travels in the header `X-Goog-Api-Key` (cloud.google.com/apis/docs/system-parameters) and not, as the client would send
 * it, in the query: addresses end up in the logs of proxies and in errors. The client's errors hold the whole request, so that nothing
 * of them is kept but names, codes and texts from which the key was taken out.
 *
 * Requests go through Node's own fetch, which keeps connections open. A proxy that the environment names is used where Node is told to
 * (`NODE_USE_ENV_PROXY`).
 *
 * @throws YoutubeError `youtube_key_invalid` or `youtube_request_invalid`, of kind `configuration`, where the key or the address
 * cannot be used
 */
export function createYoutubeApi(settings: YoutubeDataApiSettings): YoutubeApi {
  return new YoutubeDataApi(settings);
}

class YoutubeDataApi implements YoutubeApi {
  readonly name: string;
  readonly #client: youtube_v3.Youtube;
  readonly #timeoutMs: number;
  readonly #masker: Masker;

  constructor({ apiKey, rootUrl = GOOGLE, timeoutMs = DEFAULT_TIMEOUT_MS }: YoutubeDataApiSettings) {
    const key = readApiKey(apiKey);
    this.name = readRootUrl(rootUrl);
    this.#timeoutMs = timeoutMs;
    this.#masker = new Masker([key]);
    this.#client = openClient(key, timeoutMs);
  }

  async channel(name: ChannelName, etag?: string): Promise<Conditional<ChannelResource>> {
    const filter = 'id' in name ? { id: [name.id] } : { forHandle: `@${name.handle.replace(/^@/, '')}` };
    const call = this.#call(`Reading the channel ${'id' in name ? name.id : filter.forHandle}`, 'channel');
    const part = ['snippet,contentDetails,statistics'];
    const answer = await this.#ask(call, etag, (options) =>
      this.#client.channels.list({ ...filter, part, fields: CHANNELS_MASK }, options),
    );
    if (answer === 'unchanged') return { unchanged: true };
    const list = read(channelList, answer, call);
    const [channel] = list.items;
    if (channel === undefined) throw notFound(call);
    return changed(channel, answer, list.etag);
  }

  async uploadsPage(playlistId: string, pageToken?: string, etag?: string): Promise<Conditional<UploadsPage>> {
    const which = pageToken === undefined ? 'the first page' : 'a later page';
    const call = this.#call(`Reading ${which} of the uploads list ${playlistId}`, 'playlist');
    const page = pageToken === undefined ? {} : { pageToken };
    const fields = PLAYLIST_ITEMS_MASK;
    const answer = await this.#ask(call, etag, (options) =>
      this.#client.playlistItems.list(
        { playlistId, ...page, part: ['contentDetails'], maxResults: PAGE_SIZE, fields },
        options,
      ),
    );
    if (answer === 'unchanged') return { unchanged: true };
    const list = read(playlistItemList, answer, call);
    const next = list.nextPageToken ?? undefined;
    const total = list.pageInfo?.totalResults ?? undefined;
    const value: UploadsPage = {
      videoIds: list.items.map(({ contentDetails }) => contentDetails.videoId),
      ...(next === undefined ? {} : { next }),
      ...(total === undefined ? {} : { total }),
    };
    return changed(value, answer, list.etag);
  }

  async videos(ids: readonly string[]): Promise<readonly VideoResource[]> {
    const [first] = ids;
    if (first === undefined || ids.length > PAGE_SIZE) {
      throw new YoutubeError(`${ids.length} videos are not one request. Ask for 1 to ${PAGE_SIZE} of them.`, {
        code: 'youtube_request_invalid',
        kind: 'permanent',
      });
    }
    const others = ids.length === 1 ? '' : ` and ${ids.length - 1} others`;
    const call = this.#call(`Reading the video ${first}${others}`, 'videos');
    const part = ['snippet,contentDetails,status,statistics,liveStreamingDetails'];
    // Without maxResults: the API does not support it beside ids, and answers with all of them.
    const answer = await this.#ask(call, undefined, (options) =>
      this.#client.videos.list({ id: [ids.join(',')], part, fields: VIDEOS_MASK }, options),
    );
    return answer === 'unchanged' ? [] : read(videoList, answer, call).items;
  }

  #call(action: string, subject: YoutubeCall['subject']): YoutubeCall {
    return { action, api: this.name, subject, mask: (text) => this.#masker.maskText(text) };
  }

  /** Sends one request; `unchanged` is answered only where an etag was sent. */
  async #ask(call: YoutubeCall, etag: string | undefined, send: Send): Promise<YoutubeAnswer | 'unchanged'> {
    const answer = await this.#send(call, etag, send);
    if (answer.status === 304 && etag !== undefined) return 'unchanged';
    if (answer.status !== 200) throw answerError(answer, call);
    return answer;
  }

  async #send(call: YoutubeCall, etag: string | undefined, send: Send): Promise<YoutubeAnswer> {
    try {
      const condition = etag === undefined ? {} : { 'If-None-Match': etag };
      // With each request: of an address that is given to the client as a whole, it leaves the path out.
      const { status, headers, data } = await send({ rootUrl: this.name, headers: condition });
      return { status, headers, body: data };
    } catch (error) {
      throw transportError(error, call, this.#timeoutMs);
    }
  }
}

function openClient(key: string, timeoutMs: number): youtube_v3.Youtube {
  return youtube({
    version: 'v3',
    headers: { 'X-Goog-Api-Key': key },
    timeout: timeoutMs,
    retry: false,
    // The headers would go along to wherever a redirect leads.
    redirect: 'manual',
    responseType: 'json',
    // Every status is an answer that youtube-errors.ts reads, not an error of the client's.
    validateStatus: () => true,
    fetchImplementation: globalThis.fetch,
    // Both keep the client from reading the environment: a proxy's agent would be of no use to fetch.
    noProxy: [/^/],
    universeDomain: 'googleapis.com',
  });
}

function read<Schema extends z.ZodType>(schema: Schema, { body }: YoutubeAnswer, call: YoutubeCall): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw unusableAnswer(call, problemOf(body, parsed.error));
  return parsed.data;
}

/** The etag of the header is the one to send back; the API also puts it, without the quotes, into the body. */
function changed<Value>(value: Value, answer: YoutubeAnswer, inBody: string | null | undefined): Conditional<Value> {
  const etag = headerOf(answer, 'etag') ?? inBody ?? undefined;
  return { unchanged: false, value, ...(etag === undefined ? {} : { etag }) };
}

function readRootUrl(rootUrl: string): string {
  const url = URL.canParse(rootUrl) ? new URL(rootUrl) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && !/[?#]/.test(rootUrl)) {
    return url.href.replace(/\/+$/, '');
  }
  throw new YoutubeError(
    `The address of the YouTube Data API cannot be used. Expected one such as ${GOOGLE} in YOUTUBE_API_URL, without user name or query.`,
    { code: 'youtube_request_invalid', kind: 'configuration' },
  );
}
