import fc from 'fast-check';
import { type Limiter, limiter, mapLimited } from '../../shared/limiter';

const range = (length: number) => Array.from({ length }, (_, i) => i);
const limits = fc.integer({ min: 1, max: 5 });

/** Work whose end is decided from outside. */
class Works {
  readonly begun: number[] = [];
  private readonly ends = new Map<number, (error?: Error) => void>();

  readonly work = (item: number): Promise<string> => {
    this.begun.push(item);
    return new Promise((resolve, reject) => {
      this.ends.set(item, (error) => (error === undefined ? resolve(`result ${item}`) : reject(error)));
    });
  };

  underWay(): number[] {
    return [...this.ends.keys()];
  }

  async end(item: number, error?: Error): Promise<void> {
    this.ends.get(item)?.(error);
    this.ends.delete(item);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('work within a limit', () => {
  test('fills every place as soon as one is free, in whatever order work ends, and gives results in the order of the items', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(20), limits, fc.infiniteStream(fc.nat()), async (count, atOnce, picks) => {
        const works = new Works();
        const mapped = mapLimited(range(count), limiter(atOnce), works.work);
        await Promise.resolve();

        for (let ended = 0; ended < count; ended++) {
          const underWay = works.underWay();
          expect(underWay).toHaveLength(Math.min(atOnce, count - ended));
          expect(works.begun).toEqual(range(Math.min(count, ended + atOnce)));
          await works.end(underWay[(picks.next().value ?? 0) % underWay.length] ?? -1);
        }

        expect(await mapped).toEqual(range(count).map((item) => `result ${item}`));
      }),
      { numRuns: 50 },
    );
  });

  test('is not held up by a piece that takes long', async () => {
    const works = new Works();
    const mapped = mapLimited(range(6), limiter(2), works.work);
    await Promise.resolve();

    for (const item of range(6).slice(1)) await works.end(item);

    expect(works.begun).toEqual(range(6));
    expect(works.underWay()).toEqual([0]);
    await works.end(0);
    expect(await mapped).toHaveLength(6);
  });

  test('is done to the last piece although some fail, and the first failure in the order is thrown', async () => {
    const works = new Works();
    const mapped = mapLimited(range(5), limiter(2), works.work);
    const outcome = expect(mapped).rejects.toThrow('of 1');
    await Promise.resolve();

    await works.end(0);
    await works.end(2, new Error('of 2'));
    await works.end(1, new Error('of 1'));
    for (const item of [3, 4]) await works.end(item);

    await outcome;
    expect(works.begun).toEqual(range(5));
  });

  test('shares its places among all who have it', async () => {
    const works = new Works();
    const both: Limiter = limiter(3);
    const first = mapLimited(range(4), both, works.work);
    const second = mapLimited([10, 11], both, works.work);
    await Promise.resolve();

    expect(works.underWay()).toEqual([0, 1, 2]);
    for (const item of [0, 1, 2, 3, 10, 11]) await works.end(item);

    expect(works.begun).toEqual([0, 1, 2, 3, 10, 11]);
    expect([...(await first), ...(await second)]).toHaveLength(6);
  });

  test.each([0, -1, Number.NaN])('of %p places is refused', (atOnce) => {
    expect(() => limiter(atOnce)).toThrow(RangeError);
  });
});
