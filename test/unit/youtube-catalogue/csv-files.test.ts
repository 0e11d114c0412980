import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { BatchError } from '../../../shared/errors';
import type { Channel, Video } from '../../../shared/youtube/catalogue';
import { type CsvFileLists, CsvFiles } from '../../../shared/youtube/csv-files';
import { byDataset, CATALOGUE_DATASETS, CSV_COLUMNS } from '../../../shared/youtube/csv-rows';
import { csvText } from '../../../shared/youtube/csv-text';
import { type FakeRow, parseCsv } from '../../support/fake-catalogue-database';
import { catalogue, sampleChannel, sampleVideo, storable, TRICKY_TEXTS } from './catalogues';
import { contentsOf, type Fields, readByGrammar } from './csv-readers';
import { expectedRows } from './expected-rows';

const HEADERS = {
  channels: 'id,title',
  channel_details: 'channel_id,handle,description,subscriber_count,icon_url',
  videos: 'id,title,description,url,thumbnail_url,duration,published_at,channel_id,video_type',
  stream_details: 'video_id,started_at',
  video_statistics: 'video_id,view_count,like_count,comment_count',
};
const NO_PREMIERES: ReadonlySet<string> = new Set();

let parent: string;

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'makoto-csv-test-'));
});

afterAll(async () => {
  await rm(parent, { recursive: true, force: true });
});

afterEach(async () => {
  expect(await readdir(parent)).toEqual([]);
});

interface Written {
  readonly lists: CsvFileLists;
  readonly contents: Awaited<ReturnType<typeof contentsOf>>;
}

/** Writes a catalogue, and hands over the files before they are removed. */
async function write(
  channels: readonly Channel[],
  videos: readonly Video[],
  premieres = NO_PREMIERES,
  rowsPerFile = 1000,
): Promise<Written> {
  const files = await CsvFiles.create(parent, rowsPerFile);
  try {
    for (const channel of channels) await files.addChannel(channel);
    for (const video of videos) await files.addVideo(video, premieres);
    const lists = await files.finish();
    return { lists, contents: await contentsOf(lists) };
  } finally {
    await files.remove();
  }
}

const manyVideos = (count: number) =>
  Array.from({ length: count }, (_, index) => sampleVideo({ id: `video${String(index).padStart(6, '0')}` }));

/** What a strict reader makes of a dataset's files, by the columns' names. */
function byColumns(contents: readonly Buffer[]): FakeRow[] {
  return contents.flatMap((content) => {
    const [header = [], ...rows] = readByGrammar(content.toString());
    return rows.map((row: Fields) => Object.fromEntries(header.map((name, index) => [name ?? '', row[index] ?? null])));
  });
}

test('any catalogue is read back from the files as it was, by two readers', async () => {
  await fc.assert(
    fc.asyncProperty(catalogue, fc.integer({ min: 1, max: 9 }), fc.boolean(), async (given, rowsPerFile, premiered) => {
      const channels = given.map(({ channel }) => channel);
      const videos = given.flatMap((of) => of.videos);
      const premieres = new Set(premiered ? videos.filter((_, index) => index % 3 === 0).map(({ id }) => id) : []);

      const { contents } = await write(channels, videos, premieres, rowsPerFile);

      const expected = expectedRows(channels, videos, premieres);
      for (const dataset of CATALOGUE_DATASETS) {
        expect(contents[dataset].flatMap((content) => parseCsv(content))).toEqual(expected[dataset]);
        expect(byColumns(contents[dataset])).toEqual(expected[dataset]);
      }
    }),
  );
});

test('the same catalogue gives the same bytes', async () => {
  await fc.assert(
    fc.asyncProperty(catalogue, async (given) => {
      const channels = given.map(({ channel }) => channel);
      const videos = given.flatMap((of) => of.videos);

      const [first, second] = [await write(channels, videos), await write(channels, videos)];

      expect(second.contents).toEqual(first.contents);
    }),
    { numRuns: 20 },
  );
});

test('every file is UTF-8 without a mark before its header', async () => {
  const { contents } = await write([sampleChannel({ title: '題名' })], [sampleVideo({ title: '👩‍👩‍👧‍👦' })]);

  for (const dataset of CATALOGUE_DATASETS) {
    const [content = Buffer.of()] = contents[dataset];
    expect(content.toString().split('\r\n')[0]).toBe(HEADERS[dataset]);
    expect(CSV_COLUMNS[dataset].join()).toBe(HEADERS[dataset]);
    expect(content.subarray(0, 1).toString()).toMatch(/[a-z]/);
    expect(new TextDecoder('utf-8', { fatal: true }).decode(content)).toBe(content.toString());
  }
});

test('a catalogue with nothing in it still has a file with a header for each dataset', async () => {
  const { lists, contents } = await write([], []);

  expect(byDataset((dataset) => lists[dataset].map(({ rows }) => rows))).toEqual(byDataset(() => [0]));
  expect(byDataset((dataset) => contents[dataset].map(String))).toEqual(
    byDataset((dataset) => [`${HEADERS[dataset]}\r\n`]),
  );
});

describe('a file is split', () => {
  test.each([
    [1, 3, [1]],
    [3, 3, [3]],
    [4, 3, [3, 1]],
    [9, 3, [3, 3, 3]],
    [3, 1, [1, 1, 1]],
    [250, 200, [200, 50]],
    [201, 100, [100, 100, 1]],
  ])('of %i rows, at %i', async (count, rowsPerFile, expected) => {
    const videos = manyVideos(count);

    const { lists, contents } = await write([], videos, NO_PREMIERES, rowsPerFile);

    expect(lists.videos.map(({ rows }) => rows)).toEqual(expected);
    expect(contents.videos.map((content) => readByGrammar(content.toString()).length - 1)).toEqual(expected);
    expect(byColumns(contents.videos)).toEqual(expectedRows([], videos, NO_PREMIERES).videos);
    expect(lists.channels.map(({ rows }) => rows)).toEqual([0]);
  });

  test('and says how large each part is', async () => {
    const { lists, contents } = await write([], manyVideos(25), NO_PREMIERES, 10);

    expect(lists.videos.map(({ size }) => size)).toEqual(contents.videos.map(({ length }) => length));
  });
});

describe('a field', () => {
  test('that is null is empty, and one that is an empty text is quoted', () => {
    expect(csvText([['', null, 'a', 0, null]])).toBe('"",,a,0,\r\n');
    expect(csvText([[null, null]])).toBe(',\r\n');
  });

  test.each(TRICKY_TEXTS)('with %j is what the strict reader says it is', (text) => {
    expect(readByGrammar(csvText([['id', text, null]]))).toEqual([['id', text, null]]);
  });

  test('keeps what a spreadsheet would run as a formula', () => {
    expect(csvText([['=1+1', '@a', '+1', '-1', '\tx']])).toBe('=1+1,@a,+1,-1,\tx\r\n');
    expect(csvText([['=HYPERLINK("x";"y")']])).toBe('"=HYPERLINK(""x"";""y"")"\r\n');
  });

  test('has no line break outside of quotes, whatever is in it', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(storable, fc.option(storable)), { minLength: 1, maxLength: 5 }), (rows) => {
        expect(readByGrammar(csvText(rows))).toEqual(rows);
      }),
    );
  });

  test('has all digits of the largest count', () => {
    expect(csvText([['id', Number.MAX_SAFE_INTEGER]])).toBe('id,9007199254740991\r\n');
  });
});

describe('streams', () => {
  const started = '2025-08-08T12:00:17Z';

  test('have a start in a file of their own, premieres and streams without a start have not', async () => {
    const videos = [
      sampleVideo({ id: 'stream', broadcast: true, startedAt: started }),
      sampleVideo({ id: 'premiere', broadcast: true, startedAt: started }),
      sampleVideo({ id: 'unknown', broadcast: true }),
      sampleVideo({ id: 'upload', startedAt: started }),
    ];

    const { contents } = await write([], videos, new Set(['premiere']));

    expect(byColumns(contents.stream_details)).toEqual([{ video_id: 'stream', started_at: started }]);
    const kinds = byColumns(contents.videos).map(({ id, video_type }) => [id, video_type]);
    expect(Object.fromEntries(kinds)).toEqual({
      stream: 'stream',
      premiere: 'video',
      unknown: 'stream',
      upload: 'video',
    });
  });
});

describe('the temporary folder', () => {
  test('is removed while files are still open', async () => {
    const files = await CsvFiles.create(parent, 10);
    for (const video of manyVideos(150)) await files.addVideo(video, NO_PREMIERES);
    const [folder = ''] = await readdir(parent);
    expect((await readdir(join(parent, folder))).length).toBeGreaterThan(0);

    await files.remove();

    expect(existsSync(join(parent, folder))).toBe(false);
  });

  test('that cannot be made is a failure of the disk, to be tried again', async () => {
    const nowhere = join(parent, 'not', 'there');

    const failure = await CsvFiles.create(nowhere, 10).catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(BatchError);
    expect(failure).toMatchObject({ code: 'csv_file_failed', kind: 'transient' });
    expect(String(failure)).toContain(nowhere);
  });

  test('that goes away while it is written to is a failure of the disk, and removing it is none', async () => {
    const files = await CsvFiles.create(parent, 10);
    const [folder = ''] = await readdir(parent);
    await rm(join(parent, folder), { recursive: true });
    await expect(stat(join(parent, folder))).rejects.toThrow('ENOENT');

    await files.addChannel(sampleChannel());
    const failure = await files.finish().catch((error: unknown) => error);
    await files.remove();

    expect(failure).toMatchObject({ code: 'csv_file_failed', kind: 'transient', cause: { code: 'ENOENT' } });
  });
});
