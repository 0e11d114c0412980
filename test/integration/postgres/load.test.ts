import type { CatalogueDatabase } from '../../../shared/ports/catalogue-database';
import { newDatabase, query } from '../../support/postgres-databases';
import type { DatabaseSettings } from '../../support/services';
import { everything } from './catalogue-tables';
import { CatalogueWorld } from './catalogue-world';
import { sync, video } from './sync-files';

let settings: DatabaseSettings;
let world: CatalogueWorld;
let database: CatalogueDatabase;

beforeEach(async () => {
  settings = await newDatabase('load');
  world = new CatalogueWorld();
  database = world.open(settings);
  await database.prepare();
});

afterEach(() => world.end());

test('a load counts the rows that it writes, and a second load of the same files writes none', async () => {
  const load = await world.folder.write(sync());
  const first = await database.load(load);
  const before = await everything(settings);

  const second = await database.load(load);

  // A channel, its details, two types, two videos with a type and statistics each, one stream.
  expect(first).toEqual({ rowsWritten: 11, removed: 0 });
  expect(second).toEqual({ rowsWritten: 0, removed: 0 });
  expect(await everything(settings)).toEqual(before);
});

test('only what changed is written', async () => {
  await world.load(database, sync());
  const before = await everything(settings);
  const changed = sync({
    videos: [video('v1', { title: 'Another' }), video('v2', { type: 'stream', startedAt: '2025-08-08T12:00:00.000Z' })],
  });

  const figures = await world.load(database, changed);

  expect(figures).toEqual({ rowsWritten: 1, removed: 0 });
  const after = await everything(settings);
  expect(after).toEqual({ ...before, videos: expect.anything() });
  expect(after.videos).toContain(before.videos?.find((row) => row.includes('v2')));
  expect(after.videos).not.toEqual(before.videos);
});

test('the statistics of another day are rows of their own, and the counts of the video are the newest', async () => {
  await world.load(database, sync({ videos: [video('v1', { views: 10 })] }));

  const figures = await world.load(database, sync({ date: '2025-08-10', videos: [video('v1', { views: 12 })] }));

  expect(figures.rowsWritten).toBe(2);
  expect(await query(settings, 'SELECT date::TEXT, view_count FROM video_statistics ORDER BY date')).toEqual([
    { date: '2025-08-09', view_count: '10' },
    { date: '2025-08-10', view_count: '12' },
  ]);
  expect(await query(settings, 'SELECT view_count FROM videos')).toEqual([{ view_count: '12' }]);
});

test('a video that a whole channel lacks is marked once, and unmarked when it is back', async () => {
  const both = sync({ videos: [video('v1'), video('v2')] });
  const one = sync({ videos: [video('v1')], whole: ['UC1'] });
  const removedAt = 'SELECT id, removed_at FROM videos ORDER BY id';
  await world.load(database, both);

  const first = await world.load(database, one);
  const marked = await query(settings, removedAt);
  const again = await world.load(database, one);
  const known = await database.knownVideos('acme', 'UC1');

  expect(first).toEqual({ rowsWritten: 1, removed: 1 });
  expect(again).toEqual({ rowsWritten: 0, removed: 0 });
  expect(marked).toEqual([
    { id: 'v1', removed_at: null },
    { id: 'v2', removed_at: expect.any(Date) },
  ]);
  expect(await query(settings, removedAt)).toEqual(marked);
  expect(known).toEqual(['v1']);
  expect(await world.load(database, both)).toEqual({ rowsWritten: 1, removed: 0 });
  expect(await query(settings, 'SELECT id FROM videos WHERE removed_at IS NULL ORDER BY id')).toHaveLength(2);
});

test('a video that is gone is marked though its channel was not read whole; what the files have is there', async () => {
  await world.load(database, sync({ videos: [video('v1'), video('v2'), video('v3')] }));

  const figures = await world.load(database, sync({ videos: [video('v1')], gone: ['v1', 'v2', 'never seen'] }));

  expect(figures).toEqual({ rowsWritten: 1, removed: 1 });
  expect((await database.knownVideos('acme', 'UC1')).toSorted()).toEqual(['v1', 'v3']);
});

test('a stream that was listed as a premiere since is a video, without a row of streams', async () => {
  await world.load(
    database,
    sync({ videos: [video('v1', { type: 'stream', startedAt: '2025-08-08T12:00:00.000Z' })] }),
  );
  await query(settings, `INSERT INTO premiere_videos VALUES ('acme', 'v1'), ('acme', 'unknown yet'), ('other', 'v9')`);

  const figures = await world.load(database, sync({ videos: [video('v1')] }));

  expect(figures.rowsWritten).toBe(3);
  expect(await query(settings, 'SELECT video_type_id FROM video_video_types')).toEqual([{ video_type_id: 'video' }]);
  expect(await query(settings, 'SELECT * FROM stream_details')).toEqual([]);
  expect(await database.premieres('acme')).toEqual(new Set(['v1', 'unknown yet']));
});

test('types that people have given a video stay, and so do their names of the types', async () => {
  await world.load(database, sync({ videos: [video('v1')] }));
  await query(settings, `INSERT INTO video_types VALUES ('acme', 'song', 'Song')`);
  await query(settings, `INSERT INTO video_video_types VALUES ('acme', 'v1', 'song')`);
  await query(settings, `UPDATE video_types SET name = 'Film' WHERE id = 'video'`);

  const figures = await world.load(database, sync({ videos: [video('v1')] }));

  expect(figures.rowsWritten).toBe(0);
  expect(await query(settings, 'SELECT id, name FROM video_types ORDER BY id')).toEqual([
    { id: 'song', name: 'Song' },
    { id: 'stream', name: 'stream' },
    { id: 'video', name: 'Film' },
  ]);
  expect(await query(settings, 'SELECT * FROM video_video_types')).toHaveLength(2);
});

test('a channel that is in no file any more stays, with its videos', async () => {
  const other = { id: 'UC2', title: 'Other', handle: null, description: null, subscribers: null };
  await world.load(database, sync());

  await world.load(database, sync({ channels: [other], videos: [video('w1', { channel: 'UC2' })], whole: ['UC2'] }));

  expect(await database.channels('acme')).toEqual([
    { id: 'UC1', handle: '@a', videos: 2 },
    { id: 'UC2', handle: null, videos: 1 },
  ]);
});

test('a dataset in several files is one dataset', async () => {
  const videos = Array.from({ length: 25 }, (_, i) => video(`v${i}`));
  const load = await world.folder.write(sync({ videos }), { rowsPerFile: 10 });

  await database.load(load);

  expect(load.files.videos).toHaveLength(3);
  expect(await database.channels('acme')).toEqual([{ id: 'UC1', handle: '@a', videos: 25 }]);
});

test('a load of a day without anything writes the types and nothing else', async () => {
  const figures = await world.load(database, sync({ channels: [], videos: [] }));

  expect(figures).toEqual({ rowsWritten: 2, removed: 0 });
});
