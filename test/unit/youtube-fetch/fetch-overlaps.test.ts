import { SyncOverlapsError, toFailure } from '../../../shared/errors';
import type { FetchedChannel } from '../../../shared/youtube/fetched-channel';
import { exactUnits, FetchWorld } from './fetch-world';

// Two syncs of one channel at a time.

const FIRST = { run: '2025-08-12T00-00-00' };
const SECOND = { run: '2025-08-12T12-00-00' };

/** Lets `work` happen while the request of this number waits for its answer. */
function during(world: FetchWorld, request: number, work: () => Promise<void>): void {
  const first = world.api.requests.length;
  world.api.before = async (number) => {
    if (number - first !== request) return;
    world.api.before = () => undefined;
    await work();
  };
}

describe('two syncs of one channel at a time', () => {
  it('at whichever request the second comes and is done, the first is told, and its next try reads the channel', async () => {
    const size = 620;
    for (let request = 1; request <= exactUnits(size); request++) {
      const world = new FetchWorld(size);
      let meanwhile: Map<string, string> | undefined;
      during(world, request, async () => {
        meanwhile = await world.titles(await world.fetch(SECOND));
        world.channel.change(0, { title: 'Another title' });
      });
      const overlapped = world.fetch(FIRST);

      // The first request is before the first look at the progress: nothing is overlapped yet.
      if (request === 1) await overlapped;
      else await expect(overlapped).rejects.toThrow(SyncOverlapsError);
      const fetched = await world.fetch(FIRST);

      expect(meanwhile?.size).toBe(size);
      expect(await world.titles(fetched)).toEqual(world.listedTitles());
      expect(fetched.videos).toBe(size);
    }
  });

  it('as two tries of one run, do not write over what the other has read', async () => {
    const size = 620;
    for (let request = 2; request <= exactUnits(size); request++) {
      const world = new FetchWorld(size);
      let fetched: FetchedChannel | undefined;
      during(world, request, async () => {
        for (let more = 0; more < 7; more++) world.channel.upload();
        fetched = await world.fetch(FIRST);
      });

      await expect(world.fetch(FIRST)).rejects.toThrow(SyncOverlapsError);

      expect(fetched && (await world.titles(fetched))).toEqual(world.listedTitles());
      expect(fetched?.videos).toBe(size + 7);
    }
  });

  it('is a failure that may be tried again', async () => {
    const world = new FetchWorld(120);
    during(world, 3, async () => void (await world.fetch(SECOND)));

    const overlapped = world.fetch(FIRST);

    await expect(overlapped).rejects.toMatchObject({
      code: 'sync_overlaps',
      kind: 'transient',
      message: expect.stringContaining(world.channel.id),
    });
  });

  it('whatever of it the second has read before it stopped, the channel is read whole by the first', async () => {
    const size = 620;
    const outcomes: string[] = [];
    for (const request of [2, 10, 14, 15, 20, 26]) {
      for (const stop of [2, 9, 14, 16, 22]) {
        const world = new FetchWorld(size);
        during(world, request, async () => {
          await world.fetchUntilExceeded(stop, SECOND).then(
            () => undefined,
            () => undefined,
          );
          await world.nextDay();
        });

        const outcome = await world.fetch(FIRST).then(
          () => 'done',
          (error: unknown) => toFailure(error).code,
        );
        outcomes.push(outcome);
        const fetched = await world.fetch(FIRST);

        expect(await world.titles(fetched)).toEqual(world.listedTitles());
        expect((await world.videos(fetched)).length).toBe(size);
      }
    }
    // The second may be refused before it takes anything over, and of requests under way together, one of the first may be.
    expect(new Set(outcomes)).toEqual(new Set(['sync_overlaps', 'youtube_quota_exceeded', 'done']));
    expect(outcomes.filter((outcome) => outcome === 'sync_overlaps').length).toBeGreaterThan(outcomes.length / 2);
  });

  it('leave no lot of the one in the paper of the other, and none over', async () => {
    const world = new FetchWorld(1_308);
    during(world, 50, async () => void (await world.fetch(SECOND)));
    await expect(world.fetch(FIRST)).rejects.toThrow(SyncOverlapsError);

    const fetched = await world.fetch(FIRST);

    const { lots } = await world.paper(fetched);
    expect((await world.keys()).filter((key) => key.endsWith('.jsonl'))).toHaveLength(lots.length);
    for (const key of lots) expect(key).toContain(FIRST.run);
  });

  it('removes nothing of another that began while leftovers were looked for', async () => {
    const world = new FetchWorld(600);
    const left = await world.fetchDying({ change: 4, applied: true }).catch(() => undefined);
    expect(left).toBeUndefined();
    let begun = false;
    const { store } = world;
    const output = new Proxy(store, {
      get: (target, name) => {
        if (name !== 'list' || begun) return Reflect.get(target, name).bind?.(target) ?? Reflect.get(target, name);
        return async (prefix: string, continuation?: string) => {
          begun = true;
          await world.fetchUntilExceeded(20, SECOND).catch(() => undefined);
          return target.list(prefix, continuation);
        };
      },
    });

    await world.fetch({ ...FIRST, output });
    await world.nextDay();
    const fetched = await world.fetch(SECOND);

    expect(begun).toBe(true);
    expect(await world.titles(fetched)).toEqual(world.listedTitles());
    expect(fetched.videos).toBe(600);
  });
});
