import type { ChannelName } from '../../../shared/ports/youtube-api';
import { fetchVideo } from '../../../shared/youtube/fetch-video';
import type { FetchedChannel } from '../../../shared/youtube/fetched-channel';
import { FakeChannel } from '../../support/fake-youtube-api';
import { type Differing, FetchWorld } from './fetch-world';

function fetch(
  world: FetchWorld,
  id: string,
  names: readonly ChannelName[] = [{ id: world.channel.id }],
  differing: Differing = {},
): Promise<FetchedChannel> {
  return fetchVideo(world.context(differing), id, names);
}

describe('a single video', () => {
  it.each([
    ['id', { id: 'UC-fake-channel-000000000' }],
    ['handle', { handle: '@fake' }],
    ['handle in other letters', { handle: '@Fake' }],
  ])('of a channel that the tenant names by its %s is read for two units', async (_what, name) => {
    const world = new FetchWorld(3);
    const [id = ''] = world.channel.listed;

    const fetched = await fetch(world, id, [{ id: 'UC-another' }, name]);

    expect(fetched).toMatchObject({ channelId: world.channel.id, videos: 1, units: 2 });
    expect(await world.titles(fetched)).toEqual(new Map([[id, `Title of ${id}`]]));
    expect(await world.paper(fetched)).toMatchObject({ whole: false, gone: [], channel: { id: world.channel.id } });
    expect(await world.spent()).toBe(2);
  });

  it('may be one that no list has', async () => {
    const world = new FetchWorld(3);
    const { id } = world.channel.upload({ listed: false });

    const fetched = await fetch(world, id);

    expect(fetched.videos).toBe(1);
  });

  it('that the database has and the API has not is gone', async () => {
    const world = new FetchWorld(3);
    const [id = ''] = world.channel.listed;
    world.known.set('UC-another', { handle: '@another', videos: ['v-other'] });
    await world.load(await fetch(world, id));
    world.channel.remove(0);

    const fetched = await fetch(world, id);

    expect(fetched).toMatchObject({ channelId: world.channel.id, videos: 0, units: 2 });
    expect(await world.paper(fetched)).toMatchObject({ whole: false, lots: [], gone: [id] });
  });

  it('that neither has is not found, for one unit', async () => {
    const world = new FetchWorld(3);

    const fetching = fetch(world, 'v-nobody');

    await expect(fetching).rejects.toMatchObject({
      code: 'youtube_video_not_found',
      kind: 'permanent',
      message: expect.stringMatching(/v-nobody.*"acme"/),
    });
    expect(await world.spent()).toBe(1);
  });

  it('of a channel that is none of the tenant’s is refused, with both channels named, and nothing kept', async () => {
    const world = new FetchWorld(3);
    const other = new FakeChannel('UC-other', '@other', 0);
    world.api.channels.push(other);
    const { id } = other.upload();
    other.change(0, { id: 'v-of-other' });

    const fetching = fetch(world, 'v-of-other', [{ id: world.channel.id }, { handle: '@more' }]);

    expect(id).not.toBe('v-of-other');
    await expect(fetching).rejects.toMatchObject({ code: 'youtube_video_of_other_channel', kind: 'permanent' });
    await expect(fetching).rejects.toThrow(/v-of-other .*UC-other \(@other\).*UC-fake-channel-000000000, @more/);
    expect(await world.keys()).toEqual([]);
  });

  it('can be read again by the same run, and leaves nothing of runs before yesterday', async () => {
    const world = new FetchWorld(3);
    const [id = '', next = ''] = world.channel.listed;
    await fetch(world, id, undefined, { run: '2025-08-10T12-00-00', date: '2025-08-10' });
    const kept = await fetch(world, id, undefined, { run: '2025-08-11T12-00-00', date: '2025-08-11' });
    const whole = await world.fetch();

    const first = await fetch(world, next);
    const again = await fetch(world, next);

    expect(again).toEqual(first);
    const runs = (await world.keys()).filter((key) => key.startsWith('videos/')).map((key) => key.split('/')[1]);
    expect(new Set(runs)).toEqual(new Set(['2025-08-11T12-00-00', '2025-08-12T00-00-00']));
    expect(await world.titles(kept)).toHaveProperty('size', 1);
    expect(await world.titles(whole)).toHaveProperty('size', 3);
  });

  it('stays there while its channel is read whole', async () => {
    const world = new FetchWorld(3);
    const [id = ''] = world.channel.listed;
    const fetched = await fetch(world, id);

    await world.fetch();

    expect(await world.titles(fetched)).toHaveProperty('size', 1);
  });
});
