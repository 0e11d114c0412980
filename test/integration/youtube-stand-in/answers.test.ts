import { youtube } from '@googleapis/youtube';
import fc from 'fast-check';
import { Catalogue } from '../../../local/youtube/catalogue';
import { newChannel, newVideo } from '../../../local/youtube/model';
import { live, upcoming } from '../../../local/youtube/oddities';
import { textOf } from '../../../local/youtube/text';
import { catalogueContents, numberedCatalogue, REAL_CHANNEL_ID, realCatalogue } from '../../support/youtube-catalogues';
import { get, KEY, readUploads, standIn, stopAll } from './world';

const CHANNEL = 'UCchannel00000000000000A';
const ALL_PARTS = 'snippet,contentDetails,status,statistics,liveStreamingDetails';

function oneChannel(...videos: readonly Partial<Parameters<typeof newVideo>[0]>[]): Catalogue {
  return new Catalogue({
    channels: [newChannel({ id: CHANNEL, title: 'Title', handle: '@handle' })],
    videos: videos.map((video, index) => newVideo({ id: `video00000${index}`, channelId: CHANNEL, ...video })),
  });
}

describe('answers of the stand-in YouTube API', () => {
  afterEach(stopAll);

  it('describe a channel, found by its id or its handle', async () => {
    const api = await standIn(oneChannel({}, { privacy: 'private' }));
    const part = 'snippet,contentDetails,statistics';

    const byId = await get(api, 'channels', { part, id: CHANNEL });
    const byHandle = await get(api, 'channels', { part, forHandle: 'HANDLE' });

    expect(byId.status).toBe(200);
    expect(byId.headers.get('content-type')).toBe('application/json; charset=UTF-8');
    expect(byId.body).toEqual({
      kind: 'youtube#channelListResponse',
      etag: expect.stringMatching(/^[\w-]{27}$/),
      pageInfo: { totalResults: 1, resultsPerPage: 5 },
      items: [
        {
          kind: 'youtube#channel',
          etag: expect.stringMatching(/^[\w-]{27}$/),
          id: CHANNEL,
          snippet: expect.objectContaining({ title: 'Title', customUrl: '@handle', description: '' }),
          contentDetails: { relatedPlaylists: { likes: '', uploads: `UU${CHANNEL.slice(2)}` } },
          statistics: { viewCount: '1234567', subscriberCount: '12300', hiddenSubscriberCount: false, videoCount: '1' },
        },
      ],
    });
    expect(byHandle.body).toEqual(byId.body);
  });

  it('have no items at all for a channel that is not there', async () => {
    const api = await standIn(oneChannel());

    const [byId, byHandle] = [
      await get(api, 'channels', { part: 'id', id: 'UCnobody' }),
      await get(api, 'channels', { part: 'id', forHandle: '@nobody' }),
    ];

    for (const { status, body } of [byId, byHandle]) {
      expect(status).toBe(200);
      expect(body).toMatchObject({ pageInfo: { totalResults: 0 } });
      expect(body).not.toHaveProperty('items');
    }
  });

  it('take several ids with commas and repeated, and leave out those of nothing', async () => {
    const api = await standIn(oneChannel({}, {}, { privacy: 'unlisted' }, { privacy: 'private' }));

    const { body } = await get(api, 'videos', {
      part: ['id', 'status'],
      id: ['video000001,video000000', 'video000002', 'video000003', 'nobody00000', 'video000001'],
    });

    expect(body.pageInfo).toEqual({ totalResults: 3, resultsPerPage: 3 });
    expect(body.items?.map(({ id, status }) => [id, (status as { privacyStatus: string }).privacyStatus])).toEqual([
      ['video000001', 'public'],
      ['video000000', 'public'],
      ['video000002', 'unlisted'],
    ]);
  });

  it('list only public videos, members-only ones among them', async () => {
    const api = await standIn(oneChannel({ membersOnly: true }, { privacy: 'unlisted' }, { privacy: 'private' }));

    expect(await readUploads(api, CHANNEL)).toEqual(['video000000']);
  });

  it('leave out what is hidden or not there, and say P0D of what is not over', async () => {
    const start = Date.UTC(2025, 7, 11);
    const api = await standIn(
      oneChannel(
        { broadcast: live(start), durationSeconds: null },
        { broadcast: upcoming(start), durationSeconds: null },
        { counts: { views: 1, likes: null, comments: null }, thumbnails: null, durationSeconds: null },
        { counts: null, ageLimited: true, durationSeconds: 0 },
        { membersOnly: true, thumbnails: ['default'] },
      ),
    );

    const { body } = await get(api, 'videos', { part: ALL_PARTS, id: [0, 1, 2, 3, 4].map((n) => `video00000${n}`) });

    const [going, coming, hidden, bare, members] = body.items ?? [];
    expect(going).toMatchObject({
      snippet: { liveBroadcastContent: 'live' },
      contentDetails: { duration: 'P0D' },
      status: { uploadStatus: 'uploaded' },
      liveStreamingDetails: { scheduledStartTime: '2025-08-11T00:00:00Z', actualStartTime: '2025-08-11T00:00:04Z' },
    });
    expect(going).not.toHaveProperty('liveStreamingDetails.actualEndTime');
    expect(coming).toMatchObject({
      snippet: { liveBroadcastContent: 'upcoming' },
      contentDetails: { duration: 'P0D' },
    });
    expect(coming).not.toHaveProperty('liveStreamingDetails.actualStartTime');
    expect(hidden).toMatchObject({ snippet: { liveBroadcastContent: 'none' } });
    expect(hidden?.statistics).toEqual({ viewCount: '1', favoriteCount: '0' });
    for (const path of ['snippet.thumbnails', 'contentDetails.duration', 'liveStreamingDetails']) {
      expect(hidden).not.toHaveProperty(path);
    }
    expect(bare).toMatchObject({
      contentDetails: { duration: 'PT0S', contentRating: { ytRating: 'ytAgeRestricted' } },
    });
    expect(bare).not.toHaveProperty('statistics');
    expect(members).toMatchObject({ status: { privacyStatus: 'public' } });
    expect(Object.keys(Object(members?.snippet).thumbnails)).toEqual(['default']);
    expect(members).not.toHaveProperty('statistics.viewCount');
  });

  it('hold just the fields of a mask', async () => {
    const { catalogue, channelId } = numberedCatalogue(60);
    const api = await standIn(catalogue);

    const { body } = await get(api, 'playlistItems', {
      part: 'contentDetails,snippet',
      playlistId: `UU${channelId.slice(2)}`,
      maxResults: '2',
      fields: 'nextPageToken,pageInfo(totalResults),items/contentDetails/videoId',
    });

    expect(body).toEqual({
      nextPageToken: 'CAIQAA',
      pageInfo: { totalResults: 60 },
      items: [{ contentDetails: { videoId: 'v0000000001' } }, { contentDetails: { videoId: 'v0000000002' } }],
    });
  });

  it('carry every text whole', async () => {
    await fc.assert(
      fc.asyncProperty(catalogueContents({ videos: { min: 1, max: 6 } }), async (content) => {
        const api = await standIn(new Catalogue(content));

        const { body } = await get(api, 'videos', { part: 'snippet', id: content.videos.map(({ id }) => id) });

        const expected = content.videos.filter(({ privacy }) => privacy !== 'private');
        expect(body.items?.map(({ id, snippet }) => [id, Object(snippet).title, Object(snippet).description])).toEqual(
          expected.map(({ id, title, description }) => [id, title, textOf(description)]),
        );
        await stopAll();
      }),
      { numRuns: 30 },
    );
  });

  it('cost 55 units for 1,308 real videos, none of them a search', async () => {
    const catalogue = realCatalogue();
    const api = await standIn(catalogue);

    await get(api, 'channels', { part: 'contentDetails', id: REAL_CHANNEL_ID });
    const ids = await readUploads(api, REAL_CHANNEL_ID);
    const found: string[] = [];
    for (let from = 0; from < ids.length; from += 50) {
      const { body } = await get(api, 'videos', { part: ALL_PARTS, id: ids.slice(from, from + 50).join(',') });
      for (const { snippet } of body.items ?? []) found.push(Object(snippet).title);
    }

    expect(found).toEqual(catalogue.uploads(REAL_CHANNEL_ID).map(({ title }) => title));
    expect(api.quota.unitsSpent(KEY)).toBe(55);
    expect(
      ['channels', 'playlistItems', 'videos', 'search'].map(
        (name) => api.quota.calls.filter((call) => call.endpoint === name).length,
      ),
    ).toEqual([1, 27, 27, 0]);
    expect(api.quota.callsTo('search')).toEqual([]);
  });

  it('suit the client that Google publishes', async () => {
    const { catalogue, channelId } = numberedCatalogue(70);
    const api = await standIn(catalogue);
    const client = youtube({ version: 'v3', auth: KEY, rootUrl: api.url, fetchImplementation: fetch });

    const { data } = await client.playlistItems.list({
      part: ['contentDetails', 'snippet'],
      playlistId: `UU${channelId.slice(2)}`,
      maxResults: 50,
      fields: 'nextPageToken,items(contentDetails/videoId)',
    });
    const ids = data.items?.map((item) => item.contentDetails?.videoId ?? '') ?? [];
    const videos = await client.videos.list({ part: ['snippet'], id: ids });

    expect(ids).toHaveLength(50);
    expect(videos.data.items?.map(({ id }) => id)).toEqual(ids);
    await expect(client.videos.list({ part: ['snippet'], id: ids, auth: 'wrong' })).rejects.toMatchObject({
      status: 400,
    });
  });

  it('of a search are there too, to be counted', async () => {
    const api = await standIn(
      oneChannel({ title: 'needle' }, { title: 'hay' }, { title: 'Needle', membersOnly: true }),
      {
        dailySearches: 2,
      },
    );
    const search = () => get(api, 'search', { part: 'snippet', channelId: CHANNEL, type: 'video', q: 'needle' });

    const statuses = [await search(), await search(), await search()].map(({ status }) => status);
    const { body } = await get(api, 'videos', { part: 'id', id: 'video000000' });

    expect(statuses).toEqual([200, 200, 403]);
    expect(body.items).toHaveLength(1);
    expect(api.quota.callsTo('search')).toHaveLength(3);
    expect(api.quota.unitsSpent(KEY)).toBe(1);
  });
});
