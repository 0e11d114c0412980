import { YoutubeError } from '../errors';
import type { ChannelResource, VideoResource } from '../ports/youtube-api';
import type { Channel, Video } from './catalogue';
import { durationSeconds, isUnreadableDuration } from './duration';
import { bestThumbnail, countOf, handleOf, instantOf } from './normal-form-fields';
import { storableText } from './text';

/** What was not taken as the API gave it. */
export interface NormalFormNotes {
  /** Characters that were replaced by U+FFFD, as no database text can hold them. */
  readonly replacedCharacters: number;
  /** Fields of the normal form for which something was given that cannot be read, and that was taken as missing. */
  readonly unreadable: readonly string[];
}

export interface NormalChannel extends NormalFormNotes {
  readonly channel: Channel;
}

export interface NormalVideo extends NormalFormNotes {
  readonly video: Video;
}

/** Ids stand in keys and URLs as they are: nothing else may be in one. */
const ID = /^[\w-]+$/;

/**
 * A channel in normal form. A missing title is '': every channel has one, so that the column needs no null.
 *
 * @throws YoutubeError `youtube_answer_invalid` where there is no id
 */
export function channelOf({ id, snippet, statistics }: ChannelResource): NormalChannel {
  const notes = new Notes();
  const channel: Channel = {
    id: idOf(id, 'A channel of the answer has no usable id'),
    title: notes.text(snippet?.title ?? ''),
    handle: notes.text(handleOf(snippet?.customUrl)),
    description: notes.text(snippet?.description ?? null),
    // The API gives a number with a hidden count too: it is not the owner's wish that it be shown.
    subscriberCount: statistics?.hiddenSubscriberCount
      ? null
      : notes.readable('subscriberCount', statistics?.subscriberCount, countOf),
    iconUrl: notes.text(bestThumbnail(snippet?.thumbnails)),
  };
  return { channel, ...notes.found() };
}

/**
 * A video in normal form. A missing title is '', as of a channel.
 *
 * @throws YoutubeError `youtube_answer_invalid` where there is no id, or none of its channel
 */
export function videoOf(resource: VideoResource): NormalVideo {
  const { snippet, contentDetails, statistics, liveStreamingDetails: live } = resource;
  const notes = new Notes();
  const id = idOf(resource.id, 'A video of the answer has no usable id');
  if (isUnreadableDuration(contentDetails?.duration)) notes.unreadable.push('durationSeconds');
  const actualStart = notes.readable('startedAt', live?.actualStartTime, instantOf);
  const video: Video = {
    id,
    channelId: idOf(snippet?.channelId, `The video ${id} has no usable id of its channel`),
    title: notes.text(snippet?.title ?? ''),
    description: notes.text(snippet?.description ?? null),
    url: `https://www.youtube.com/watch?v=${id}`,
    thumbnailUrl: notes.text(bestThumbnail(snippet?.thumbnails)),
    durationSeconds: durationSeconds(contentDetails?.duration),
    publishedAt: notes.readable('publishedAt', snippet?.publishedAt, instantOf),
    broadcast: live !== null && live !== undefined,
    startedAt: actualStart ?? notes.readable('startedAt', live?.scheduledStartTime, instantOf),
    viewCount: notes.readable('viewCount', statistics?.viewCount, countOf),
    likeCount: notes.readable('likeCount', statistics?.likeCount, countOf),
    commentCount: notes.readable('commentCount', statistics?.commentCount, countOf),
  };
  return { video, ...notes.found() };
}

/** Gathers the notes of one resource while its fields are read. */
class Notes {
  readonly unreadable: string[] = [];
  #replaced = 0;

  text<Text extends string | null>(given: Text): Text | string {
    if (given === null) return given;
    const { text, replaced } = storableText(given);
    this.#replaced += replaced;
    return text;
  }

  readable<Value>(
    field: keyof Channel | keyof Video,
    given: string | null | undefined,
    read: (given: string | null | undefined) => Value | null,
  ): Value | null {
    const value = read(given);
    if (value === null && given) this.unreadable.push(field);
    return value;
  }

  found(): NormalFormNotes {
    return { replacedCharacters: this.#replaced, unreadable: [...new Set(this.unreadable)] };
  }
}

function idOf(id: string | null | undefined, problem: string): string {
  if (id && ID.test(id)) return id;
  throw new YoutubeError(`${problem}: ${JSON.stringify(id ?? null)}. Only letters, digits, - and _ are expected.`, {
    code: 'youtube_answer_invalid',
    kind: 'permanent',
  });
}
