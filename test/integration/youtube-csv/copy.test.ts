import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import fc from 'fast-check';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { CatalogueDataset } from '../../../shared/ports/catalogue-database';
import type { Channel, Video } from '../../../shared/youtube/catalogue';
import { CsvFiles } from '../../../shared/youtube/csv-files';
import { CATALOGUE_DATASETS, CSV_COLUMNS } from '../../../shared/youtube/csv-rows';
import { clockText, LONGEST_DURATION_SECONDS } from '../../../shared/youtube/duration';
import type { FakeRow } from '../../support/fake-catalogue-database';
import { withClient } from '../../support/postgres-databases';
import { sharedDatabase } from '../../support/services';
import { catalogue, sampleChannel, sampleVideo, TRICKY_TEXTS } from '../../unit/youtube-catalogue/catalogues';
import { expectedRows } from '../../unit/youtube-catalogue/expected-rows';

const NO_PREMIERES: ReadonlySet<string> = new Set();
const TYPES: Readonly<Record<string, string>> = {
  started_at: 'timestamptz',
  published_at: 'timestamptz',
  duration: 'interval',
  subscriber_count: 'bigint',
  view_count: 'bigint',
  like_count: 'bigint',
  comment_count: 'bigint',
};

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'makoto-copy-test-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Makes an empty temporary table for each dataset, of texts, that also knows the order of its rows. */
async function makeTables(client: Client): Promise<void> {
  for (const dataset of CATALOGUE_DATASETS) {
    const columns = CSV_COLUMNS[dataset].map((column) => `${column} text`);
    await client.query(`DROP TABLE IF EXISTS pg_temp.${dataset}`);
    await client.query(`CREATE TEMPORARY TABLE ${dataset} (${columns.join()}, place serial)`);
  }
}

/** Writes a catalogue into CSV files and has COPY read them. */
async function copyIn(
  client: Client,
  channels: readonly Channel[],
  videos: readonly Video[],
  rowsPerFile = 1000,
): Promise<void> {
  const files = await CsvFiles.create(folder, rowsPerFile);
  try {
    for (const channel of channels) await files.addChannel(channel);
    for (const video of videos) await files.addVideo(video, NO_PREMIERES);
    const lists = await files.finish();
    await makeTables(client);
    for (const dataset of CATALOGUE_DATASETS) {
      const copy = `COPY pg_temp.${dataset} (${CSV_COLUMNS[dataset].join()}) FROM STDIN (FORMAT csv, HEADER match)`;
      for (const { path } of lists[dataset]) await pipeline(createReadStream(path), client.query(copyFrom(copy)));
    }
  } finally {
    await files.remove();
  }
}

async function rowsOf(client: Client, dataset: CatalogueDataset): Promise<FakeRow[]> {
  const { rows } = await client.query<FakeRow>(
    `SELECT ${CSV_COLUMNS[dataset].join()} FROM pg_temp.${dataset} ORDER BY place`,
  );
  return rows;
}

async function expectCopied(client: Client, channels: readonly Channel[], videos: readonly Video[]): Promise<void> {
  const expected = expectedRows(channels, videos, NO_PREMIERES);
  for (const dataset of CATALOGUE_DATASETS) expect(await rowsOf(client, dataset)).toEqual(expected[dataset]);
}

test('COPY reads any catalogue as it was', async () => {
  await withClient(sharedDatabase(), (client) =>
    fc.assert(
      fc.asyncProperty(catalogue, fc.integer({ min: 1, max: 9 }), async (given, rowsPerFile) => {
        const channels = given.map(({ channel }) => channel);
        const videos = given.flatMap((of) => of.videos);

        await copyIn(client, channels, videos, rowsPerFile);

        await expectCopied(client, channels, videos);
      }),
      { numRuns: 30 },
    ),
  );
});

test('COPY reads every text that readers trip over, as a first text and as a last one', async () => {
  await withClient(sharedDatabase(), async (client) => {
    const channels = TRICKY_TEXTS.map((text, index) => sampleChannel({ id: `UC${index}`, title: text, iconUrl: text }));
    const videos = TRICKY_TEXTS.map((text, index) =>
      sampleVideo({ id: `v${index}`, title: text, description: `${text}${text}` }),
    );

    await copyIn(client, channels, videos);

    await expectCopied(client, channels, videos);
  });
});

test('instants, durations and counts are what their columns take them for', async () => {
  const seconds = [0, 59, 360_000, 720_000, LONGEST_DURATION_SECONDS, null];
  const instants = ['0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999999Z', '2025-08-08T12:00:17.25Z', null, null, null];
  const videos = seconds.map((durationSeconds, index) => {
    const instant = instants[index] ?? null;
    const viewCount = index === 0 ? Number.MAX_SAFE_INTEGER : null;
    return sampleVideo({ id: `v${index}`, durationSeconds, publishedAt: instant, viewCount });
  });

  const { rows, counts } = await withClient(sharedDatabase(), async (client) => {
    await copyIn(client, [sampleChannel()], videos);
    for (const dataset of CATALOGUE_DATASETS) {
      for (const column of CSV_COLUMNS[dataset]) {
        const type = TYPES[column];
        if (type === undefined) continue;
        await client.query(`ALTER TABLE pg_temp.${dataset} ALTER ${column} TYPE ${type} USING ${column}::${type}`);
      }
    }
    const typed = `SELECT extract(epoch FROM duration)::bigint::text AS seconds,
      to_char(published_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS published_at
      FROM pg_temp.videos ORDER BY place`;
    return {
      rows: (await client.query(typed)).rows,
      counts: (await client.query('SELECT view_count::text FROM pg_temp.video_statistics ORDER BY place')).rows,
    };
  });

  expect(rows).toEqual([
    { seconds: '0', published_at: '0001-01-01T00:00:00.000000Z' },
    { seconds: '59', published_at: '9999-12-31T23:59:59.999999Z' },
    { seconds: '360000', published_at: '2025-08-08T12:00:17.250000Z' },
    { seconds: '720000', published_at: null },
    { seconds: String(LONGEST_DURATION_SECONDS), published_at: null },
    { seconds: null, published_at: null },
  ]);
  expect(clockText(LONGEST_DURATION_SECONDS)).toBe('596523:14:07');
  expect(counts.map(({ view_count }) => view_count)).toEqual(['9007199254740991', null, null, null, null, null]);
});
