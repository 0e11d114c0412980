import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parquetMetadata } from 'hyparquet';
import { BatchError } from '../../../shared/errors';
import type { EncodeOptions, ParquetEncoder } from '../../../shared/parquet/encoder';
import { createEncoder } from '../../../shared/parquet/encoders';
import { type EncodedPart, PartWriter } from '../../../shared/parquet/part-writer';
import type { ColumnValue, DatasetSchema } from '../../../shared/parquet/schema';
import { readWithHyparquet } from '../../support/parquet-readers';
import { VARIANTS, withFolder, writePart } from './parts';

const schema: DatasetSchema = {
  name: 'letters',
  columns: [
    { name: 'id', type: 'int64', nullable: false, unique: true },
    { name: 'letter', type: 'string', nullable: true },
  ],
};

const rows: ColumnValue[][] = Array.from({ length: 100 }, (_, row) => [row, row % 9 === 0 ? null : 'x'.repeat(row)]);

/** What a row takes in memory: 64 and 32 bits, one bit for null or not, and its text. */
function bytesOf(some: readonly (readonly ColumnValue[])[]): number {
  const texts = some.reduce((sum, [, letter]) => sum + String(letter ?? '').length, 0);
  return Math.ceil((some.length * 97) / 8) + texts;
}

async function rowGroupSizes({ path }: EncodedPart): Promise<number[]> {
  const metadata = parquetMetadata(new Uint8Array(await readFile(path)));
  return metadata.row_groups.map((group) => Number(group.num_rows));
}

/** An encoder whose files fail with `failure` at the given chunk. */
function failing(atChunk: number, failure: Error): ParquetEncoder {
  const encoder = createEncoder('arrow');
  return {
    ...encoder,
    name: encoder.name,
    open: (dataset: DatasetSchema, options: EncodeOptions) => {
      let chunks = 0;
      const sink = async (chunk: Uint8Array) => {
        chunks += 1;
        if (chunks >= atChunk) throw failure;
        await options.sink(chunk);
      };
      return encoder.open(dataset, { ...options, sink });
    },
  };
}

/** An encoder that, as parquet-wasm does with what it cannot write, passes over a batch without a word. */
function forgetful(): ParquetEncoder {
  const encoder = createEncoder('arrow');
  return {
    ...encoder,
    name: encoder.name,
    open: async (dataset: DatasetSchema, options: EncodeOptions) => {
      const writer = await encoder.open(dataset, options);
      let batches = 0;
      const write: typeof writer.write = async (batch) => {
        batches += 1;
        if (batches !== 2) await writer.write(batch);
      };
      return { write, close: () => writer.close(), abort: () => writer.abort() };
    },
  };
}

describe.each(VARIANTS)('PartWriter with $encoder and $compression', (variant) => {
  it('tells rows, size and digest of the file it leaves', async () => {
    await withFolder(async (directory) => {
      const part = await writePart({ schema, rows }, { ...variant, directory, rowGroupRows: 30 });

      const content = await readFile(part.path);

      expect(part).toEqual({
        path: part.path,
        rows: 100,
        bytes: content.length,
        sha256: createHash('sha256').update(content).digest('hex'),
        rowGroups: 4,
      });
      expect(await readdir(directory)).toHaveLength(1);
    });
  });

  it('ends a row group at the row that fills it, by rows or by bytes', async () => {
    await withFolder(async (directory) => {
      const byRows = await writePart({ schema, rows }, { ...variant, directory, rowGroupRows: 40 });
      const byBytes = await writePart({ schema, rows }, { ...variant, directory, rowGroupBytes: 1000 });

      const sizes = [await rowGroupSizes(byRows), await rowGroupSizes(byBytes)] as const;

      expect(sizes[0]).toEqual([40, 40, 20]);
      const expected: number[] = [];
      for (let start = 0, end = 1; end <= rows.length; end += 1) {
        if (bytesOf(rows.slice(start, end)) >= 1000 || end === rows.length) {
          expected.push(end - start);
          start = end;
        }
      }
      expect(sizes[1]).toEqual(expected);
    });
  });

  it('writes several parts at a time as it writes each alone', async () => {
    await withFolder(async (directory) => {
      const options = { ...variant, directory, rowGroupRows: 7 };
      const letters = ['a', '日', 'c'].map((letter) => rows.map(([id]) => [id ?? 0, letter.repeat(Number(id))]));
      const alone: string[] = [];
      for (const each of letters) alone.push((await writePart({ schema, rows: each }, options)).sha256);

      const together = await Promise.all(letters.map((each) => writePart({ schema, rows: each }, options)));

      expect(together.map(({ sha256 }) => sha256)).toEqual(alone);
    });
  });

  it('returns a promise only from the row that fills a row group', async () => {
    await withFolder(async (directory) => {
      const writer = await PartWriter.open({ ...variant, schema, directory, rowGroupRows: 3 });

      const answers: unknown[] = [];
      for (const row of rows.slice(0, 7)) {
        const answer = writer.append(row);
        answers.push(answer instanceof Promise);
        await answer;
      }
      await writer.discard();

      expect(answers).toEqual([false, false, true, false, false, true, false]);
    });
  });

  it('goes on after a row it refused, without that row', async () => {
    await withFolder(async (directory) => {
      const writer = await PartWriter.open({ ...variant, schema, directory });
      await writer.append([1, 'a']);

      expect(() => writer.append([2, 3])).toThrow(expect.objectContaining({ code: 'column_value_invalid' }));
      await writer.append([4, 'd']);
      const part = await writer.finish();

      expect((await readWithHyparquet(part.path)).rows).toEqual([
        [1n, 'a'],
        [4n, 'd'],
      ]);
    });
  });

  it('leaves nothing behind when it is discarded: new, with rows, in the middle of a row group, finished', async () => {
    await withFolder(async (directory) => {
      const open = () => PartWriter.open({ ...variant, schema, directory, rowGroupRows: 2 });
      const [fresh, begun, busy, finished] = await Promise.all([open(), open(), open(), open()]);
      await begun.append([1, null]);
      await begun.append([2, 'b']);
      await busy.append([1, 'a']);
      await finished.finish();
      const before = await readdir(directory);
      const writing = busy.append([2, 'b']);

      const [outcome] = await Promise.allSettled([
        writing,
        ...[fresh, begun, busy, finished].map((each) => each.discard()),
      ]);
      await finished.discard();

      expect(before).toHaveLength(4);
      expect(await readdir(directory)).toEqual([]);
      expect(outcome).toEqual({
        status: 'rejected',
        reason: expect.objectContaining({ message: expect.stringContaining('was discarded') }),
      });
      expect(() => fresh.append([1, null])).toThrow('is discarded');
      await expect(begun.finish()).rejects.toThrow('is discarded');
    });
  });

  it('takes no row while it writes, nor after it has finished', async () => {
    await withFolder(async (directory) => {
      const writer = await PartWriter.open({ ...variant, schema, directory, rowGroupRows: 1 });

      const writing = writer.append([1, null]);
      expect(() => writer.append([2, null])).toThrow('is busy');
      await expect(writer.finish()).rejects.toThrow('is busy');
      await writing;
      const part = await writer.finish();

      expect(part.rows).toBe(1);
      expect(() => writer.append([2, null])).toThrow('is finished');
      await expect(writer.finish()).rejects.toThrow('is finished');
    });
  });

  it('names the folder that is not there', async () => {
    await withFolder(async (directory) => {
      const opening = PartWriter.open({ ...variant, schema, directory: join(directory, 'missing') });

      await expect(opening).rejects.toThrow(BatchError);
      await expect(opening).rejects.toThrow(
        expect.objectContaining({
          code: 'part_file_failed',
          kind: 'transient',
          message: expect.stringContaining(directory),
        }),
      );
    });
  });
});

describe('PartWriter', () => {
  it('removes the file and passes on the failure when a chunk cannot be written', async () => {
    const failure = new BatchError('the disk is full', { code: 'part_file_failed', kind: 'transient' });
    const noise = Array.from({ length: 2000 }, (_, row) => [row, createHash('sha256').update(`${row}`).digest('hex')]);
    for (const atChunk of [1, 2, 3]) {
      await withFolder(async (directory) => {
        const work = writePart(
          { schema, rows: noise },
          { encoder: failing(atChunk, failure), compression: 'ZSTD', directory, rowGroupRows: 1000 },
        );

        await expect(work).rejects.toBe(failure);

        expect(await readdir(directory)).toEqual([]);
      });
    }
  });

  it('does not take a file for written that lacks rows', async () => {
    await withFolder(async (directory) => {
      const work = writePart(
        { schema, rows },
        { encoder: forgetful(), compression: 'ZSTD', directory, rowGroupRows: 30 },
      );

      await expect(work).rejects.toThrow(
        expect.objectContaining({
          code: 'part_invalid',
          message: expect.stringContaining('rows: expected 100, found 70'),
        }),
      );

      expect(await readdir(directory)).toEqual([]);
    });
  });

  it('leaves no file of an encoder that cannot write what is asked', async () => {
    await withFolder(async (directory) => {
      const opening = PartWriter.open({ encoder: 'parquetjs-lite', compression: 'ZSTD', schema, directory });

      await expect(opening).rejects.toThrow(expect.objectContaining({ code: 'compression_unsupported' }));

      expect(await readdir(directory)).toEqual([]);
    });
  });

  it.each([
    { columns: [], problem: 'has no columns' },
    { columns: ['a', 'a'], problem: 'stands twice' },
    { columns: ['Upper'], problem: "'Upper' of 'odd' must be named" },
    { columns: ['a,b'], problem: 'must be named' },
    { columns: ['1'], problem: 'must be named' },
  ])('refuses the columns $columns', async ({ columns, problem }) => {
    await withFolder(async (directory) => {
      const odd: DatasetSchema = {
        name: 'odd',
        columns: columns.map((name) => ({ name, type: 'int32', nullable: false })),
      };

      const opening = PartWriter.open({ encoder: 'arrow', compression: 'ZSTD', schema: odd, directory });

      await expect(opening).rejects.toThrow(problem);
      expect(await readdir(directory)).toEqual([]);
    });
  });
});
