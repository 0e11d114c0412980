import type { CatalogueDataset } from '../../../shared/ports/catalogue-database';
import type { Channel, Video } from '../../../shared/youtube/catalogue';
import { clockText } from '../../../shared/youtube/duration';
import type { FakeRow } from '../../support/fake-catalogue-database';

const numberText = (number: number | null) => (number === null ? null : String(number));

/** The rows that a catalogue must have in the files, by the columns' names. */
export function expectedRows(
  channels: readonly Channel[],
  videos: readonly Video[],
  premieres: ReadonlySet<string>,
): Record<CatalogueDataset, readonly FakeRow[]> {
  const isStream = ({ id, broadcast }: Video) => broadcast && !premieres.has(id);
  return {
    channels: channels.map(({ id, title }) => ({ id, title })),
    channel_details: channels.map((channel) => ({
      channel_id: channel.id,
      handle: channel.handle,
      description: channel.description,
      subscriber_count: numberText(channel.subscriberCount),
      icon_url: channel.iconUrl,
    })),
    videos: videos.map((video) => ({
      id: video.id,
      title: video.title,
      description: video.description,
      url: video.url,
      thumbnail_url: video.thumbnailUrl,
      duration: video.durationSeconds === null ? null : clockText(video.durationSeconds),
      published_at: video.publishedAt,
      channel_id: video.channelId,
      video_type: isStream(video) ? 'stream' : 'video',
    })),
    stream_details: videos
      .filter((video) => isStream(video) && video.startedAt !== null)
      .map(({ id, startedAt }) => ({ video_id: id, started_at: startedAt })),
    video_statistics: videos.map((video) => ({
      video_id: video.id,
      view_count: numberText(video.viewCount),
      like_count: numberText(video.likeCount),
      comment_count: numberText(video.commentCount),
    })),
  };
}
