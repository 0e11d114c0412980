import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { DatabaseError, StorageError } from '../../../shared/errors';
import { loadSync } from '../../../shared/youtube/load-sync';
import { parseCsv } from '../../support/fake-catalogue-database';
import { recorded, watched } from '../../support/store-spies';
import { catalogue, sampleChannel, sampleVideo } from './catalogues';
import { expectedRows } from './expected-rows';
import { CSV, LoadWorld, RUN, TENANT } from './load-world';

const NO_PREMIERES: ReadonlySet<string> = new Set();
const SINGLE_FILES = ['channel_details', 'channels', 'stream_details', 'video_statistics', 'videos'].map(
  (name) => `${name}.csv`,
);

const channel = sampleChannel();
const videos = (...ids: string[]) => ids.map((id) => sampleVideo({ id }));
const unavailable = new DatabaseError('The database is starting.', { code: 'database_unavailable', kind: 'transient' });
const throttled = new StorageError('Too many requests.', { code: 'storage_throttled', kind: 'transient' });

let world: LoadWorld;

beforeEach(async () => {
  world = await LoadWorld.create();
});

afterEach(async () => {
  const left = await world.leftOnDisk();
  await world.remove();
  expect(left).toEqual([]);
});

/** Ids of the tenant's videos, the removed ones apart. */
function inDatabase(): { readonly there: string[]; readonly removed: string[] } {
  const all = [...world.database.catalogue(TENANT).videos];
  const ids = (wanted: boolean) => all.filter(([, { removed }]) => removed === wanted).map(([id]) => id);
  return { there: ids(false).sort(), removed: ids(true).sort() };
}

describe('a load', () => {
  test('brings what was read into the container and the database, and counts it', async () => {
    const started = '2025-08-08T12:00:17Z';
    const stream = sampleVideo({ id: 'stream', broadcast: true, startedAt: started });
    const premiere = sampleVideo({ id: 'premiere', broadcast: true, startedAt: started });
    world.database.setPremieres(TENANT, ['premiere']);
    world.database.setPremieres('other', ['stream']);
    const fetched = await world.put({ channel, lots: [[stream], [premiere, sampleVideo()]], replacedCharacters: 2 });

    const loaded = await loadSync(world.context(), [fetched]);

    // Two rows of the channel and two of the kinds that there are; one of each video, of its kind and of its statistics; one of the stream.
    expect(loaded).toEqual({
      channels: 1,
      videos: 3,
      streams: 1,
      removed: 0,
      rowsWritten: 14,
      csv: CSV,
      replacedCharacters: 2,
    });
    const files = await world.csv();
    const expected = expectedRows([channel], [stream, premiere, sampleVideo()], new Set(['premiere']));
    expect(Object.keys(files).sort()).toEqual(SINGLE_FILES);
    expect(parseCsv(files['videos.csv'] ?? '')).toEqual(expected.videos);
    expect(parseCsv(files['stream_details.csv'] ?? '')).toEqual(expected.stream_details);
    const { videos: rows, streamDetails, statistics } = world.database.catalogue(TENANT);
    expect([...rows.values()].map(({ row }) => row)).toEqual(expected.videos);
    expect([...streamDetails.keys()]).toEqual(['stream']);
    expect([...statistics.keys()].sort()).toEqual(
      ['premiere 2025-08-12', 'stream 2025-08-12', 'video000001 2025-08-12'].sort(),
    );
  });

  test('loads the very files that are in the container, for the date of the run', async () => {
    const fetched = await world.put({ channel, lots: [videos('a', 'b', 'c', 'd', 'e')] });
    const loadedFiles: string[] = [];
    world.database.before = async ({ method }) => {
      const [load] = world.database.loads;
      if (method !== 'load' || load === undefined) return;
      for (const path of load.files.videos) loadedFiles.push(await readFile(path, 'utf8'));
    };

    await loadSync(world.context({ csvRows: 2, date: '2025-08-13' }), [fetched]);

    const files = await world.csv();
    expect(loadedFiles).toEqual([files['videos_001.csv'], files['videos_002.csv'], files['videos_003.csv']]);
    expect(world.database.loads).toMatchObject([{ tenant: TENANT, date: '2025-08-13', wholeChannels: [channel.id] }]);
  });

  test('of nothing leaves headers in the container and no channel in the database', async () => {
    const loaded = await loadSync(world.context(), []);

    expect(loaded).toMatchObject({ channels: 0, videos: 0, streams: 0, removed: 0 });
    expect(world.database.catalogue(TENANT).channels.size).toBe(0);
    expect(Object.keys(await world.csv()).sort()).toEqual(SINGLE_FILES);
  });

  test('done again writes no row and the same bytes', async () => {
    const fetched = await world.put({ channel, lots: [videos('a', 'b')] });
    await loadSync(world.context(), [fetched]);
    const before = await world.csv();

    const loaded = await loadSync(world.context(), [fetched]);

    expect(loaded).toMatchObject({ videos: 2, rowsWritten: 0, removed: 0 });
    expect(await world.csv()).toEqual(before);
  });

  test('of any catalogue, in whatever lots, leaves the container and the database with that catalogue', async () => {
    await fc.assert(
      fc.asyncProperty(
        catalogue,
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 5 }),
        async (given, lotSize, csvRows) => {
          const own = await LoadWorld.create();
          try {
            const fetched = [];
            for (const { channel: of, videos: all } of given) {
              const lots = Array.from({ length: Math.ceil(all.length / lotSize) }, (_, index) =>
                all.slice(index * lotSize, (index + 1) * lotSize),
              );
              fetched.push(await own.put({ channel: of, lots }));
            }

            await loadSync(own.context({ csvRows }), fetched);

            const channels = given.map((of) => of.channel);
            const all = given.flatMap((of) => of.videos);
            const expected = expectedRows(channels, all, NO_PREMIERES);
            const tables = own.database.catalogue(TENANT);
            expect([...tables.channels.values()]).toEqual(expected.channels);
            expect([...tables.channelDetails.values()]).toEqual(expected.channel_details);
            expect([...tables.videos.values()].map(({ row }) => row)).toEqual(expected.videos);
            expect([...tables.streamDetails.values()]).toEqual(expected.stream_details);
            expect([...tables.statistics.values()]).toEqual(expected.video_statistics);
            const rows = Object.entries(await own.csv())
              .filter(([name]) => /^videos(_\d+)?\.csv$/.test(name))
              .flatMap(([, text]) => parseCsv(text));
            expect(rows).toEqual(expected.videos);
            expect(await own.leftOnDisk()).toEqual([]);
          } finally {
            await own.remove();
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('what was read twice', () => {
  test('counts once, as the last lot says', async () => {
    const old = [sampleVideo({ id: 'a', title: 'old' }), sampleVideo({ id: 'b' })];
    const fetched = await world.put({ channel, lots: [old, [sampleVideo({ id: 'a', title: 'new' })]] });

    const loaded = await loadSync(world.context(), [fetched]);

    expect(loaded).toMatchObject({ videos: 2, channels: 1 });
    expect(world.database.catalogue(TENANT).videos.get('a')?.row.title).toBe('new');
  });

  test('as one channel under two names counts once', async () => {
    const fetched = await world.put({ channel, lots: [videos('a', 'b')], replacedCharacters: 3 });

    const loaded = await loadSync(world.context(), [fetched, { ...fetched }]);

    expect(loaded).toMatchObject({ channels: 1, videos: 2, replacedCharacters: 3 });
    expect(world.database.loads).toMatchObject([{ wholeChannels: [channel.id] }]);
  });

  test('as one channel by two readings is put together, the later one counts', async () => {
    const whole = await world.put({ channel, lots: [videos('a', 'b')], run: 'r1' });
    const later = { ...channel, title: 'Renamed' };
    const part = await world.put({
      channel: later,
      lots: [[sampleVideo({ id: 'a', title: 'new' })]],
      whole: false,
      run: 'r2',
    });

    const loaded = await loadSync(world.context(), [whole, part]);

    expect(loaded).toMatchObject({ channels: 1, videos: 2 });
    expect(world.database.loads).toMatchObject([{ wholeChannels: [channel.id] }]);
    const { channels, videos: rows } = world.database.catalogue(TENANT);
    expect(channels.get(channel.id)?.title).toBe('Renamed');
    expect(rows.get('a')?.row.title).toBe('new');
  });
});

describe('a video that is gone', () => {
  beforeEach(async () => {
    const other = sampleChannel({ id: 'UCother' });
    await loadSync(world.context(), [
      await world.put({ channel, lots: [videos('a', 'b', 'c')] }),
      await world.put({ channel: other, lots: [[sampleVideo({ id: 'x', channelId: other.id })]] }),
    ]);
  });

  test('from a channel that was read whole is removed, and those of other channels are not', async () => {
    const fetched = await world.put({ channel, lots: [videos('a')] });

    const loaded = await loadSync(world.context(), [fetched]);

    expect(loaded).toMatchObject({ videos: 1, removed: 2 });
    expect(inDatabase()).toEqual({ there: ['a', 'x'], removed: ['b', 'c'] });
  });

  test('from a channel that was read in part is removed only where it is known to be gone', async () => {
    const fetched = await world.put({ channel, lots: [videos('a')], whole: false, gone: ['b', 'never-there'] });

    const loaded = await loadSync(world.context(), [fetched]);

    expect(loaded).toMatchObject({ videos: 1, removed: 1 });
    expect(inDatabase()).toEqual({ there: ['a', 'c', 'x'], removed: ['b'] });
  });

  test('at one moment of the reading, and there at another, is there', async () => {
    const fetched = await world.put({ channel, lots: [videos('a')], whole: false, gone: ['a', 'b'] });

    await loadSync(world.context(), [fetched]);

    expect(world.database.loads.at(-1)?.goneVideos).toEqual(['b']);
    expect(inDatabase().there).toContain('a');
  });

  test('is there again once it is read again', async () => {
    await loadSync(world.context(), [await world.put({ channel, lots: [videos('a')] })]);

    const loaded = await loadSync(world.context(), [await world.put({ channel, lots: [videos('a', 'b')] })]);

    expect(loaded).toMatchObject({ removed: 0, rowsWritten: 1 });
    expect(inDatabase()).toEqual({ there: ['a', 'b', 'x'], removed: ['c'] });
  });
});

describe('files of an earlier try', () => {
  test('under other numbers are deleted, in either direction, and nothing beside them', async () => {
    const fetched = await world.put({ channel, lots: [videos('a', 'b', 'c', 'd', 'e')] });
    const otherRun = `${TENANT}/youtube/csv/${RUN}-other/videos_009.csv`;
    await world.store.write(otherRun, Buffer.from('x'), { contentType: 'text/csv' });

    await loadSync(world.context({ csvRows: 2 }), [fetched]);
    const split = Object.keys(await world.csv());
    await loadSync(world.context({ csvRows: 5 }), [fetched]);
    const single = Object.keys(await world.csv());
    await loadSync(world.context({ csvRows: 3 }), [fetched]);
    const splitAgain = Object.keys(await world.csv());

    const videoFiles = (names: string[]) => names.filter((name) => name.startsWith('videos')).sort();
    expect(videoFiles(split)).toEqual(['videos_001.csv', 'videos_002.csv', 'videos_003.csv']);
    expect(single.sort()).toEqual(SINGLE_FILES);
    expect(videoFiles(splitAgain)).toEqual(['videos_001.csv', 'videos_002.csv']);
    expect(await world.store.head(otherRun)).toBeDefined();
  });
});

describe('a failure', () => {
  test.each(['premieres', 'load'] as const)('of the database at %s is passed on', async (method) => {
    const fetched = await world.put({ channel, lots: [videos('a')] });
    world.database.before = (call) => {
      if (call.method === method) throw unavailable;
    };

    await expect(loadSync(world.context(), [fetched])).rejects.toBe(unavailable);

    expect(inDatabase()).toEqual({ there: [], removed: [] });
  });

  test('of any single call of the container is passed on, and the next try completes the load', async () => {
    const readings = [await world.put({ channel, lots: [videos('a', 'b', 'c'), videos('d')] })];
    await loadSync(world.context({ csvRows: 1 }), readings);
    const leftovers = await world.csv();
    const { store, calls } = recorded(world.store);
    await loadSync(world.context({ output: store, csvRows: 2 }), readings);
    const expected = await world.csv();
    expect(new Set(calls.map(({ method }) => method))).toEqual(new Set(['read', 'write', 'list', 'delete']));

    for (let failing = 0; failing < calls.length; failing++) {
      const own = await LoadWorld.create();
      try {
        const fetched = [await own.put({ channel, lots: [videos('a', 'b', 'c'), videos('d')] })];
        for (const [name, text] of Object.entries(leftovers))
          await own.store.write(`${CSV}${name}`, Buffer.from(text), { contentType: 'text/csv' });
        let made = 0;
        const output = watched(own.store, () => {
          if (made++ === failing) throw throttled;
        });

        await expect(loadSync(own.context({ output, csvRows: 2 }), fetched)).rejects.toBe(throttled);
        expect(own.database.loads).toEqual([]);
        expect(await own.leftOnDisk()).toEqual([]);
        await loadSync(own.context({ csvRows: 2 }), fetched);

        expect(await own.csv()).toEqual(expected);
        expect(own.database.catalogue(TENANT).videos.size).toBe(4);
      } finally {
        await own.remove();
      }
    }
  });

  test('after the database has loaded is made good by loading again', async () => {
    const fetched = await world.put({ channel, lots: [videos('a')] });
    world.database.after = ({ method }) => {
      if (method === 'load') throw unavailable;
    };
    await expect(loadSync(world.context(), [fetched])).rejects.toBe(unavailable);
    world.database.after = () => undefined;

    const loaded = await loadSync(world.context(), [fetched]);

    expect(loaded).toMatchObject({ videos: 1, rowsWritten: 0 });
  });

  test('of a lot that is gone loads nothing', async () => {
    const fetched = await world.put({ channel, lots: [videos('a'), videos('b')] });
    const { store, calls } = recorded(world.store);
    await loadSync(world.context({ output: store }), [fetched]);
    const lot = calls.find(({ key }) => key.endsWith('.jsonl'))?.key ?? '';
    await world.store.delete(lot);

    await expect(loadSync(world.context(), [fetched])).rejects.toMatchObject({ code: 'object_not_found' });

    expect(world.database.loads).toHaveLength(1);
  });
});
