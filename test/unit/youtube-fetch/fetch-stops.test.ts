import fc from 'fast-check';
import { YoutubeError } from '../../../shared/errors';
import { type Death, exactUnits, FetchWorld, Killed } from './fetch-world';

// A reading that ends anywhere, and those after it.

/** Every id that videos.list was answered for, as often as it was. */
function answeredIds(world: FetchWorld): string[] {
  return world.api.answered.flatMap((request) => (request.method === 'videos' ? request.ids : []));
}

describe('a reading that the quota stops', () => {
  it('at any request goes on from there after the reset, and asks for no video twice', async () => {
    for (let request = 1; request < exactUnits(620); request++) {
      const world = new FetchWorld(620);
      const stopped = world.fetchUntilExceeded(request);
      await expect(stopped).rejects.toMatchObject({ code: 'youtube_quota_exceeded', kind: 'quota' });
      await world.nextDay();

      const fetched = await world.fetch();

      expect(await world.titles(fetched)).toEqual(world.listedTitles());
      expect(fetched.videos).toBe(620);
      expect(fetched.notices).toMatchObject({ resumed: request > 1, rereads: 0 });
      expect(new Set(answeredIds(world)).size).toBe(answeredIds(world).length);
      // The channel itself twice, one look at the top of the list, and the requests that were refused.
      expect(world.api.answered.length).toBeLessThanOrEqual(exactUnits(620) + 2);
      expect(world.api.requests.length - world.api.answered.length).toBeLessThanOrEqual(4);
    }
  });

  it('day after day comes to its end, with a ledger that never goes beyond its limit', async () => {
    const world = new FetchWorld(1_308);
    const days: number[] = [];
    for (let done = false; !done && days.length < 10; ) {
      const before = world.api.requests.length;
      done = await world.fetch({ dailyQuota: 9 }).then(
        () => true,
        (error: unknown) => {
          expect(error).toMatchObject({ code: 'youtube_quota_spent', kind: 'quota' });
          return false;
        },
      );
      days.push(world.api.requests.length - before);
      await world.nextDay();
    }

    expect(Math.max(...days)).toBe(9);
    // Of each day's nine, one is for the channel and, after the first, one for the top of the list.
    expect(days.length).toBe(8);
    expect(new Set(answeredIds(world))).toEqual(new Set(world.channel.listed));
    expect(answeredIds(world)).toHaveLength(1_308);
  });

  it.each([
    [8, /300 videos are listed so far and 0 read\./],
    [40, /Of the channel UC-fake-channel-000000000, 550 of 1308 videos are read\./],
  ])('at request %i says where it stands and when it goes on', async (request, standing) => {
    const world = new FetchWorld(1_308);

    const stopped = await world.fetchUntilExceeded(request).catch((error: unknown) => error);

    expect(stopped).toBeInstanceOf(YoutubeError);
    expect(stopped).toMatchObject({
      message: expect.stringMatching(standing),
      cause: expect.objectContaining({ code: 'youtube_quota_exceeded' }),
    });
    expect((stopped as YoutubeError).progress).toMatchObject({
      units: world.api.requests.length,
      resetsAt: '2025-08-13T07:00:00.000Z',
    });
    expect((stopped as Error).message).toContain('A sync after 2025-08-13T07:00:00.000Z goes on from there.');
  });

  it('finds what was uploaded meanwhile, and what has moved in the list', async () => {
    for (const request of [3, 8, 15, 28, 40, 54]) {
      const world = new FetchWorld(1_308);
      await expect(world.fetchUntilExceeded(request)).rejects.toThrow(YoutubeError);
      await world.nextDay();
      for (let more = 0; more < 120; more++) world.channel.upload();

      const fetched = await world.fetch();

      expect(await world.titles(fetched)).toEqual(world.listedTitles());
    }
  });

  it('reads the list again where videos have vanished meanwhile, so that none is skipped', async () => {
    const world = new FetchWorld(400);
    await expect(world.fetchUntilExceeded(4)).rejects.toThrow(YoutubeError);
    await world.nextDay();
    world.channel.remove(10);
    world.channel.remove(20);

    const fetched = await world.fetch();

    expect(fetched.notices.rereads).toBe(1);
    expect(await world.titles(fetched)).toEqual(world.listedTitles());
    expect((await world.paper(fetched)).gone).toHaveLength(2);
  });

  it('lists again from the start where its token is not good any more, and keeps what it has read', async () => {
    for (const request of [5, 12]) {
      const world = new FetchWorld(400);
      await expect(world.fetchUntilExceeded(request)).rejects.toThrow(YoutubeError);
      await world.nextDay();
      world.api.tokenGeneration += 1;

      const fetched = await world.fetch();

      expect(await world.titles(fetched)).toEqual(world.listedTitles());
      expect(fetched.notices).toMatchObject({ rereads: 0, resumed: true });
      expect(answeredIds(world)).toHaveLength(400);
    }
  });

  it('keeps what requests under way at the same time were answered', async () => {
    const world = new FetchWorld(400);
    world.api.before = async (number, { method }) => {
      if (method !== 'videos' || number > 13) return;
      if (number === 10) throw new YoutubeError('Enough.', { code: 'youtube_quota_exceeded', kind: 'quota' });
      await new Promise((go) => setImmediate(go));
    };
    await expect(world.fetch()).rejects.toThrow(/150 of 400 videos are read/);
    world.api.before = () => undefined;
    await world.nextDay();

    const fetched = await world.fetch();

    expect(await world.titles(fetched)).toEqual(world.listedTitles());
    expect(answeredIds(world)).toHaveLength(400);
  });
});

describe('a reading whose process dies', () => {
  const sameRun = { run: '2025-08-12T00-00-00' };

  it.each([
    ['before a write', (change: number): Death => ({ change, applied: false })],
    ['after a write', (change: number): Death => ({ change, applied: true })],
    ['at a request', (point: number): Death => ({ request: 3 * point - 2 })],
  ])('%s is completed by its next try, whichever it was', async (_where, at) => {
    for (let point = 1; ; point++) {
      const world = new FetchWorld(1_308);
      await world.load(await world.fetch());
      world.channel.remove(700);
      const before = world.api.requests.length;
      const died = await world.fetchDying(at(point), sameRun).then(
        () => false,
        (error: unknown) => {
          expect(error).toBeInstanceOf(Killed);
          return true;
        },
      );

      const fetched = await world.fetch(sameRun);

      expect(await world.titles(fetched)).toEqual(world.listedTitles());
      expect(fetched.videos).toBe(1_307);
      expect(fetched.notices.resumed).toBe(false);
      // At most the requests since the last saving, those under way, the channel again and the top of the list.
      expect(world.api.requests.length - before).toBeLessThanOrEqual(exactUnits(1_307) + 1 + 20 + 2);
      if (!died) break;
    }
  });

  it('again and again, beside quota that runs out and other runs, never loses or doubles a video', async () => {
    const stop = fc.record({
      how: fc.oneof(
        fc.record({ change: fc.integer({ min: 1, max: 9 }), applied: fc.boolean() }),
        fc.record({ request: fc.integer({ min: 1, max: 30 }) }),
        fc.record({ exceeded: fc.integer({ min: 1, max: 30 }) }),
      ),
      sameRun: fc.boolean(),
      force: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1_200 }), fc.array(stop, { maxLength: 5 }), async (size, stops) => {
        const world = new FetchWorld(size);
        let run = world.newRun();
        for (const { how, sameRun: stays, force } of stops) {
          if (!stays) run = world.newRun();
          const stopped =
            'exceeded' in how ? world.fetchUntilExceeded(how.exceeded, { run }) : world.fetchDying(how, { run, force });
          await stopped.then(
            async (fetched) => expect(await world.titles(fetched)).toEqual(world.listedTitles()),
            () => undefined,
          );
          await world.nextDay();
        }

        const fetched = await world.fetch({ run: world.newRun() });

        expect(await world.titles(fetched)).toEqual(world.listedTitles());
        expect(fetched.videos).toBe(size);
        expect((await world.videos(fetched)).length).toBe(size);
        expect(fetched.units).toBeLessThanOrEqual(exactUnits(size) + 1);
        const { lots } = await world.paper(fetched);
        const channel = `${world.channel.id}/`;
        const inUse = [...lots, fetched.paper].map((key) => key.slice(key.indexOf(channel)));
        expect((await world.keys()).sort()).toEqual(
          [...inUse, `${channel}progress.json`, `${channel}uploads.json`].sort(),
        );
      }),
      { numRuns: 40 },
    );
  });

  it('leaves what the run before has read usable until its own is there', async () => {
    for (let change = 1; ; change++) {
      const world = new FetchWorld(600);
      const before = await world.fetch();
      const titles = world.listedTitles();
      world.channel.change(3, { title: 'Another title' });
      const died = await world.fetchDying({ change, applied: true }).then(
        () => false,
        () => true,
      );

      const progress = JSON.parse(
        Buffer.from((await world.store.read(`acme/youtube/_work/${world.channel.id}/progress.json`)).body).toString(),
      );

      if (progress.result === null || progress.result.paper === before.paper) {
        expect(await world.titles(before)).toEqual(titles);
      } else {
        expect(await world.titles(progress.result)).toEqual(world.listedTitles());
      }
      if (!died) break;
    }
  });
});
