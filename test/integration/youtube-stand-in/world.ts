import type { Catalogue } from '../../../local/youtube/catalogue';
import {
  startYoutubeApi,
  type YoutubeApiOptions,
  type YoutubeApiStandIn,
} from '../../../local/youtube/youtube-api-server';

export const KEY = 'AIzaTestKeyOfTheStandIn';

export interface Got {
  readonly status: number;
  readonly headers: Headers;
  // The tests look into answers of any form.
  readonly body: Answered;
}

export interface Answered {
  readonly kind?: string;
  readonly etag?: string;
  readonly pageInfo?: { readonly totalResults: number; readonly resultsPerPage: number };
  readonly nextPageToken?: string;
  readonly prevPageToken?: string;
  readonly items?: readonly Readonly<Record<string, unknown>>[];
  readonly error?: Readonly<Record<string, unknown>>;
}

export type Parameters = Readonly<Record<string, string | readonly string[]>>;

let running: YoutubeApiStandIn | undefined;

/** A stand-in for one test; {@link stopAll} belongs in afterEach. */
export async function standIn(
  catalogue: Catalogue,
  options: Partial<Omit<YoutubeApiOptions, 'catalogue'>> = {},
): Promise<YoutubeApiStandIn> {
  running = await startYoutubeApi({ catalogue, apiKeys: [KEY], ...options });
  return running;
}

export async function stopAll(): Promise<void> {
  const api = running;
  running = undefined;
  await api?.stop();
}

export function addressOf(api: YoutubeApiStandIn, method: string, parameters: Parameters): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ key: KEY, ...parameters })) {
    for (const one of [value].flat()) query.append(name, one);
  }
  return `${api.url}youtube/v3/${method}?${query}`;
}

export async function get(
  api: YoutubeApiStandIn,
  method: string,
  parameters: Parameters,
  headers: Record<string, string> = {},
): Promise<Got> {
  const answer = await fetch(addressOf(api, method, parameters), { headers });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text === '' ? {} : JSON.parse(text) };
}

/** The ids of the videos of all pages of an uploads list. */
export async function readUploads(api: YoutubeApiStandIn, channelId: string, more: Parameters = {}): Promise<string[]> {
  const ids: string[] = [];
  let pageToken: string | undefined = '';
  while (pageToken !== undefined) {
    const parameters: Parameters = { part: 'contentDetails', playlistId: `UU${channelId.slice(2)}`, maxResults: '50' };
    const { status, body }: Got = await get(api, 'playlistItems', { ...parameters, ...more, pageToken });
    if (status !== 200) throw new Error(`Page ${pageToken} was answered with ${status}.`);
    for (const { contentDetails } of body.items ?? []) ids.push((contentDetails as { videoId: string }).videoId);
    pageToken = body.nextPageToken;
  }
  return ids;
}
