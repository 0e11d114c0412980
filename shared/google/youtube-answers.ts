import { z } from 'zod';

/**
 * The answers of the YouTube Data API (developers.google.com/youtube/v3/docs), cut down to what the port's types name: the
 * masks (`fields`) keep the rest from being sent, the schemas from being handed on.
 */

const THUMBNAIL_SIZES = ['default', 'medium', 'high', 'standard', 'maxres'];
const THUMBNAILS = `thumbnails(${THUMBNAIL_SIZES.map((size) => `${size}(url,width)`).join(',')})`;
/** `kind` tells the API's own answers from those of anything else in between. */
const LIST = 'kind,etag,pageInfo/totalResults';

export const CHANNELS_MASK =
  `${LIST},items(id,snippet(title,description,customUrl,${THUMBNAILS}),` +
  'contentDetails/relatedPlaylists/uploads,statistics(subscriberCount,hiddenSubscriberCount,videoCount))';

export const PLAYLIST_ITEMS_MASK = `${LIST},nextPageToken,items/contentDetails/videoId`;

export const VIDEOS_MASK =
  `${LIST},items(id,snippet(title,description,channelId,publishedAt,liveBroadcastContent,${THUMBNAILS}),` +
  'contentDetails/duration,status(privacyStatus,uploadStatus),statistics(viewCount,likeCount,commentCount),' +
  'liveStreamingDetails(actualStartTime,scheduledStartTime))';

const text = z.string().nullable().exactOptional();
const part = <Shape extends z.ZodRawShape>(shape: Shape) => z.object(shape).nullable().exactOptional();

const thumbnail = z.object({ url: text, width: z.number().nullable().exactOptional() });
const thumbnails = z.record(z.string(), thumbnail.nullable()).nullable().exactOptional();

const channel = z.object({
  id: text,
  snippet: part({ title: text, description: text, customUrl: text, thumbnails }),
  contentDetails: part({ relatedPlaylists: part({ uploads: text }) }),
  statistics: part({
    subscriberCount: text,
    hiddenSubscriberCount: z.boolean().nullable().exactOptional(),
    videoCount: text,
  }),
});

const playlistItem = z.object({ contentDetails: z.object({ videoId: z.string().min(1) }) });

const video = z.object({
  id: text,
  snippet: part({
    title: text,
    description: text,
    channelId: text,
    publishedAt: text,
    liveBroadcastContent: text,
    thumbnails,
  }),
  contentDetails: part({ duration: text }),
  status: part({ privacyStatus: text, uploadStatus: text }),
  statistics: part({ viewCount: text, likeCount: text, commentCount: text }),
  liveStreamingDetails: part({ actualStartTime: text, scheduledStartTime: text }),
});

/** A list. One of nothing may come without `items`, as that of an unknown channel does; it then says that there are none. */
function listOf<Item extends z.ZodType>(kind: string, item: Item) {
  return z
    .object({
      kind: z.literal(kind),
      etag: text,
      nextPageToken: text,
      pageInfo: part({ totalResults: z.number().nullable().exactOptional() }),
      items: z.array(item).optional(),
    })
    .transform(({ items, ...list }, context) => {
      if (items !== undefined) return { ...list, items };
      if (list.pageInfo?.totalResults === 0) return { ...list, items: [] };
      context.addIssue({ code: 'custom', path: ['items'], message: 'There are none, and no word that there are none' });
      return z.NEVER;
    });
}

export const channelList = listOf('youtube#channelListResponse', channel);
export const playlistItemList = listOf('youtube#playlistItemListResponse', playlistItem);
export const videoList = listOf('youtube#videoListResponse', video);

/** What is wrong with an answer, in a few words; never a value of it. */
export function problemOf(body: unknown, error: z.ZodError): string {
  if (typeof body === 'string') return body === '' ? 'It is empty' : 'It is no JSON';
  const [issue] = error.issues;
  const path = issue?.path.map(String).join('.') ?? '';
  return `${path === '' ? 'The whole' : path}: ${issue?.message}`;
}
