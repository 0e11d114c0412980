import type { Catalogue } from '../../local/youtube/catalogue';
import { answerOf, type Endpoint } from '../../local/youtube/endpoints';
import { YoutubeError } from '../../shared/errors';
import type {
  ChannelName,
  ChannelResource,
  Conditional,
  UploadsPage,
  VideoResource,
  YoutubeApi,
} from '../../shared/ports/youtube-api';

/** The stand-in's answers without its server: the API for tests that may not use the network. Counts its units. */
export class InProcessYoutubeApi implements YoutubeApi {
  readonly name = 'the stand-in, in this process';
  units = 0;

  constructor(readonly catalogue: Catalogue) {}

  async channel(name: ChannelName): Promise<Conditional<ChannelResource>> {
    const which = 'id' in name ? { id: name.id } : { forHandle: name.handle };
    const { items = [] } = this.#ask('channels', { part: 'snippet,contentDetails,statistics', ...which });
    const [channel] = items as ChannelResource[];
    if (channel === undefined) {
      const code = 'youtube_channel_not_found';
      throw new YoutubeError('There is no such channel.', { code, kind: 'configuration' });
    }
    return { unchanged: false, value: channel };
  }

  async uploadsPage(playlistId: string, pageToken?: string): Promise<Conditional<UploadsPage>> {
    const token = pageToken === undefined ? {} : { pageToken };
    const page = this.#ask('playlistItems', { part: 'contentDetails', playlistId, maxResults: '50', ...token });
    const items = (page.items ?? []) as { readonly contentDetails: { readonly videoId: string } }[];
    const videoIds = items.map(({ contentDetails }) => contentDetails.videoId);
    const { nextPageToken: next, pageInfo } = page;
    const value = { videoIds, ...(next && { next }), ...(pageInfo && { total: pageInfo.totalResults }) };
    return { unchanged: false, value };
  }

  async videos(ids: readonly string[]): Promise<readonly VideoResource[]> {
    const part = 'snippet,contentDetails,status,statistics,liveStreamingDetails';
    const { items = [] } = this.#ask('videos', { part, id: ids.join(','), maxResults: '50' });
    return items as VideoResource[];
  }

  #ask(endpoint: Endpoint, query: Readonly<Record<string, string>>): ListAnswer {
    this.units += 1;
    return answerOf(endpoint, new URLSearchParams(query), this.catalogue) as ListAnswer;
  }
}

interface ListAnswer {
  readonly items?: readonly object[];
  readonly nextPageToken?: string;
  readonly pageInfo?: { readonly totalResults: number };
}
