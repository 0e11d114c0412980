import type { MessageShape } from './fields';

// The fields of the answers by the API's discovery document, as far as the stand-in's answers can have them or a request may ask for them.

function shape(names: string, inner: MessageShape = {}): MessageShape {
  return { ...Object.fromEntries(names.split(' ').map((name) => [name, null])), ...inner };
}

const thumbnail = shape('height url width');
const thumbnails: MessageShape = Object.fromEntries(
  ['default', 'medium', 'high', 'standard', 'maxres'].map((size) => [size, thumbnail]),
);
const localized = shape('description title');
const resourceId = shape('channelId kind playlistId videoId');

function list(item: MessageShape): MessageShape {
  return shape('etag eventId kind nextPageToken prevPageToken regionCode visitorId', {
    items: item,
    pageInfo: shape('resultsPerPage totalResults'),
  });
}

export const CHANNEL_LIST = list(
  shape('etag id kind', {
    snippet: shape('country customUrl defaultLanguage description publishedAt title', { localized, thumbnails }),
    contentDetails: { relatedPlaylists: shape('favorites likes uploads watchHistory watchLater') },
    statistics: shape('commentCount hiddenSubscriberCount subscriberCount videoCount viewCount'),
    status: shape('isLinked longUploadsStatus madeForKids privacyStatus selfDeclaredMadeForKids'),
  }),
);

export const PLAYLIST_ITEM_LIST = list(
  shape('etag id kind', {
    snippet: shape(
      'channelId channelTitle description playlistId position publishedAt title videoOwnerChannelId videoOwnerChannelTitle',
      { resourceId, thumbnails },
    ),
    contentDetails: shape('endAt note startAt videoId videoPublishedAt'),
    status: shape('privacyStatus'),
  }),
);

export const VIDEO_LIST = list(
  shape('etag id kind', {
    snippet: shape(
      'categoryId channelId channelTitle defaultAudioLanguage defaultLanguage description liveBroadcastContent publishedAt tags title',
      { localized, thumbnails },
    ),
    contentDetails: shape('caption definition dimension duration hasCustomThumbnail licensedContent projection', {
      contentRating: shape('ytRating'),
      regionRestriction: shape('allowed blocked'),
    }),
    status: shape(
      'containsSyntheticMedia embeddable failureReason license madeForKids privacyStatus publicStatsViewable publishAt rejectionReason selfDeclaredMadeForKids uploadStatus',
    ),
    statistics: shape('commentCount dislikeCount favoriteCount likeCount viewCount'),
    liveStreamingDetails: shape(
      'activeLiveChatId actualEndTime actualStartTime concurrentViewers scheduledEndTime scheduledStartTime',
    ),
  }),
);

export const SEARCH_LIST = list(
  shape('etag kind', {
    id: resourceId,
    snippet: shape('channelId channelTitle description liveBroadcastContent publishedAt title', { thumbnails }),
  }),
);
