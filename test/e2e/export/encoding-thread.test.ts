import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../../unit/docs/documents';

// The compiled encoder with its real thread, each time in a process of its own.

const run = promisify(execFile);

/** What the programs below begin with: a dataset, and files of it encoded in memory. */
const PRELUDE = `
const { join } = require('node:path');
const { createHash } = require('node:crypto');
const parquet = (name) => require(join(${JSON.stringify(join(ROOT, 'dist/shared/parquet'))}, name));
const { ColumnBatchBuilder } = parquet('column-batch.js');
const { ThreadedEncoder } = parquet('threaded-encoder.js');
const { startEncodingThread } = parquet('encoding-link.js');
const schema = { name: 'texts', columns: [
  { name: 'id', type: 'int64', nullable: false, unique: true },
  { name: 'text', type: 'string', nullable: true },
  { name: 'flag', type: 'boolean', nullable: true },
] };
function batch(rows) {
  const builder = new ColumnBatchBuilder(schema);
  for (let n = 0; n < rows; n += 1)
    builder.append([n, n % 7 === 0 ? null : createHash('sha256').update(String(n)).digest('hex'), n % 3 === 0]);
  return builder.take();
}
async function file(encoder, compression, sizes) {
  const hash = createHash('sha256');
  const writer = await encoder.open(schema, { compression, sink: async (chunk) => void hash.update(chunk) });
  for (const size of sizes) await writer.write(batch(size));
  await writer.close();
  return hash.digest('hex');
}
const tell = (value) => process.stdout.write(JSON.stringify(value));
`;

/** What a program tells, once it has ended by itself. */
async function told(program: string): Promise<unknown> {
  const { stdout } = await run(process.execPath, ['-e', `${PRELUDE}(async () => {${program}})();`], {
    timeout: 60_000,
  });
  return JSON.parse(stdout);
}

test('gives the bytes of one thread, in a process that does not hold the encoder, and that the thread lets end', async () => {
  const answer = await told(`
    const files = [['ZSTD', [3000, 10, 3000]], ['SNAPPY', [5000]], ['ZSTD', []], ['SNAPPY', [1, 2]]];
    const threaded = new ThreadedEncoder(startEncodingThread);
    const together = await Promise.all(files.map((each) => file(threaded, ...each)));
    const held = Object.keys(require.cache).filter((path) => /parquet-wasm|apache-arrow/.test(path));
    const { ArrowEncoder } = parquet('arrow-encoder.js');
    const alone = [];
    for (const each of files) alone.push(await file(new ArrowEncoder(), ...each));
    tell({ together, alone, held });
  `);

  const { together, alone, held } = answer as Record<'together' | 'alone' | 'held', readonly string[]>;
  expect(together).toEqual(alone);
  expect(new Set(together).size).toBe(4);
  expect(held).toEqual([]);
});

test('lets other work go on while it encodes', async () => {
  const answer = await told(`
    const threaded = new ThreadedEncoder(startEncodingThread);
    await file(threaded, 'ZSTD', [10]);
    const writer = await threaded.open(schema, { compression: 'ZSTD', sink: async () => undefined });
    const large = batch(200_000);
    await writer.write(large);
    let turns = 0;
    let over = false;
    const count = () => { turns += 1; if (!over) setImmediate(count); };
    setImmediate(count);
    await writer.close();
    over = true;
    tell({ turns });
  `);

  expect((answer as { readonly turns: number }).turns).toBeGreaterThan(50);
});

test('fails the files of a thread that ends, as something to try again, and encodes the next in another', async () => {
  const answer = await told(`
    const links = [];
    const threaded = new ThreadedEncoder((events) => {
      const link = startEncodingThread(events);
      links.push(link);
      return link;
    });
    const writers = [];
    for (let n = 0; n < 3; n += 1)
      writers.push(await threaded.open(schema, { compression: 'ZSTD', sink: async () => undefined }));
    for (const writer of writers) await writer.write(batch(20_000));
    const closing = Promise.allSettled(writers.map((writer) => writer.close()));
    await links[0].end();
    const outcomes = (await closing).map(({ reason }) => [reason?.code, reason?.kind, reason?.message]);
    for (const writer of writers) await writer.abort();
    const next = await file(threaded, 'ZSTD', [100]);
    await threaded.dispose();
    tell({ outcomes, next, threads: links.length });
  `);

  const message = 'The thread that encodes Parquet is gone: it ended with exit code 1';
  expect(answer).toEqual({
    outcomes: [1, 2, 3].map(() => ['encoding_thread_lost', 'transient', message]),
    next: expect.stringMatching(/^[0-9a-f]{64}$/),
    threads: 2,
  });
});
