import type { Catalogue } from './catalogue';
import { isoDuration } from './duration';
import { etagOf } from './etag';
import { type CatalogueChannel, type CatalogueVideo, type ThumbnailSize, uploadsPlaylistId } from './model';
import { textOf } from './text';

/** A resource before its parts are chosen: what each part holds, made when it is asked for; undefined where it is missing. */
export interface Resource {
  readonly kind: string;
  readonly id: unknown;
  readonly parts: Readonly<Record<string, () => object | undefined>>;
}

/** The JSON of a resource with the parts asked for, and the etag of just that. */
export function withParts({ kind, id, parts }: Resource, wanted: ReadonlySet<string>): object {
  const chosen = Object.entries(parts).flatMap(([name, part]) => {
    const value = wanted.has(name) ? part() : undefined;
    return value === undefined ? [] : [[name, value] as const];
  });
  const content = { id, ...Object.fromEntries(chosen) };
  return { kind, etag: etagOf(content), ...content };
}

export function channelResource(channel: CatalogueChannel, catalogue: Catalogue): Resource {
  const { id, title, handle } = channel;
  return {
    kind: 'youtube#channel',
    id,
    parts: {
      snippet: () => {
        const description = textOf(channel.description);
        return {
          title,
          description,
          ...(handle !== null && { customUrl: handle }),
          publishedAt: channel.publishedAt,
          ...(channel.thumbnails && { thumbnails: channelThumbnails(id, channel.thumbnails) }),
          localized: { title, description },
        };
      },
      contentDetails: () => ({ relatedPlaylists: { likes: '', uploads: uploadsPlaylistId(id) } }),
      statistics: () => ({
        viewCount: String(channel.viewCount),
        ...(channel.subscriberCount !== null && { subscriberCount: String(channel.subscriberCount) }),
        hiddenSubscriberCount: channel.hiddenSubscriberCount,
        videoCount: String(catalogue.uploads(id).length),
      }),
      status: () => ({
        privacyStatus: 'public',
        isLinked: true,
        longUploadsStatus: 'longUploadsUnspecified',
        madeForKids: false,
      }),
    },
  };
}

export function playlistItemResource(video: CatalogueVideo, channel: CatalogueChannel, position: number): Resource {
  const playlistId = uploadsPlaylistId(channel.id);
  return {
    kind: 'youtube#playlistItem',
    id: Buffer.from(`${playlistId}.${video.id}`).toString('base64url'),
    parts: {
      snippet: () => ({
        publishedAt: video.publishedAt,
        channelId: channel.id,
        title: video.title,
        description: textOf(video.description),
        ...(video.thumbnails && { thumbnails: videoThumbnails(video.id, video.thumbnails) }),
        channelTitle: channel.title,
        playlistId,
        position,
        resourceId: { kind: 'youtube#video', videoId: video.id },
        videoOwnerChannelTitle: channel.title,
        videoOwnerChannelId: channel.id,
      }),
      contentDetails: () => ({ videoId: video.id, videoPublishedAt: video.publishedAt }),
      status: () => ({ privacyStatus: video.privacy }),
    },
  };
}

export function videoResource(video: CatalogueVideo, channel: CatalogueChannel): Resource {
  const running = isRunning(video);
  return {
    kind: 'youtube#video',
    id: video.id,
    parts: {
      snippet: () => {
        const { title } = video;
        const description = textOf(video.description);
        return {
          publishedAt: video.publishedAt,
          channelId: video.channelId,
          title,
          description,
          ...(video.thumbnails && { thumbnails: videoThumbnails(video.id, video.thumbnails) }),
          channelTitle: channel.title,
          categoryId: '22',
          liveBroadcastContent: running ? video.broadcast?.state : 'none',
          localized: { title, description },
        };
      },
      contentDetails: () => ({
        ...durationOf(video),
        dimension: '2d',
        definition: 'hd',
        caption: 'false',
        licensedContent: true,
        contentRating: video.ageLimited ? { ytRating: 'ytAgeRestricted' } : {},
        projection: 'rectangular',
      }),
      status: () => ({
        uploadStatus: running ? 'uploaded' : 'processed',
        privacyStatus: video.privacy,
        license: 'youtube',
        embeddable: true,
        publicStatsViewable: true,
        madeForKids: false,
      }),
      statistics: () => statistics(video),
      liveStreamingDetails: () => liveStreamingDetails(video),
    },
  };
}

export function searchResource(video: CatalogueVideo, channel: CatalogueChannel): Resource {
  const { snippet } = videoResource(video, channel).parts;
  const id = { kind: 'youtube#video', videoId: video.id };
  return { kind: 'youtube#searchResult', id, parts: snippet ? { snippet } : {} };
}

function isRunning({ broadcast }: CatalogueVideo): boolean {
  return broadcast !== null && broadcast.state !== 'finished';
}

/** A broadcast that has no duration yet says `P0D`. */
function durationOf({ durationSeconds, broadcast }: CatalogueVideo): { duration?: string } {
  if (durationSeconds !== null) return { duration: isoDuration(durationSeconds) };
  return broadcast === null ? {} : { duration: 'P0D' };
}

/** Views of a members-only video are told to nobody. */
function statistics({ counts, membersOnly }: CatalogueVideo): object | undefined {
  if (counts === null) return undefined;
  const { views, likes, comments } = counts;
  return {
    ...(views !== null && !membersOnly && { viewCount: String(views) }),
    ...(likes !== null && { likeCount: String(likes) }),
    favoriteCount: '0',
    ...(comments !== null && { commentCount: String(comments) }),
  };
}

function liveStreamingDetails({ id, broadcast, counts }: CatalogueVideo): object | undefined {
  if (broadcast === null) return undefined;
  const { state, actualStart, actualEnd, scheduledStart } = broadcast;
  return {
    ...(actualStart !== null && { actualStartTime: actualStart }),
    ...(actualEnd !== null && { actualEndTime: actualEnd }),
    ...(scheduledStart !== null && { scheduledStartTime: scheduledStart }),
    ...(state === 'live' && counts?.views != null && { concurrentViewers: String(counts.views) }),
    ...(state !== 'finished' && { activeLiveChatId: Buffer.from(`chat ${id}`).toString('base64url') }),
  };
}

const VIDEO_IMAGES: Readonly<Record<ThumbnailSize, readonly [file: string, width: number, height: number]>> = {
  default: ['default', 120, 90],
  medium: ['mqdefault', 320, 180],
  high: ['hqdefault', 480, 360],
  standard: ['sddefault', 640, 480],
  maxres: ['maxresdefault', 1280, 720],
};

const CHANNEL_IMAGE_WIDTHS: Readonly<Record<ThumbnailSize, number>> = {
  default: 88,
  medium: 240,
  high: 800,
  standard: 800,
  maxres: 800,
};

function videoThumbnails(id: string, sizes: readonly ThumbnailSize[]): object {
  return Object.fromEntries(
    sizes.map((size) => {
      const [file, width, height] = VIDEO_IMAGES[size];
      return [size, { url: `https://i.ytimg.com/vi/${id}/${file}.jpg`, width, height }];
    }),
  );
}

function channelThumbnails(id: string, sizes: readonly ThumbnailSize[]): object {
  return Object.fromEntries(
    sizes.map((size) => {
      const width = CHANNEL_IMAGE_WIDTHS[size];
      return [
        size,
        { url: `https://yt3.ggpht.com/${id.slice(2)}=s${width}-c-k-c0x00ffffff-no-rj`, width, height: width },
      ];
    }),
  );
}
