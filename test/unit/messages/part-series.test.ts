import { readdir } from 'node:fs/promises';
import fc from 'fast-check';
import type { PartRef } from '../../../shared/messages/manifest';
import { PartSeries } from '../../../shared/messages/part-series';
import { PartWriter } from '../../../shared/parquet/part-writer';
import type { DatasetSchema } from '../../../shared/parquet/schema';
import { readWithHyparquet } from '../../support/parquet-readers';
import { withFolder } from '../parquet/parts';

const schema: DatasetSchema = {
  name: 'lines',
  columns: [
    { name: 'id', type: 'int32', nullable: false, unique: true },
    { name: 'line', type: 'string', nullable: false, unique: true },
  ],
};

interface Store {
  /** The ids of each part's rows, in the order in which the parts came. */
  readonly parts: number[][];
  readonly keys: string[];
  most: number;
}

/** A series whose parts are read and forgotten, as an upload would; `before` is waited for in every one of them. */
async function seriesIn(
  directory: string,
  partBytes: number,
  before: (part: number) => Promise<void> = async () => undefined,
): Promise<{ readonly series: PartSeries; readonly store: Store }> {
  const store: Store = { parts: [], keys: [], most: 0 };
  let begun = 0;
  let underWay = 0;
  const upload = async (writer: PartWriter): Promise<PartRef | undefined> => {
    underWay += 1;
    store.most = Math.max(store.most, underWay);
    const part = begun;
    begun += 1;
    try {
      const { path, rows, bytes, sha256 } = await writer.finish();
      await before(part);
      if (rows === 0) return undefined;
      store.parts.push((await readWithHyparquet(path)).rows.map(([id]) => Number(id)));
      store.keys.push(sha256);
      return { key: sha256, rows, bytes, sha256 };
    } finally {
      underWay -= 1;
    }
  };
  const open = () =>
    PartWriter.open({ encoder: 'arrow', compression: 'ZSTD', schema, directory, rowGroupRows: 3, rowGroupBytes: 200 });
  return { series: await PartSeries.open({ open, upload, partBytes }), store };
}

const lines = fc.array(fc.string({ maxLength: 120 }), { maxLength: 40 });

describe('a series of parts', () => {
  test('has every row once and in order, in parts that the same rows always fill, with no more than two on the disk', async () => {
    await fc.assert(
      fc.asyncProperty(lines, fc.integer({ min: 1, max: 1500 }), async (rows, partBytes) => {
        await withFolder(async (directory) => {
          const fill = async (before?: (part: number) => Promise<void>) => {
            const { series, store } = await seriesIn(directory, partBytes, before);
            let files = 0;
            for (const [id, line] of rows.entries()) {
              await series.append([id, line]);
              files = Math.max(files, (await readdir(directory)).length);
            }
            const parts = await series.finish();
            await series.discard();
            return { parts, store, files };
          };

          const first = await fill();
          const slow = await fill(() => new Promise((resolve) => setImmediate(resolve)));

          expect(first.store.parts.flat()).toEqual(rows.map((_, id) => id));
          expect(first.parts.map(({ key }) => key)).toEqual(first.store.keys);
          expect(first.parts.map((part) => part.rows)).toEqual(first.store.parts.map((ids) => ids.length));
          expect(slow.parts).toEqual(first.parts);
          expect(slow.store.most).toBeLessThanOrEqual(1);
          expect(Math.max(first.files, slow.files)).toBeLessThanOrEqual(2);
          expect(await readdir(directory)).toEqual([]);
        });
      }),
      { numRuns: 25 },
    );
  });

  test('takes rows while a part is uploaded, and none when the next one is full too', async () => {
    await withFolder(async (directory) => {
      let release = (): void => undefined;
      const gate = new Promise<void>((resolve) => {
        release = resolve;
      });
      const { series, store } = await seriesIn(directory, 1, () => gate);
      for (const id of [0, 1, 2, 3, 4]) await series.append([id, 'x']);

      let taken = false;
      const full = Promise.resolve(series.append([5, 'x'])).then(() => {
        taken = true;
      });
      // Turns enough, each with a call of the disk, for a row that would not wait.
      for (let turn = 0; turn < 50; turn++) await readdir(directory);
      const before = [taken, store.parts.length];
      release();
      await full;
      const parts = await series.finish();
      await series.discard();

      expect(before).toEqual([false, 0]);
      expect(store.parts).toEqual([
        [0, 1, 2],
        [3, 4, 5],
      ]);
      expect(parts).toHaveLength(2);
    });
  });

  test.each([0, 1, 2])(
    'throws what the upload of part %p failed with, and takes no row from then on',
    async (failing) => {
      await withFolder(async (directory) => {
        const failure = new Error('The store is full.');
        const { series, store } = await seriesIn(directory, 1, async (part) => {
          if (part === failing) throw failure;
        });
        let taken = 0;
        const fill = async () => {
          for (let id = 0; id < 1000; id++) {
            await series.append([id, 'x']);
            taken = id + 1;
            // As reading does between two messages.
            await new Promise((resolve) => setImmediate(resolve));
          }
        };

        await expect(fill()).rejects.toBe(failure);
        await expect(series.finish()).rejects.toBe(failure);
        await series.discard();

        expect(store.parts).toHaveLength(failing);
        expect(taken).toBeLessThan(1000);
        expect(await readdir(directory)).toEqual([]);
      });
    },
  );

  test('throws what the upload of the last part failed with', async () => {
    await withFolder(async (directory) => {
      const failure = new Error('The store is full.');
      const { series } = await seriesIn(directory, 1e9, () => Promise.reject(failure));
      await series.append([0, 'x']);

      await expect(series.finish()).rejects.toBe(failure);
      await series.discard();

      expect(await readdir(directory)).toEqual([]);
    });
  });

  test('that is discarded waits for the upload that is under way, whose failure nobody misses', async () => {
    await withFolder(async (directory) => {
      let fail: (error: Error) => void = () => undefined;
      const gate = new Promise<void>((_, reject) => {
        fail = reject;
      });
      const { series } = await seriesIn(directory, 1, () => gate);
      for (const id of [0, 1, 2, 3]) await series.append([id, 'x']);

      let discarded = false;
      const discarding = series.discard().then(() => {
        discarded = true;
      });
      for (let turn = 0; turn < 50; turn++) await readdir(directory);
      const before = discarded;
      fail(new Error('The store is full.'));
      await discarding;

      expect(before).toBe(false);
      expect(await readdir(directory)).toEqual([]);
    });
  });
});
