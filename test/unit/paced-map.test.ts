import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { pacedMap } from '../../shared/paced-map';

/** What a run of the map was seen to do. Items are their own weights. */
class Watch {
  pulled = 0;
  begun = 0;
  settled = 0;
  taken = 0;
  closed = 0;
  mostUnderWay = 0;
  /** The most weight that was held when there was more than one item. */
  mostHeld = 0;
  readonly #held: number[] = [];

  async *source(items: readonly number[]): AsyncGenerator<number, void, undefined> {
    try {
      for (const item of items) {
        this.pulled += 1;
        yield item;
      }
    } finally {
      this.closed += 1;
    }
  }

  /** Settles whenever the scheduler decides; rejects where `fails` says so. */
  transform(
    scheduler: fc.Scheduler,
    fails: (item: number) => boolean = () => false,
  ): (item: number) => Promise<string> {
    return async (item) => {
      this.begun += 1;
      this.#held.push(item);
      this.mostUnderWay = Math.max(this.mostUnderWay, this.begun - this.settled);
      if (this.#held.length > 1)
        this.mostHeld = Math.max(
          this.mostHeld,
          this.#held.reduce((sum, each) => sum + each),
        );
      try {
        await scheduler.schedule(Promise.resolve(), `item ${item}`);
        if (fails(item)) throw new Error(`item ${item}`);
        return `result ${item}`;
      } finally {
        this.settled += 1;
      }
    };
  }

  take(): void {
    this.taken += 1;
    this.#held.shift();
  }
}

const weights = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 20 });
const limits = fc.integer({ min: 1, max: 7 });
const capacities = fc.integer({ min: 1, max: 30 });
const result = (item: number) => `result ${item}`;
const options = (limit: () => number, capacity: number) => ({ limit, capacity, weight: (item: number) => item });

/** Runs to the end, or to the error, or until `limit` results are taken. */
async function take(watch: Watch, results: AsyncIterable<string>, limit = Number.POSITIVE_INFINITY) {
  const taken: string[] = [];
  try {
    for await (const each of results) {
      taken.push(each);
      watch.take();
      if (taken.length >= limit) break;
    }
    return { taken, error: undefined };
  } catch (error) {
    return { taken, error: (error as Error).message };
  }
}

describe('a paced map', () => {
  test('gives every result in the order of the items, and holds no more than it may', async () => {
    await fc.assert(
      fc.asyncProperty(weights, limits, capacities, fc.scheduler(), async (items, limit, capacity, scheduler) => {
        const watch = new Watch();
        const results = pacedMap(
          watch.source(items),
          options(() => limit, capacity),
          watch.transform(scheduler),
        );

        const { taken } = await scheduler.waitFor(take(watch, results));

        expect(taken).toEqual(items.map(result));
        expect(watch.mostUnderWay).toBeLessThanOrEqual(limit);
        expect(watch.mostHeld).toBeLessThanOrEqual(capacity);
        expect([watch.settled, watch.closed]).toEqual([items.length, 1]);
      }),
    );
  });

  test('makes use of a limit that changes, at once where it grows', async () => {
    let limit = 2;
    let underWay = 0;
    const settle: (() => void)[] = [];
    const seen: number[] = [];
    const items = (async function* () {
      for (let i = 0; i < 40; i++) yield i;
    })();
    const results = pacedMap(items, { limit: () => limit, weight: () => 1, capacity: 100 }, (item) => {
      underWay += 1;
      return new Promise<number>((resolve) => {
        settle.push(() => {
          underWay -= 1;
          resolve(item);
        });
      });
    });
    const taking = (async () => {
      const taken: number[] = [];
      for await (const each of results) taken.push(each);
      return taken;
    })();

    for (const next of [6, 3, 9, 1]) {
      for (let turn = 0; turn < 30; turn++) await nextTurn();
      seen.push(underWay);
      limit = next;
      settle.shift()?.();
    }
    for (let turn = 0; turn < 400; turn++) {
      settle.shift()?.();
      await nextTurn();
    }

    expect(seen).toEqual([2, 6, 5, 9]);
    expect(await taking).toHaveLength(40);
  });

  test('hands out what is there while its source is still getting the next item', async () => {
    let release: () => void = () => undefined;
    const items = (async function* () {
      yield 1;
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      yield 2;
    })();
    const results = pacedMap(
      items,
      options(() => 4, 100),
      async (item) => item,
    );

    const first = await results.next();
    const second = results.next();
    release();

    expect([first.value, (await second).value]).toEqual([1, 2]);
    expect((await results.next()).done).toBe(true);
  });

  test('goes no further than its capacity and one item while its results are not taken', async () => {
    const watch = new Watch();
    const results = pacedMap(
      watch.source(Array.from({ length: 50 }, () => 2)),
      options(() => 99, 9),
      async (item) => {
        watch.begun += 1;
        return item;
      },
    );

    await results.next();
    for (let turn = 0; turn < 20; turn++) await nextTurn();

    expect([watch.begun, watch.pulled]).toEqual([4, 5]);
    await results.return();
    expect(watch.closed).toBe(1);
  });

  test('throws the first error by place, once nothing is under way, and closes its source', async () => {
    const fails = fc.uniqueArray(fc.nat(9), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(
        weights,
        limits,
        capacities,
        fails,
        fc.scheduler(),
        async (items, limit, capacity, bad, scheduler) => {
          const watch = new Watch();
          const transform = watch.transform(scheduler, (item) => bad.includes(item));
          const results = pacedMap(
            watch.source(items),
            options(() => limit, capacity),
            transform,
          );

          const { taken, error } = await scheduler.waitFor(take(watch, results));

          const first = items.findIndex((item) => bad.includes(item));
          expect(error).toBe(first === -1 ? undefined : `item ${items[first]}`);
          expect(taken).toEqual((first === -1 ? items : items.slice(0, first)).map(result));
          expect([watch.settled, watch.closed]).toEqual([watch.begun, 1]);
        },
      ),
    );
  });

  test('left early ends with nothing under way, and closes its source', async () => {
    await fc.assert(
      fc.asyncProperty(
        weights,
        limits,
        capacities,
        limits,
        fc.scheduler(),
        async (items, limit, capacity, wanted, scheduler) => {
          const watch = new Watch();
          const results = pacedMap(
            watch.source(items),
            options(() => limit, capacity),
            watch.transform(scheduler),
          );

          const { taken } = await scheduler.waitFor(take(watch, results, wanted));

          expect(taken).toEqual(items.slice(0, wanted).map(result));
          expect([watch.settled, watch.closed]).toEqual([watch.begun, 1]);
        },
      ),
    );
  });

  test('of a source that fails throws its error, once nothing is under way', async () => {
    await fc.assert(
      fc.asyncProperty(weights, limits, capacities, fc.scheduler(), async (items, limit, capacity, scheduler) => {
        const watch = new Watch();
        const failing = async function* () {
          yield* watch.source(items);
          throw new Error('the source');
        };
        const results = pacedMap(
          failing(),
          options(() => limit, capacity),
          watch.transform(scheduler),
        );

        const { taken, error } = await scheduler.waitFor(take(watch, results));

        expect(error).toBe('the source');
        expect(taken).toEqual(items.map(result).slice(0, taken.length));
        expect(watch.settled).toBe(watch.begun);
      }),
    );
  });

  test('begins one item even where its limit is none', async () => {
    const watch = new Watch();
    const results = pacedMap(
      watch.source([1, 2, 3]),
      options(() => 0, 9),
      async (item) => result(item),
    );

    expect((await take(watch, results)).taken).toEqual([1, 2, 3].map(result));
  });
});
