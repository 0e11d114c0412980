import { createHash } from 'node:crypto';
import { YoutubeError } from '../../shared/errors';
import type {
  ChannelName,
  ChannelResource,
  Conditional,
  UploadsPage,
  VideoResource,
  YoutubeApi,
} from '../../shared/ports/youtube-api';
import { sameHandle } from '../../shared/youtube/channel-names';

const PAGE = 50;

export interface FakeVideo {
  readonly id: string;
  readonly title: string;
  readonly description?: string;
  /** An unlisted one is answered by its id, but stands in no list. */
  readonly listed: boolean;
  /** Where it belongs, if not to the channel that lists it. */
  readonly channelId?: string;
}

/** A channel with its videos, newest first. What is not there for the public is not in it. */
export class FakeChannel {
  readonly id: string;
  readonly handle: string;
  title = 'A channel';
  videos: FakeVideo[] = [];
  /** Whether the API tells how many videos the channel has. */
  countsVideos = true;
  hasPlaylist = true;
  #uploaded = 0;

  constructor(id = 'UC-fake-channel-000000000', handle = '@fake', videos = 0) {
    this.id = id;
    this.handle = handle;
    for (let made = 0; made < videos; made++) this.upload();
  }

  get uploadsId(): string {
    return `UU${this.id.slice(2)}`;
  }

  /** @param place 0 is the newest */
  upload({ place = 0, listed = true, description }: { place?: number; listed?: boolean; description?: string } = {}) {
    this.#uploaded += 1;
    const id = `v${String(this.#uploaded).padStart(10, '0')}`;
    const video = { id, title: `Title of ${id}`, listed, ...(description === undefined ? {} : { description }) };
    this.videos.splice(place, 0, video);
    return video;
  }

  remove(place: number): void {
    this.videos.splice(place, 1);
  }

  change(place: number, differing: Partial<FakeVideo>): void {
    const video = this.videos[place];
    if (video !== undefined) this.videos[place] = { ...video, ...differing };
  }

  /** Ids as the uploads list has them. */
  get listed(): string[] {
    return this.videos.filter(({ listed }) => listed).map(({ id }) => id);
  }
}

export type FakeRequest =
  | { readonly method: 'channel'; readonly name: ChannelName }
  | { readonly method: 'uploadsPage'; readonly token: string | undefined; readonly etag: string | undefined }
  | { readonly method: 'videos'; readonly ids: readonly string[] };

/** The API over channels in this process's memory. A page token is a place in the list, as the real ones are. */
export class FakeYoutubeApi implements YoutubeApi {
  readonly name = 'an API in memory';
  readonly channels: FakeChannel[];
  /** Every request, also those that failed. */
  readonly requests: FakeRequest[] = [];
  /** Every request that was answered. */
  readonly answered: FakeRequest[] = [];
  /** Runs before each request is answered, with its number from 1 on: may change the catalogue, and what it throws is the answer. */
  before: (number: number, request: FakeRequest) => void | Promise<void> = () => undefined;
  /** `changing`: another one for the same content each time, as is reported of the real ones. */
  etags: 'of the content' | 'changing' | 'none' = 'of the content';
  /** Whether pages say how long the list is. */
  totals = true;
  /** Tokens that were given under another generation are not good any more. */
  tokenGeneration = 1;

  constructor(...channels: FakeChannel[]) {
    this.channels = channels;
  }

  count(method: FakeRequest['method']): number {
    return this.requests.filter((request) => request.method === method).length;
  }

  channel(name: ChannelName): Promise<Conditional<ChannelResource>> {
    return this.#answer({ method: 'channel', name }, () => {
      const found = this.channels.find((channel) =>
        'id' in name ? channel.id === name.id : sameHandle(channel.handle, name.handle),
      );
      if (found === undefined) {
        throw new YoutubeError('There is no such channel.', { code: 'youtube_channel_not_found', kind: 'permanent' });
      }
      return { unchanged: false, value: channelResource(found) };
    });
  }

  uploadsPage(playlistId: string, token?: string, etag?: string): Promise<Conditional<UploadsPage>> {
    return this.#answer({ method: 'uploadsPage', token, etag }, () => {
      const channel = this.channels.find((each) => each.uploadsId === playlistId && each.hasPlaylist);
      if (channel === undefined) {
        throw new YoutubeError('There is no such playlist.', { code: 'youtube_playlist_not_found', kind: 'permanent' });
      }
      const value = this.#page(channel.listed, this.#placeOf(token));
      const now = this.#etagOf(value);
      if (etag !== undefined && etag === now) return { unchanged: true };
      return { unchanged: false, value, ...(now === undefined ? {} : { etag: now }) };
    });
  }

  videos(ids: readonly string[]): Promise<readonly VideoResource[]> {
    return this.#answer({ method: 'videos', ids }, () => {
      if (ids.length === 0 || ids.length > PAGE || new Set(ids).size !== ids.length) {
        throw new YoutubeError(`Not so many ids: ${ids.length}.`, {
          code: 'youtube_request_invalid',
          kind: 'permanent',
        });
      }
      const wanted = new Set(ids);
      const found = this.channels.flatMap((channel) =>
        channel.videos.filter(({ id }) => wanted.has(id)).map((video) => videoResource(video, channel.id)),
      );
      // In another order than they were asked for.
      return found.reverse();
    });
  }

  async #answer<Answer>(request: FakeRequest, make: () => Answer): Promise<Answer> {
    this.requests.push(request);
    await this.before(this.requests.length, request);
    const answer = make();
    this.answered.push(request);
    return answer;
  }

  #page(listed: readonly string[], from: number): UploadsPage {
    const to = from + PAGE;
    return {
      videoIds: listed.slice(from, to),
      ...(to < listed.length ? { next: `${this.tokenGeneration}:${to}` } : {}),
      ...(this.totals ? { total: listed.length } : {}),
    };
  }

  #placeOf(token: string | undefined): number {
    if (token === undefined) return 0;
    const [generation, place] = token.split(':').map(Number);
    if (generation === this.tokenGeneration && place !== undefined) return place;
    throw new YoutubeError('The token is not good.', { code: 'youtube_page_token_invalid', kind: 'permanent' });
  }

  #etagOf(page: UploadsPage): string | undefined {
    if (this.etags === 'none') return undefined;
    return digest(this.etags === 'changing' ? String(this.requests.length) : JSON.stringify(page));
  }
}

function digest(text: string | null | undefined): string {
  return createHash('sha1').update(String(text)).digest('hex');
}

function channelResource(channel: FakeChannel): ChannelResource {
  return {
    id: channel.id,
    snippet: { title: channel.title, customUrl: channel.handle },
    contentDetails: { relatedPlaylists: { uploads: channel.uploadsId } },
    statistics: channel.countsVideos ? { videoCount: String(channel.listed.length) } : {},
  };
}

function videoResource({ id, title, description = '', channelId }: FakeVideo, listedBy: string): VideoResource {
  return {
    id,
    snippet: { title, description, channelId: channelId ?? listedBy, publishedAt: '2025-08-01T00:00:00Z' },
    contentDetails: { duration: 'PT1M' },
    statistics: { viewCount: '1' },
  };
}
