import type { Telemetry } from '../ports/telemetry';
import type { YoutubeApi } from '../ports/youtube-api';

/** The YouTube API with its requests told to telemetry, one by one: each costs a unit of quota and brings up to 50 videos. */
export function observedYoutubeApi(api: YoutubeApi, telemetry: Telemetry): YoutubeApi {
  const call = <T>(operation: string, make: () => Promise<T>): Promise<T> =>
    telemetry.call({ system: 'youtube', target: api.name, operation, many: false }, make);
  return {
    name: api.name,
    channel: (name, etag) => call('channels.list', () => api.channel(name, etag)),
    uploadsPage: (playlistId, pageToken, etag) =>
      call('playlistItems.list', () => api.uploadsPage(playlistId, pageToken, etag)),
    videos: (ids) => call('videos.list', () => api.videos(ids)),
  };
}
