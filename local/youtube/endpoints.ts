import { playlistNotFound, Refusal } from './api-error';
import type { Catalogue } from './catalogue';
import { applyFields, type MessageShape } from './fields';
import type { CatalogueVideo } from './model';
import { pageToken } from './page-token';
import {
  checkNames,
  oneFilter,
  readFields,
  readIds,
  readMaxResults,
  readParts,
  readPosition,
} from './request-parameters';
import {
  channelResource,
  playlistItemResource,
  type Resource,
  searchResource,
  videoResource,
  withParts,
} from './resources';
import { CHANNEL_LIST, PLAYLIST_ITEM_LIST, SEARCH_LIST, VIDEO_LIST } from './shapes';

export type Endpoint = 'channels' | 'playlistItems' | 'videos' | 'search';

/** How long the API lists a channel's uploads (mattwright324/youtube-metadata #177). */
export const UPLOADS_LIMIT = 20_000;

interface EndpointWork {
  readonly parameters: readonly string[];
  readonly parts: readonly string[];
  readonly shape: MessageShape;
  /** @throws Refusal */
  readonly list: (query: URLSearchParams, catalogue: Catalogue) => Listing;
}

interface Listing {
  readonly kind: string;
  readonly resources: readonly Resource[];
  readonly pageInfo: { readonly totalResults: number; readonly resultsPerPage: number };
  readonly tokens?: { readonly nextPageToken?: string; readonly prevPageToken?: string };
  /** A list of channels that is empty is not there at all. */
  readonly omitWhenEmpty?: boolean;
}

const ENDPOINTS: Readonly<Record<Endpoint, EndpointWork>> = {
  channels: {
    parameters: ['id', 'forHandle', 'maxResults', 'pageToken', 'hl'],
    parts: ['snippet', 'contentDetails', 'statistics', 'status', 'brandingSettings', 'topicDetails', 'localizations'],
    shape: CHANNEL_LIST,
    list: listChannels,
  },
  playlistItems: {
    parameters: ['playlistId', 'maxResults', 'pageToken'],
    parts: ['snippet', 'contentDetails', 'status'],
    shape: PLAYLIST_ITEM_LIST,
    list: listPlaylistItems,
  },
  videos: {
    parameters: ['id', 'maxResults', 'hl'],
    parts: [
      'snippet',
      'contentDetails',
      'status',
      'statistics',
      'liveStreamingDetails',
      'player',
      'topicDetails',
      'localizations',
    ],
    shape: VIDEO_LIST,
    list: listVideos,
  },
  search: {
    parameters: ['channelId', 'type', 'order', 'q', 'maxResults', 'pageToken'],
    parts: ['snippet'],
    shape: SEARCH_LIST,
    list: search,
  },
};

export function isEndpoint(name: string): name is Endpoint {
  return Object.hasOwn(ENDPOINTS, name);
}

/** What an endpoint answers with, in the parts and fields asked for; its own etag is still empty. @throws Refusal */
export function answerOf(endpoint: Endpoint, query: URLSearchParams, catalogue: Catalogue): object {
  const { parameters, parts, shape, list } = ENDPOINTS[endpoint];
  checkNames(query, parameters);
  const wanted = readParts(query, parts);
  const mask = readFields(query, shape);
  const { kind, resources, pageInfo, tokens, omitWhenEmpty } = list(query, catalogue);
  const items = resources.map((resource) => withParts(resource, wanted));
  // The etag has its place here so that a mask can leave it out.
  const body = { kind, etag: '', ...tokens, pageInfo, ...(!(omitWhenEmpty && items.length === 0) && { items }) };
  return Object(applyFields(body, mask));
}

function listChannels(query: URLSearchParams, catalogue: Catalogue): Listing {
  const found =
    oneFilter(query, ['id', 'forHandle']) === 'id'
      ? readIds(query).map((id) => catalogue.channel(id))
      : [catalogue.channelByHandle(query.get('forHandle') ?? '')];
  const channels = found.filter((channel) => channel !== undefined);
  const page = pageOf(channels, channels.length, query);
  const resources = page.items.map((channel) => channelResource(channel, catalogue));
  return { kind: 'youtube#channelListResponse', ...page, resources, omitWhenEmpty: true };
}

function listPlaylistItems(query: URLSearchParams, catalogue: Catalogue): Listing {
  oneFilter(query, ['playlistId']);
  const channel = catalogue.channelOfPlaylist(query.get('playlistId') ?? '');
  const uploads = channel === undefined ? [] : catalogue.uploads(channel.id);
  if (channel === undefined || (uploads.length === 0 && channel.uploadsWhenEmpty === 'missing')) {
    throw new Refusal(playlistNotFound());
  }
  const page = pageOf(uploads, Math.min(uploads.length, UPLOADS_LIMIT), query);
  const resources = page.items.map((video, index) => playlistItemResource(video, channel, page.position + index));
  return { kind: 'youtube#playlistItemListResponse', ...page, resources };
}

function listVideos(query: URLSearchParams, catalogue: Catalogue): Listing {
  oneFilter(query, ['id']);
  const videos = readIds(query)
    .map((id) => catalogue.video(id))
    .filter((video) => video !== undefined && video.privacy !== 'private');
  const resources = videos.flatMap((video) => ofChannel(video, catalogue, videoResource));
  const pageInfo = { totalResults: resources.length, resultsPerPage: resources.length };
  return { kind: 'youtube#videoListResponse', resources, pageInfo };
}

function search(query: URLSearchParams, catalogue: Catalogue): Listing {
  const channelId = query.get('channelId');
  const words = (query.get('q') ?? '').toLowerCase();
  const channels = channelId === null ? catalogue.channels().map(({ id }) => id) : [channelId];
  const found = channels
    .flatMap((id) => catalogue.uploads(id))
    // No search lists what is for members.
    .filter(({ title, membersOnly }) => !membersOnly && title.toLowerCase().includes(words));
  const page = pageOf(found, found.length, query);
  const resources = page.items.flatMap((video) => ofChannel(video, catalogue, searchResource));
  return { kind: 'youtube#searchListResponse', ...page, resources };
}

function ofChannel(
  video: CatalogueVideo | undefined,
  catalogue: Catalogue,
  resource: (video: CatalogueVideo, channel: NonNullable<ReturnType<Catalogue['channel']>>) => Resource,
): Resource[] {
  const channel = video && catalogue.channel(video.channelId);
  return video && channel ? [resource(video, channel)] : [];
}

/** The page that the request asks for, of the first `total` items of a list. */
function pageOf<Item>(list: readonly Item[], total: number, query: URLSearchParams) {
  const resultsPerPage = readMaxResults(query);
  const position = readPosition(query, resultsPerPage);
  const end = Math.min(position + resultsPerPage, total);
  const more = resultsPerPage > 0 && end < total;
  return {
    items: list.slice(position, end),
    position,
    pageInfo: { totalResults: total, resultsPerPage },
    tokens: {
      ...(more && { nextPageToken: pageToken({ position: end, backward: false }) }),
      ...(position > 0 && { prevPageToken: pageToken({ position, backward: true }) }),
    },
  };
}
