import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { DATASET_NAMES, DATASETS } from '../../../shared/messages/datasets';
import type { Manifest } from '../../../shared/messages/manifest';
import { messageBody, messageKeyAt } from '../../support/chat';
import { type Corpus, corpusArbitrary } from '../../support/corpus';
import { ExportWorld, runDay, TENANT, type WorldOptions } from '../../support/export-world';
import { readWithDuckDb, readWithHyparquet } from '../../support/parquet-readers';

// Published files as independent readers see them.

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'makoto-readers-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Every published file, by dataset. */
async function download(
  world: ExportWorld,
  manifest: Manifest,
): Promise<{ dataset: string; path: string; rows: number }[]> {
  const files = [];
  for (const dataset of DATASET_NAMES) {
    for (const [i, { key, rows }] of manifest.datasets[dataset].entries()) {
      const path = join(folder, `${manifest.encoder}-${dataset}-${i}.parquet`);
      await writeFile(path, (await world.analytics.read(key)).body);
      files.push({ dataset, path, rows });
    }
  }
  return files;
}

async function exported(corpus: Corpus, options: WorldOptions): Promise<{ world: ExportWorld; manifest: Manifest }> {
  const world = new ExportWorld({ zone: corpus.day.zone, shardMessages: 80, ...options });
  for (const { key, body } of corpus.objects) await world.putMessage(key, body);
  const { manifest } = await runDay(world.context(corpus.day.date));
  return { world, manifest };
}

const SCHEMA_TYPES: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  DATASET_NAMES.map((dataset) => [
    dataset,
    DATASETS[dataset].columns.map(({ name, type }) => `${name} ${type === 'json' ? 'string' : type}`),
  ]),
);

describe('DuckDB and hyparquet', () => {
  it.each([
    ['arrow', 'ZSTD'],
    ['arrow', 'SNAPPY'],
    ['parquetjs-lite', 'SNAPPY'],
  ] as const)('agree on every row and type of every file: %s, %s', async (encoder, compression) => {
    await fc.assert(
      fc.asyncProperty(corpusArbitrary(TENANT), async (corpus) => {
        const { world, manifest } = await exported(corpus, { encoder, compression });

        for (const { dataset, path, rows } of await download(world, manifest)) {
          const byDuckDb = await readWithDuckDb([path]);
          const byHyparquet = await readWithHyparquet(path);
          expect(byDuckDb).toEqual(byHyparquet);
          expect(byDuckDb.rows).toHaveLength(rows);
          expect(byDuckDb.columns.map(({ name, type }) => `${name} ${type}`)).toEqual(SCHEMA_TYPES[dataset]);
        }
      }),
      { numRuns: 12 },
    );
  });

  it('read the same from both encoders', async () => {
    await fc.assert(
      fc.asyncProperty(corpusArbitrary(TENANT), async (corpus) => {
        const arrow = await exported(corpus, {});
        const lite = await exported(corpus, { encoder: 'parquetjs-lite', compression: 'SNAPPY' });

        const arrowFiles = await download(arrow.world, arrow.manifest);
        const liteFiles = await download(lite.world, lite.manifest);

        expect(liteFiles.map(({ dataset, rows }) => [dataset, rows])).toEqual(
          arrowFiles.map(({ dataset, rows }) => [dataset, rows]),
        );
        for (const [i, { path }] of arrowFiles.entries()) {
          expect(await readWithDuckDb([liteFiles[i]?.path ?? ''])).toEqual(await readWithDuckDb([path]));
        }
      }),
      { numRuns: 12 },
    );
  });

  it('read a day with every nullable column null beside a day with none, as one table', async () => {
    // prepare
    const world = new ExportWorld();
    const bare = '2025-08-11T03:00:00.000Z';
    const full = '2025-08-12T03:00:00.000Z';
    await world.putMessage(messageKeyAt(TENANT, 'alice', 'r', bare, 'm1'), messageBody('m1', bare));
    await world.putMessage(messageKeyAt(TENANT, 'alice', 'r', full, 'm2'), {
      ...messageBody('m2', full),
      context: { rag_sources: [1] },
      attachments: [{}],
      generated_images: ['i'],
      agent_info: { mode: 'fast', execution_time_ms: 1.5, tokens_used: 7 },
      more: true,
    });

    // act
    const files = [];
    for (const date of ['2025-08-11', '2025-08-12']) {
      const { manifest } = await runDay(world.context(date));
      const path = join(folder, `${date}.parquet`);
      await writeFile(path, (await world.analytics.read(manifest.datasets.messages[0]?.key ?? '')).body);
      files.push(path);
    }

    // assess
    const both = await readWithDuckDb(files);
    const column = (name: string) => both.rows.map((row) => row[both.columns.findIndex((each) => each.name === name)]);
    expect(column('agent_execution_time_ms')).toEqual([null, 1.5]);
    expect(column('agent_tokens_used')).toEqual([null, 7n]);
    expect(column('extra')).toEqual([null, '{"more":true}']);
    expect(column('context')).toEqual([null, '{"rag_sources":[1]}']);
  });

  it('find no part of rooms, users and messages, but a summary, on a day on which everything was quarantined', async () => {
    const world = new ExportWorld();
    await world.putMessage(messageKeyAt(TENANT, 'alice', 'r', '2025-08-11T03:00:00Z', 'm1'), 'broken');

    const { manifest } = await runDay(world.context('2025-08-11'));

    const files = await download(world, manifest);
    expect(files.map(({ dataset }) => dataset)).toEqual(['summary']);
    const { rows } = await readWithDuckDb(files.map(({ path }) => path));
    expect(rows).toEqual([[TENANT, 20311, 0n, 0n, 0n, null, 0n, 0n, 1n, 0n]]);
  });
});
