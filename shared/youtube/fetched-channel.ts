import type { Channel } from './catalogue';

/** What reading a channel, or one video of it, came to: small enough for an orchestrator's history. */
export interface FetchedChannel {
  readonly channelId: string;
  /** The key of the {@link ChannelPaper} in the tenant's output container. */
  readonly paper: string;
  /** Videos that were read. */
  readonly videos: number;
  /** Units of quota that this reading has cost, earlier parts of it by earlier runs left out. */
  readonly units: number;
  readonly notices: ChannelNotices;
}

export interface ChannelNotices {
  /** The uploads list is as long as the API ever shows one: older videos may be missing from it. */
  readonly atListLimit: boolean;
  /** How often the list was read again because it changed while it was read. */
  readonly rereads: number;
  /** Characters that no database text can hold (NUL, half surrogate pairs), which were replaced by U+FFFD. */
  readonly replacedCharacters: number;
  /** Whether the reading went on where an earlier run had stopped. */
  readonly resumed: boolean;
}

/** A channel as it was read, in an object. */
export interface ChannelPaper {
  readonly channel: Channel;
  /** Whether all of the channel was read, so that a video that is not here is gone. */
  readonly whole: boolean;
  /** Keys of the lots of videos, JSON lines of `Video`, in order. A video may be in several: the last one counts. */
  readonly lots: readonly string[];
  /** Videos that were asked for by id and are not there any more. */
  readonly gone: readonly string[];
}
