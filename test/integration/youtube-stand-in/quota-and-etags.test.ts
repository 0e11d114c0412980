import { unstableEtags } from '../../../local/youtube/rules';
import { numberedCatalogue, numberedVideo } from '../../support/youtube-catalogues';
import { get, KEY, standIn, stopAll } from './world';

describe('the quota of the stand-in YouTube API', () => {
  afterEach(stopAll);

  it('is spent by every call but those that are refused for it or for their key', async () => {
    const { catalogue, channelId } = numberedCatalogue(1);
    const api = await standIn(catalogue, { dailyQuota: 4, apiKeys: [KEY, 'other'] });
    const channel = { part: 'id', id: channelId };
    const { body } = await get(api, 'channels', channel);

    const statuses = [
      await get(api, 'channels', channel, { 'If-None-Match': body.etag ?? '' }),
      await get(api, 'videos', { part: 'id' }),
      await get(api, 'channels', { ...channel, key: 'wrong' }),
      await get(api, 'playlistItems', { part: 'id', playlistId: 'UUx' }),
      await get(api, 'channels', channel),
      await get(api, 'channels', { ...channel, key: 'other' }),
    ].map(({ status }) => status);

    expect(statuses).toEqual([304, 400, 400, 404, 403, 200]);
    expect([api.quota.unitsSpent(KEY), api.quota.unitsSpent('other'), api.quota.unitsSpent('wrong')]).toEqual([
      4, 1, 0,
    ]);
    expect(api.quota.calls.map(({ number, status }) => [number, status])).toEqual(
      [200, ...statuses].map((status, index) => [index + 1, status]),
    );
  });

  it('says quotaExceeded until it is midnight in Pacific time', async () => {
    const { catalogue, channelId } = numberedCatalogue(1);
    let now = Date.parse('2025-08-11T06:59:00Z');
    const api = await standIn(catalogue, { dailyQuota: 1, now: () => now });
    const call = () => get(api, 'channels', { part: 'id', id: channelId });
    await call();

    const refused = await call();
    now += 60_000;
    const again = await call();

    expect(refused).toMatchObject({
      status: 403,
      body: { error: { code: 403, errors: [{ domain: 'youtube.quota', reason: 'quotaExceeded' }] } },
    });
    expect(again.status).toBe(200);
    expect([api.quota.unitsSpent(KEY), api.quota.unitsSpentToday(KEY)]).toEqual([2, 1]);
  });
});

describe('etags of the stand-in YouTube API', () => {
  afterEach(stopAll);

  it('are answered with 304 as long as the answer would be the same', async () => {
    const { catalogue, channelId } = numberedCatalogue(3);
    const api = await standIn(catalogue);
    const page = {
      part: 'contentDetails',
      playlistId: `UU${channelId.slice(2)}`,
      fields: 'items/contentDetails/videoId',
    };
    const { headers, body } = await get(api, 'playlistItems', page);
    const etag = headers.get('etag') ?? '';
    const ask = (ifNoneMatch: string) => get(api, 'playlistItems', page, { 'If-None-Match': ifNoneMatch });

    const same = [await ask(etag), await ask(etag.replaceAll('"', '')), await ask(`"x", W/${etag}`)];
    // Not in the fields asked for, so that the answer stays.
    catalogue.retitle(numberedVideo(2).id, 'New title');
    const retitled = await ask(etag);
    catalogue.publish(numberedVideo(0));
    const grown = await ask(etag);

    expect(body).not.toHaveProperty('etag');
    expect([...same, retitled, grown].map(({ status }) => status)).toEqual([304, 304, 304, 304, 200]);
    expect(same[0]).toMatchObject({ body: {} });
    expect(same[0]?.headers.get('etag')).toBe(etag);
    expect(grown.headers.get('etag')).not.toBe(etag);
  });

  it('can be unstable', async () => {
    const { catalogue, channelId } = numberedCatalogue(1);
    const api = await standIn(catalogue, { switches: [unstableEtags()] });
    const channel = { part: 'id,snippet', id: channelId };
    const one = await get(api, 'channels', channel);

    const other = await get(api, 'channels', channel, { 'If-None-Match': one.headers.get('etag') ?? '' });

    expect(other.status).toBe(200);
    expect(other.headers.get('etag')).toBe(`"${other.body.etag}"`);
    expect(other.body.etag).not.toBe(one.body.etag);
    expect(other.body.items).toEqual(one.body.items);
  });
});
