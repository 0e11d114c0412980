import type { Text } from './text';

/** The API's own names of sizes. */
export type ThumbnailSize = 'default' | 'medium' | 'high' | 'standard' | 'maxres';

export const THUMBNAIL_SIZES: readonly ThumbnailSize[] = ['default', 'medium', 'high', 'standard', 'maxres'];

export type Privacy = 'public' | 'unlisted' | 'private';

export interface CatalogueChannel {
  /** `UC` and 22 characters. */
  readonly id: string;
  readonly title: string;
  /** With its `@`; null for a channel that has none. */
  readonly handle: string | null;
  readonly description: Text;
  /** ISO 8601 in UTC, as all instants here. */
  readonly publishedAt: string;
  /** The sizes that are there; null leaves the whole field out. */
  readonly thumbnails: readonly ThumbnailSize[] | null;
  readonly viewCount: number;
  /** Null leaves the field out. */
  readonly subscriberCount: number | null;
  /** Independent of the count: an API that says both "hidden" and a number is to be believed about the first. */
  readonly hiddenSubscriberCount: boolean;
  /** A channel without public videos mostly has no uploads playlist (404), and sometimes an empty one. */
  readonly uploadsWhenEmpty: 'missing' | 'empty';
}

export interface Broadcast {
  readonly state: 'upcoming' | 'live' | 'finished';
  readonly scheduledStart: string | null;
  readonly actualStart: string | null;
  readonly actualEnd: string | null;
}

/** Counts; what the owner hides or switches off is null, and then missing from answers. */
export interface VideoCounts {
  readonly views: number | null;
  readonly likes: number | null;
  readonly comments: number | null;
}

export interface CatalogueVideo {
  /** 11 characters. */
  readonly id: string;
  readonly channelId: string;
  readonly title: string;
  readonly description: Text;
  readonly publishedAt: string;
  /** Null for an ordinary video. */
  readonly broadcast: Broadcast | null;
  /** A broadcast that is a premiere: no answer ever tells. */
  readonly premiere: boolean;
  /** Null: `P0D` where it is a broadcast, else no duration at all. */
  readonly durationSeconds: number | null;
  /** Only public videos are in the uploads list; private ones are in no answer. */
  readonly privacy: Privacy;
  /** No answer tells but by the missing view count. */
  readonly membersOnly: boolean;
  readonly ageLimited: boolean;
  /** The sizes that are there; null leaves the whole field out. */
  readonly thumbnails: readonly ThumbnailSize[] | null;
  /** Null leaves the whole part out. */
  readonly counts: VideoCounts | null;
}

/** What a catalogue holds, as plain data. */
export interface CatalogueContent {
  readonly channels: readonly CatalogueChannel[];
  readonly videos: readonly CatalogueVideo[];
}

/** A channel like most, but for what is given. */
export function newChannel(channel: Partial<CatalogueChannel> & Pick<CatalogueChannel, 'id'>): CatalogueChannel {
  return {
    title: `Channel ${channel.id.slice(2, 8)}`,
    handle: `@${channel.id.slice(2, 12).toLowerCase()}`,
    description: '',
    publishedAt: '2015-04-01T09:00:00Z',
    thumbnails: ['default', 'medium', 'high'],
    viewCount: 1_234_567,
    subscriberCount: 12_300,
    hiddenSubscriberCount: false,
    uploadsWhenEmpty: 'missing',
    ...channel,
  };
}

/** A video like most, but for what is given. */
export function newVideo(video: Partial<CatalogueVideo> & Pick<CatalogueVideo, 'id' | 'channelId'>): CatalogueVideo {
  return {
    title: `Video ${video.id}`,
    description: '',
    publishedAt: '2025-08-01T09:00:00Z',
    broadcast: null,
    premiere: false,
    durationSeconds: 754,
    privacy: 'public',
    membersOnly: false,
    ageLimited: false,
    thumbnails: THUMBNAIL_SIZES,
    counts: { views: 4321, likes: 210, comments: 17 },
    ...video,
  };
}

/** The playlist of a channel's uploads: `UU` for the `UC` of its id. */
export function uploadsPlaylistId(channelId: string): string {
  return `UU${channelId.slice(2)}`;
}
