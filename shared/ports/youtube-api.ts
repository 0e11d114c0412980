/** A channel as it is named in settings: its id (`UC…`), or its handle (`@name`). */
export type ChannelName = { readonly id: string } | { readonly handle: string };

interface Thumbnail {
  readonly url?: string | null;
  readonly width?: number | null;
}

/** Images by the API's own names of sizes (`default`, `medium`, `high`, `standard`, `maxres`); any may be missing. */
export type Thumbnails = Readonly<Record<string, Thumbnail | null | undefined>>;

/** What is asked of a channel. Everything may be missing; counts are decimal text, as the API has them. */
export interface ChannelResource {
  readonly id?: string | null;
  readonly snippet?: {
    readonly title?: string | null;
    readonly description?: string | null;
    /** The handle, mostly with its `@`. */
    readonly customUrl?: string | null;
    readonly thumbnails?: Thumbnails | null;
  } | null;
  readonly contentDetails?: { readonly relatedPlaylists?: { readonly uploads?: string | null } | null } | null;
  readonly statistics?: {
    readonly subscriberCount?: string | null;
    readonly hiddenSubscriberCount?: boolean | null;
    readonly videoCount?: string | null;
  } | null;
}

/** What is asked of a video, as above. */
export interface VideoResource {
  readonly id?: string | null;
  readonly snippet?: {
    readonly title?: string | null;
    readonly description?: string | null;
    readonly channelId?: string | null;
    readonly publishedAt?: string | null;
    /** `none`, `live` or `upcoming`. */
    readonly liveBroadcastContent?: string | null;
    readonly thumbnails?: Thumbnails | null;
  } | null;
  /** An ISO 8601 duration; `P0D` while there is none, as for a broadcast that is upcoming or live now. */
  readonly contentDetails?: { readonly duration?: string | null } | null;
  readonly status?: { readonly privacyStatus?: string | null; readonly uploadStatus?: string | null } | null;
  /** A count that its owner hides is missing. */
  readonly statistics?: {
    readonly viewCount?: string | null;
    readonly likeCount?: string | null;
    readonly commentCount?: string | null;
  } | null;
  readonly liveStreamingDetails?: {
    readonly actualStartTime?: string | null;
    readonly scheduledStartTime?: string | null;
  } | null;
}

/** One page of an uploads playlist, newest first; `next` is the token of the following page, absent on the last one. */
export interface UploadsPage {
  readonly videoIds: readonly string[];
  readonly next?: string;
  /** How many items the playlist has by the API's own account, if it says so. */
  readonly total?: number;
}

/** An answer, or `unchanged` where the etag that was sent is still the one of the answer. */
export type Conditional<Value> =
  | { readonly unchanged: true }
  | { readonly unchanged: false; readonly value: Value; readonly etag?: string };

/**
 * The YouTube Data API, at the level of single requests: every call is one request and costs one unit of quota, also where it fails or
 * its answer is unchanged. None is retried here.
 *
 * Every method throws YoutubeError.
 */
export interface YoutubeApi {
  /** Where the API is, for people; never a secret. */
  readonly name: string;

  /** @throws YoutubeError `youtube_channel_not_found` */
  channel(name: ChannelName, etag?: string): Promise<Conditional<ChannelResource>>;

  /** @throws YoutubeError `youtube_playlist_not_found`; `youtube_page_token_invalid` where the token is no longer good */
  uploadsPage(playlistId: string, pageToken?: string, etag?: string): Promise<Conditional<UploadsPage>>;

  /** The videos among at most 50 ids that are there for the public, in any order. */
  videos(ids: readonly string[]): Promise<readonly VideoResource[]>;
}
