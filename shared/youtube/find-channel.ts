import { YoutubeError } from '../errors';
import type { ChannelName, ChannelResource, YoutubeApi } from '../ports/youtube-api';
import { channelNameText } from './channel-names';
import { channelOf, type NormalChannel } from './normal-form';
import { answered } from './uploads-pages';

/** A channel as the API gives it. */
export interface FoundChannel {
  readonly normal: NormalChannel;
  readonly playlistId: string;
  /** Undefined where the API does not say. */
  readonly videoCount: number | undefined;
}

/** Asks for a channel: one request. @throws YoutubeError `youtube_channel_not_found`; `youtube_answer_invalid` where it has no uploads playlist */
export async function findChannel(api: YoutubeApi, name: ChannelName): Promise<FoundChannel> {
  const resource = answered(await api.channel(name));
  const normal = channelOf(resource);
  const playlistId = resource.contentDetails?.relatedPlaylists?.uploads;
  if (playlistId) return { normal, playlistId, videoCount: videoCountOf(resource) };
  throw new YoutubeError(`The channel ${normal.channel.id} (${channelNameText(name)}) has no uploads playlist.`, {
    code: 'youtube_answer_invalid',
    kind: 'permanent',
  });
}

function videoCountOf({ statistics }: ChannelResource): number | undefined {
  const count = Number.parseInt(statistics?.videoCount ?? '', 10);
  return Number.isSafeInteger(count) ? count : undefined;
}
