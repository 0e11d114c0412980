import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { orderedMap } from '../../shared/ordered-map';

/** What a run of the map was seen to do. */
class Watch {
  pulled = 0;
  begun = 0;
  settled = 0;
  taken = 0;
  closed = 0;
  /** The most that was under way or waiting to be taken at once, by what was begun and by what was pulled. */
  most = 0;
  mostPulled = 0;

  async *source(items: readonly number[]): AsyncGenerator<number, void, undefined> {
    try {
      for (const item of items) {
        this.pulled += 1;
        this.look();
        yield item;
      }
    } finally {
      this.closed += 1;
    }
  }

  look(): void {
    this.most = Math.max(this.most, this.begun - this.taken);
    this.mostPulled = Math.max(this.mostPulled, this.pulled - this.taken);
  }

  /** Settles whenever the scheduler decides; rejects where `fails` says so. */
  transform(scheduler: fc.Scheduler, fails: (item: number) => boolean): (item: number) => Promise<string> {
    return async (item) => {
      this.begun += 1;
      this.look();
      try {
        await scheduler.schedule(Promise.resolve(), `item ${item}`);
        if (fails(item)) throw new Error(`item ${item}`);
        return `result ${item}`;
      } finally {
        this.settled += 1;
      }
    };
  }
}

const counts = fc.integer({ min: 0, max: 20 });
const concurrencies = fc.integer({ min: 1, max: 7 });
const range = (length: number) => Array.from({ length }, (_, i) => i);
const result = (item: number) => `result ${item}`;

/** Runs to the end, or to the error, or until `limit` results are taken. */
async function take(watch: Watch, results: AsyncIterable<string>, limit = Number.POSITIVE_INFINITY) {
  const taken: string[] = [];
  try {
    for await (const each of results) {
      taken.push(each);
      watch.taken += 1;
      if (taken.length >= limit) break;
    }
    return { taken, error: undefined };
  } catch (error) {
    return { taken, error: (error as Error).message };
  }
}

describe('an ordered map', () => {
  test('gives every result in the order of the items, whatever order they settle in', async () => {
    await fc.assert(
      fc.asyncProperty(counts, concurrencies, fc.scheduler(), async (count, concurrency, scheduler) => {
        const watch = new Watch();
        const results = orderedMap(
          watch.source(range(count)),
          concurrency,
          watch.transform(scheduler, () => false),
        );

        const { taken } = await scheduler.waitFor(take(watch, results));

        expect(taken).toEqual(range(count).map(result));
      }),
    );
  });

  test('never has more than its concurrency under way or untaken, nor pulls its source ahead of that', async () => {
    await fc.assert(
      fc.asyncProperty(counts, concurrencies, fc.scheduler(), async (count, concurrency, scheduler) => {
        const watch = new Watch();
        const results = orderedMap(
          watch.source(range(count)),
          concurrency,
          watch.transform(scheduler, () => false),
        );

        await scheduler.waitFor(take(watch, results));

        expect(watch.most).toBeLessThanOrEqual(concurrency);
        expect(watch.mostPulled).toBeLessThanOrEqual(concurrency);
        // And it makes use of what it may: otherwise a bound of nothing would do.
        expect(watch.most).toBe(Math.min(concurrency, count));
      }),
    );
  });

  test('goes no further while its results are not taken', async () => {
    const watch = new Watch();
    const results = orderedMap(watch.source(range(50)), 4, async (item) => {
      watch.begun += 1;
      return item;
    });

    await results.next();
    for (let turn = 0; turn < 20; turn++) await nextTurn();

    expect([watch.begun, watch.pulled]).toEqual([4, 4]);
    await results.return();
  });

  test('throws the first error by place, once nothing is under way, and closes its source', async () => {
    const failing = fc.uniqueArray(fc.nat(20), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(counts, concurrencies, failing, fc.scheduler(), async (count, concurrency, fails, scheduler) => {
        const watch = new Watch();
        const transform = watch.transform(scheduler, (item) => fails.includes(item));

        const { taken, error } = await scheduler.waitFor(
          take(watch, orderedMap(watch.source(range(count)), concurrency, transform)),
        );

        const first = Math.min(...fails);
        const reached = first < count;
        expect(error).toBe(reached ? `item ${first}` : undefined);
        expect(taken).toEqual(range(reached ? first : count).map(result));
        expect(watch.settled).toBe(watch.begun);
        expect(watch.closed).toBe(1);
      }),
    );
  });

  test('leaves no rejection unhandled while a failed item waits for its turn', async () => {
    let settleFirst: (result: string) => void = () => undefined;
    const first = new Promise<string>((resolve) => {
      settleFirst = resolve;
    });
    const results = orderedMap([0, 1], 2, (item) => (item === 0 ? first : Promise.reject(new Error('item 1'))));
    const taking = take(new Watch(), results);

    // An unhandled rejection is reported when a turn ends, and fails the test.
    for (let turn = 0; turn < 5; turn++) await nextTurn();
    settleFirst('result 0');

    expect(await taking).toEqual({ taken: ['result 0'], error: 'item 1' });
  });

  test('left early ends with nothing under way, and closes its source', async () => {
    const limits = fc.integer({ min: 1, max: 20 });
    await fc.assert(
      fc.asyncProperty(counts, concurrencies, limits, fc.scheduler(), async (count, concurrency, limit, scheduler) => {
        const watch = new Watch();
        const transform = watch.transform(scheduler, (item) => item >= limit);

        const { taken } = await scheduler.waitFor(
          take(watch, orderedMap(watch.source(range(count)), concurrency, transform), limit),
        );

        expect(taken).toEqual(range(Math.min(count, limit)).map(result));
        expect(watch.settled).toBe(watch.begun);
        expect(watch.closed).toBe(1);
      }),
    );
  });

  test('of a source that fails throws its error, once nothing is under way', async () => {
    await fc.assert(
      fc.asyncProperty(counts, concurrencies, fc.scheduler(), async (count, concurrency, scheduler) => {
        const watch = new Watch();
        const failing = async function* () {
          yield* watch.source(range(count));
          throw new Error('the source');
        };

        const { taken, error } = await scheduler.waitFor(
          take(
            watch,
            orderedMap(
              failing(),
              concurrency,
              watch.transform(scheduler, () => false),
            ),
          ),
        );

        expect(error).toBe('the source');
        expect(taken).toEqual(range(count).map(result).slice(0, taken.length));
        expect(watch.settled).toBe(watch.begun);
      }),
    );
  });

  test('takes plain lists, and their iterators are closed too', async () => {
    let closed = 0;
    const items = function* () {
      try {
        yield* [1, 2, 3];
      } finally {
        closed += 1;
      }
    };
    const doubled: number[] = [];

    for await (const each of orderedMap([1, 2, 3], 2, async (item) => item * 2)) doubled.push(each);
    for await (const _first of orderedMap(items(), 2, async (item) => item)) break;

    expect(doubled).toEqual([2, 4, 6]);
    expect(closed).toBe(1);
  });

  test.each([0, -1, Number.NaN])(
    'with a concurrency of %d refuses to begin, rather than to lose every item',
    async (none) => {
      const watch = new Watch();

      const { error } = await take(
        watch,
        orderedMap(watch.source([1]), none, async (item) => String(item)),
      );

      expect(error).toMatch(/concurrency of 1 or more/);
      expect(watch.pulled).toBe(0);
    },
  );
});
