import { YoutubeError } from '../../../shared/errors';
import { exactUnits, FetchWorld } from './fetch-world';

describe('reading a whole channel', () => {
  it.each([
    [0, 1],
    [1, 3],
    [50, 3],
    [51, 5],
    [1_308, 55],
    [20_000, 801],
  ])('of %i videos costs %i units, the first time and every time', async (videos, units) => {
    const world = new FetchWorld(videos);

    const first = await world.fetch();
    await world.load(first);
    const second = await world.fetch();

    expect(exactUnits(videos)).toBe(units);
    expect([first.units, second.units]).toEqual([units, units]);
    expect(world.api.requests).toHaveLength(2 * units);
    expect(await world.spent()).toBe(2 * units);
    expect(second).toMatchObject({ videos, notices: { rereads: 0, resumed: false } });
    expect(await world.titles(second)).toEqual(world.listedTitles());
  });

  it.each(['of the content', 'changing', 'none'] as const)('costs the same with etags that are %s', async (etags) => {
    const world = new FetchWorld(160);
    world.api.etags = etags;
    await world.load(await world.fetch());
    world.channel.change(70, { title: 'Another title' });
    world.channel.upload();

    const fetched = await world.fetch();

    expect(fetched.units).toBe(exactUnits(161));
    expect(await world.titles(fetched)).toEqual(world.listedTitles());
  });

  it('sends the etags of the last whole reading, and takes what it had for what is unchanged', async () => {
    const world = new FetchWorld(120);
    await world.load(await world.fetch());
    const before = world.api.requests.length;

    const fetched = await world.fetch();

    const pages = world.api.requests.slice(before).filter((request) => request.method === 'uploadsPage');
    expect(pages).toHaveLength(3);
    for (const page of pages) expect(page).toMatchObject({ etag: expect.any(String) });
    expect(await world.titles(fetched)).toEqual(world.listedTitles());
  });

  it('counts requests that failed and were made again', async () => {
    const world = new FetchWorld(120);
    world.api.before = (number) => {
      if (number === 2 || number === 6)
        throw new YoutubeError('Not now.', { code: 'youtube_unavailable', kind: 'transient' });
    };

    const fetched = await world.fetch();

    expect(fetched.units).toBe(exactUnits(120) + 2);
    expect(await world.spent()).toBe(exactUnits(120) + 2);
    expect(await world.titles(fetched)).toEqual(world.listedTitles());
  });

  it('has the videos in the order of the list, whatever the order of the answers', async () => {
    const world = new FetchWorld(1_308);
    world.api.before = async (number) => {
      for (let turns = (number * 5) % 7; turns > 0; turns--) await new Promise((go) => setImmediate(go));
    };

    const fetched = await world.fetch();

    expect((await world.videos(fetched)).map(({ id }) => id)).toEqual(world.channel.listed);
  });
});
