import fc from 'fast-check';
import { channelList, playlistItemList, problemOf, videoList } from '../../../shared/google/youtube-answers';
import type { ChannelResource, VideoResource } from '../../../shared/ports/youtube-api';

/** A part of a resource of which everything may be missing or null. */
const part = <T>(model: { [Name in keyof T]: fc.Arbitrary<T[Name]> }) =>
  fc.option(fc.record(model, { requiredKeys: [] }), { nil: null });

const text = fc.option(fc.string({ unit: 'binary' }), { nil: null });
const count = fc.option(fc.nat().map(String), { nil: null });
const thumbnails = fc.option(
  fc.dictionary(
    fc.constantFrom('default', 'medium', 'high', 'standard', 'maxres'),
    part({ url: text, width: fc.option(fc.nat(), { nil: null }) }),
    { noNullPrototype: true },
  ),
  { nil: null },
);

const channels: fc.Arbitrary<ChannelResource> = fc.record(
  {
    id: text,
    snippet: part({ title: text, description: text, customUrl: text, thumbnails }),
    contentDetails: part({ relatedPlaylists: part({ uploads: text }) }),
    statistics: part({
      subscriberCount: count,
      hiddenSubscriberCount: fc.option(fc.boolean(), { nil: null }),
      videoCount: count,
    }),
  },
  { requiredKeys: [], noNullPrototype: true },
);

const videos: fc.Arbitrary<VideoResource> = fc.record(
  {
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
    statistics: part({ viewCount: count, likeCount: count, commentCount: count }),
    liveStreamingDetails: part({ actualStartTime: text, scheduledStartTime: text }),
  },
  { requiredKeys: [], noNullPrototype: true },
);

/** The same with properties that nobody asked for, at every level. */
function withMore(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([name, item]) => [name, name === 'thumbnails' ? item : withMore(item)]);
  return { ...Object.fromEntries(entries), etag: 'etag', localized: { title: 'x' }, tags: ['x'] };
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test('any channel comes through as it is, without what nobody asked for', () => {
  fc.assert(
    fc.property(fc.array(channels), (items) => {
      const body = { kind: 'youtube#channelListResponse', etag: 'e', items: items.map(withMore) };

      expect(channelList.parse(plain(body)).items).toEqual(plain(items));
    }),
  );
});

test('any video comes through as it is, without what nobody asked for', () => {
  fc.assert(
    fc.property(fc.array(videos), (items) => {
      const body = { kind: 'youtube#videoListResponse', etag: 'e', items: items.map(withMore) };

      expect(videoList.parse(plain(body)).items).toEqual(plain(items));
    }),
  );
});

test.each([
  ['', 'It is empty'],
  ['<html>', 'It is no JSON'],
  [null, 'The whole: '],
  [{}, 'kind: '],
  [{ kind: 'youtube#videoListResponse', items: [] }, 'kind: '],
  [{ kind: 'youtube#playlistItemListResponse' }, 'items: '],
  [{ kind: 'youtube#playlistItemListResponse', pageInfo: { totalResults: 1 } }, 'items: '],
  [{ kind: 'youtube#playlistItemListResponse', items: [{}] }, 'items.0.contentDetails: '],
  [
    { kind: 'youtube#playlistItemListResponse', items: [{ contentDetails: { videoId: '' } }] },
    'items.0.contentDetails.videoId: ',
  ],
])('%j is no list of uploads, and says why', (body, problem) => {
  const parsed = playlistItemList.safeParse(body);
  if (parsed.success) throw new Error('It was taken.');

  expect(problemOf(body, parsed.error)).toMatch(new RegExp(`^${problem}`));
});

test('whatever is wrong, its value is not told', () => {
  const wrong = { kind: 'youtube#channelListResponse', items: [{ id: { secret: 'AIza' }, snippet: 'AIza' }] };
  const parsed = channelList.safeParse(wrong);
  if (parsed.success) throw new Error('It was taken.');

  expect(problemOf(wrong, parsed.error)).not.toContain('AIza');
});
