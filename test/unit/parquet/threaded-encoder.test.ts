import { MessageChannel } from 'node:worker_threads';
import fc from 'fast-check';
import { ArrowEncoder } from '../../../shared/parquet/arrow-encoder';
import { type ColumnBatch, ColumnBatchBuilder } from '../../../shared/parquet/column-batch';
import type { Compression } from '../../../shared/parquet/compression';
import type { ParquetEncoder, ParquetFileWriter } from '../../../shared/parquet/encoder';
import type { EncodingEvents, StartEncodingThread } from '../../../shared/parquet/encoding-link';
import type { EncodingAnswer, EncodingRequest } from '../../../shared/parquet/encoding-messages';
import { serveEncoding } from '../../../shared/parquet/encoding-service';
import { ParquetError } from '../../../shared/parquet/parquet-error';
import type { ColumnValue, DatasetSchema } from '../../../shared/parquet/schema';
import { ThreadedEncoder } from '../../../shared/parquet/threaded-encoder';
import { type Dataset, datasets } from './generators';

// The thread's side runs here over a channel, through which everything is cloned and moved as between threads.

const compressions: readonly Compression[] = ['ZSTD', 'SNAPPY'];
const arrow = new ArrowEncoder();

interface Started {
  readonly events: EncodingEvents;
  /** Tasks in the order in which the thread was given them. */
  readonly tasks: string[];
  /** Whether the process is kept alive for it, each time that it changed. */
  readonly kept: boolean[];
  ended: boolean;
}

/** Threads over channels, all of them with `encoder`. */
function threads(encoder: ParquetEncoder = arrow): { readonly start: StartEncodingThread; readonly all: Started[] } {
  const all: Started[] = [];
  const start: StartEncodingThread = (events) => {
    const { port1, port2 } = new MessageChannel();
    const started: Started = { events, tasks: [], kept: [], ended: false };
    all.push(started);
    const serve = serveEncoding(encoder, (answer, transfer) => port2.postMessage(answer, transfer));
    port2.on('message', (request: EncodingRequest) => {
      started.tasks.push(`${request.file} ${request.task}`);
      void serve(request);
    });
    port1.on('message', (answer: EncodingAnswer) => events.onAnswer(answer));
    return {
      send: (request, transfer) => port1.postMessage(request, transfer),
      keepAlive: (needed) => void started.kept.push(needed),
      end: async () => {
        started.ended = true;
        port1.close();
      },
    };
  };
  return { start, all };
}

async function withThreads<T>(
  use: (encoder: ThreadedEncoder, all: readonly Started[]) => Promise<T>,
  inThread?: ParquetEncoder,
): Promise<T> {
  const { start, all } = threads(inThread);
  const encoder = new ThreadedEncoder(start);
  try {
    return await use(encoder, all);
  } finally {
    await encoder.dispose();
  }
}

function batchOf({ schema, rows }: Dataset): ColumnBatch {
  const builder = new ColumnBatchBuilder(schema);
  for (const row of rows) builder.append(row);
  return builder.take();
}

const schema: DatasetSchema = { name: 'numbers', columns: [{ name: 'n', type: 'int32', nullable: true }] };
const numbers = (from: number, count: number): ColumnValue[][] => Array.from({ length: count }, (_, n) => [from + n]);
const someNumbers = (from = 0) => batchOf({ schema, rows: numbers(from, 100) });

interface FilePlan extends Dataset {
  readonly compression: Compression;
  /** Rows of each batch. */
  readonly sizes: readonly number[];
  /** Whether it is aborted after its last batch. */
  readonly aborts: boolean;
}

async function writeFile(encoder: ParquetEncoder, file: FilePlan): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  const sink = async (chunk: Uint8Array) => void chunks.push(chunk);
  const writer = await encoder.open(file.schema, { compression: file.compression, sink });
  for (const size of file.sizes) await writer.write(batchOf({ schema: file.schema, rows: file.rows.slice(0, size) }));
  await (file.aborts ? writer.abort() : writer.close());
  return file.aborts ? undefined : Buffer.concat(chunks);
}

const plans: fc.Arbitrary<FilePlan> = fc
  .record({
    dataset: datasets,
    compression: fc.constantFrom(...compressions),
    sizes: fc.array(fc.nat({ max: 9 }), { maxLength: 4 }),
    aborts: fc.boolean(),
  })
  .map(({ dataset, ...rest }) => ({ ...dataset, ...rest }));

async function open(encoder: ParquetEncoder, sink: (chunk: Uint8Array) => Promise<void> = async () => undefined) {
  return await encoder.open(schema, { compression: 'ZSTD', sink });
}

/** An encoder whose files do one thing otherwise than those of the encoder `arrow`. */
function otherwise(methods: (writer: ParquetFileWriter) => Partial<ParquetFileWriter>): ParquetEncoder {
  return {
    name: 'arrow',
    supportedCompressions: compressions,
    open: async (...args) => {
      const writer = await arrow.open(...args);
      const usual: ParquetFileWriter = {
        write: (batch) => writer.write(batch),
        close: () => writer.close(),
        abort: () => writer.abort(),
      };
      return { ...usual, ...methods(writer) };
    },
  };
}

describe('ThreadedEncoder', () => {
  it('gives the bytes that the encoder gives by itself, of several files at a time, with others aborted among them', async () => {
    await withThreads(async (encoder, all) => {
      await fc.assert(
        fc.asyncProperty(fc.array(plans, { minLength: 1, maxLength: 4 }), async (files) => {
          const together = await Promise.all(files.map((file) => writeFile(encoder, file)));

          const alone: (Buffer | undefined)[] = [];
          for (const file of files) alone.push(await writeFile(arrow, file));
          expect(together).toEqual(alone);
        }),
        { numRuns: 60 },
      );
      expect(all).toHaveLength(1);
    });
  });

  it.each(compressions)(
    'gives the same empty file, and the same files of nothing but nulls, with %s',
    async (compression) => {
      const nulls: ColumnValue[][] = [[null], [null], [null]];
      const files = [[], [3], [3, 2, 3]].map((sizes) => ({ schema, rows: nulls, sizes, compression, aborts: false }));
      await withThreads(async (encoder) => {
        for (const file of files) {
          const bytes = await writeFile(encoder, file);

          expect(bytes).toEqual(await writeFile(arrow, file));
          expect(bytes?.subarray(0, 4).toString()).toBe('PAR1');
        }
      });
    },
  );

  it('takes the buffers of a batch away instead of copying them', async () => {
    await withThreads(async (encoder) => {
      const writer = await open(encoder);
      const batch = someNumbers();

      await writer.write(batch);

      expect(batch.columns.map(({ values }) => values.byteLength)).toEqual([0]);
      await writer.abort();
    });
  });

  it('has one batch of a file under way, and lets the next be gathered meanwhile', async () => {
    const release: (() => void)[] = [];
    const slow = otherwise(() => ({ write: () => new Promise<void>((resolve) => release.push(resolve)) }));
    await withThreads(async (encoder, all) => {
      const writer = await open(encoder);
      const other = await open(encoder);
      const done: string[] = [];

      await writer.write(someNumbers());
      const second = writer.write(someNumbers()).then(() => done.push('second'));
      await other.write(someNumbers());
      while (release.length < 2) await new Promise(setImmediate);
      const given = [...(all[0]?.tasks ?? [])];
      const before = [...done];
      release[0]?.();
      await second;

      expect(given.filter((task) => task === '1 write')).toHaveLength(1);
      expect(before).toEqual([]);
      expect(done).toEqual(['second']);
    }, slow);
  });

  it('waits for a slow sink before it takes the batch after the next', async () => {
    const large = () => batchOf({ schema, rows: numbers(0, 50_000) });
    let free: () => void = () => undefined;
    let asked: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const sink = async () => {
      asked();
      await new Promise<void>((resolve) => {
        free = resolve;
      });
    };
    await withThreads(async (encoder, all) => {
      const writer = await open(encoder, sink);
      await writer.write(large());
      await begun;
      let went = false;
      const next = writer.write(large()).then(() => {
        went = true;
      });
      // By its answer another file's task shows that the thread has done all that it was given before.
      await (await open(encoder)).close();

      expect(went).toBe(false);
      expect(all[0]?.tasks.filter((task) => task === '1 write')).toHaveLength(1);
      free();
      await next;
      const aborted = writer.abort();
      free();
      await aborted;
    });
  });

  it('fails with what its sink failed with, hands it nothing more, and leaves other files be', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 2 }), async (failAt) => {
        await withThreads(async (encoder, all) => {
          let chunks = 0;
          const full = new Error('the disk is full');
          const writer = await open(encoder, async () => {
            chunks += 1;
            if (chunks > failAt) throw full;
          });
          const other = await open(encoder);

          const work = async () => {
            for (let n = 0; n < 8; n += 1) await writer.write(batchOf({ schema, rows: numbers(n, 20_000) }));
            await writer.close();
          };

          await expect(work()).rejects.toBe(full);
          await writer.abort();
          await writer.abort();
          await other.write(someNumbers());
          await other.close();
          expect(chunks).toBe(failAt + 1);
          expect(all[0]?.tasks.filter((task) => task === '1 abort')).toHaveLength(1);
        });
      }),
      { numRuns: 6 },
    );
  });

  it('hands its sink nothing once it is aborted, whatever it was at, and the thread no file that it had', async () => {
    await withThreads(async (encoder, all) => {
      const chunks: Uint8Array[] = [];
      const sink = async (chunk: Uint8Array) => void chunks.push(chunk);
      const [unused, idle, busy] = [await open(encoder, sink), await open(encoder, sink), await open(encoder, sink)];
      await idle.write(someNumbers());
      await busy.write(someNumbers());
      const pending = Promise.allSettled([busy.write(someNumbers()), unused.close()]);

      await Promise.all([unused.abort(), idle.abort(), busy.abort()]);
      const taken = chunks.length;
      await pending;
      await (await open(encoder)).close();

      expect(chunks).toHaveLength(taken);
      expect(all[0]?.tasks.filter((task) => task.endsWith('abort'))).toHaveLength(3);
    });
  });

  it('throws the error of the thread, at the batch after it or at the end', async () => {
    const failures = [
      new ParquetError('too much', { code: 'part_file_failed', kind: 'transient' }),
      new TypeError('a defect'),
    ];
    for (const failure of failures) {
      for (const method of ['write', 'close'] as const) {
        const failing = otherwise(() => ({ write: () => Promise.reject(failure) }));
        await withThreads(async (encoder) => {
          const writer = await open(encoder);
          await writer.write(someNumbers());

          const next = method === 'write' ? writer.write(someNumbers()) : writer.close();

          const found = await next.catch((error: unknown) => error);
          expect(found).toBeInstanceOf(failure instanceof ParquetError ? ParquetError : Error);
          const { name, message } = failure;
          const family = failure instanceof ParquetError ? { code: failure.code, kind: failure.kind } : {};
          expect(found).toMatchObject({ name, message, ...family });
          await writer.abort();
        }, failing);
      }
    }
  });

  it('refuses a compression that the encoder does not know, without a thread', async () => {
    await withThreads(async (encoder, all) => {
      const opening = encoder.open(schema, { compression: 'LZ4' as Compression, sink: async () => undefined });

      await expect(opening).rejects.toThrow(
        expect.objectContaining({ code: 'compression_unsupported', kind: 'configuration' }),
      );
      expect(all).toHaveLength(0);
    });
  });

  it('fails every file of a thread that is lost, each in its place, and starts another for the next', async () => {
    const never = otherwise(() => ({ write: () => new Promise(() => undefined) }));
    await withThreads(async (encoder, all) => {
      const [idle, busy, waiting, closing] = [
        await open(encoder),
        await open(encoder),
        await open(encoder),
        await open(encoder),
      ];
      for (const writer of [busy, waiting, closing]) await writer.write(someNumbers());
      const outcomes = Promise.allSettled([waiting.write(someNumbers()), closing.close()]);

      all[0]?.events.onEnd(new Error('out of memory'));
      all[0]?.events.onEnd(new Error('it ended with exit code 1'));

      const lost = {
        code: 'encoding_thread_lost',
        kind: 'transient',
        message: expect.stringContaining('out of memory'),
      };
      expect(await outcomes).toEqual([1, 2].map(() => ({ status: 'rejected', reason: expect.objectContaining(lost) })));
      await expect(busy.write(someNumbers())).rejects.toThrow(expect.objectContaining(lost));
      await expect(idle.write(someNumbers()).then(() => idle.close())).rejects.toThrow(expect.objectContaining(lost));
      for (const writer of [idle, busy, waiting, closing]) await writer.abort();
      expect(all[0]?.ended).toBe(true);
      const next = await open(encoder);
      await next.close();
      expect(all).toHaveLength(2);
      expect(all[1]?.tasks).toEqual([expect.stringContaining('open'), expect.stringContaining('close')]);
    }, never);
  });

  it('keeps the process alive while an answer is still to come, and no longer', async () => {
    await withThreads(async (encoder, all) => {
      const writer = await open(encoder);
      const kept = all[0]?.kept ?? [];
      while (kept.at(-1) !== false || kept.length < 3) await new Promise(setImmediate);
      const opened = [...kept];
      await writer.write(someNumbers());
      const atWork = kept.at(-1);
      await writer.close();

      expect(opened).toEqual([false, true, false]);
      expect([atWork, kept.at(-1)]).toEqual([true, false]);
    });
  });

  it('ends its thread, and what is under way in it', async () => {
    await withThreads(async (encoder, all) => {
      const writer = await open(encoder);
      await writer.write(someNumbers());

      await encoder.dispose();

      expect(all[0]?.ended).toBe(true);
      await expect(writer.close()).rejects.toThrow(expect.objectContaining({ code: 'encoding_thread_lost' }));
      await writer.abort();
    });
  });
});
