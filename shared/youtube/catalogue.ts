/** A channel in normal form. What its owner hides, or never set, is null. */
export interface Channel {
  readonly id: string;
  readonly title: string;
  /** With its `@`. */
  readonly handle: string | null;
  readonly description: string | null;
  readonly subscriberCount: number | null;
  readonly iconUrl: string | null;
}

/** A video in normal form: what its owner hides, or what is not there yet, is null and never 0. */
export interface Video {
  readonly id: string;
  readonly channelId: string;
  readonly title: string;
  readonly description: string | null;
  readonly url: string;
  readonly thumbnailUrl: string | null;
  /** Whole seconds; null while a broadcast has none. */
  readonly durationSeconds: number | null;
  /** ISO 8601 in UTC, as all instants here. */
  readonly publishedAt: string | null;
  /** Whether it is, was or will be broadcast: a stream, or a premiere. */
  readonly broadcast: boolean;
  /** The actual start of a broadcast, else the scheduled one. */
  readonly startedAt: string | null;
  readonly viewCount: number | null;
  readonly likeCount: number | null;
  readonly commentCount: number | null;
}

export type VideoKind = 'stream' | 'video';

/** What the site calls a stream. The API does not tell premieres from streams: those are listed by hand. */
export function kindOf(video: Pick<Video, 'id' | 'broadcast'>, premieres: ReadonlySet<string>): VideoKind {
  return video.broadcast && !premieres.has(video.id) ? 'stream' : 'video';
}
