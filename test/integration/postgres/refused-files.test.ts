import { tmpdir } from 'node:os';
import type { CatalogueDatabase } from '../../../shared/ports/catalogue-database';
import { newDatabase } from '../../support/postgres-databases';
import type { DatabaseSettings } from '../../support/services';
import { CatalogueWorld, everyWordOf, failureOf } from './catalogue-world';
import { ModelCatalogue, shown } from './model';
import { sync, video } from './sync-files';

const BEFORE = sync();
const before = new ModelCatalogue();
before.load(BEFORE);

let settings: DatabaseSettings;
let world: CatalogueWorld;
let database: CatalogueDatabase;

beforeAll(async () => {
  settings = await newDatabase('refused');
  world = new CatalogueWorld();
  database = world.open(settings);
  await database.prepare();
  await world.load(database, BEFORE);
});

afterEach(async () => expect(await shown(settings, 'acme')).toEqual(before.shown()));

afterAll(() => world.end());

test.each([
  ['a video twice', { videos: [video('v1'), video('v1')] }, /Copying videos_\d+\.csv.*a key is there twice.*line 3/],
  [
    'no title',
    { videos: [video('v1', { title: null as unknown as string })] },
    /a value is missing.*column title.*line 2/,
  ],
  [
    'a channel that is not there',
    { videos: [video('v1', { channel: 'UC9' })] },
    /\(videos\).*refers to one that is not there/,
  ],
  [
    'a duration of another form',
    { videos: [video('v1', { duration: '10:00' })] },
    /none of those that are allowed.*duration/,
  ],
  [
    'a count that is too large',
    { videos: [video('v1', { views: 2 ** 70 })] },
    /does not fit.*line 2, column view_count/,
  ],
  ['an instant that is none', { videos: [video('v1', { publishedAt: 'row-value' })] }, /line 2, column published_at/],
  [
    'a type that is none',
    { videos: [video('v1', { type: 'row-value' as 'video' })] },
    /none of those that are allowed/,
  ],
  ['a NUL character', { videos: [video('v1', { title: 'row-value\0' })] }, /Copying videos_\d+\.csv.*does not fit/],
])('a file with %s is refused with its place, without its content', async (_, facts, message) => {
  const failure = await failureOf(world.load(database, sync(facts)));

  expect(failure).toMatchObject({
    code: 'database_value_invalid',
    kind: 'permanent',
    message: expect.stringMatching(message),
  });
  expect(everyWordOf(failure)).not.toContain('row-value');
});

test.each([
  ['another order of columns', 'title,id\r\nrow-value,UC1\r\n'],
  ['no header', 'UC1,row-value\r\n'],
  ['another number of fields', 'id,title\r\nUC1,a,row-value\r\n'],
  ['a quote without an end', 'id,title\r\nUC1,"row-value\r\n'],
])('a file with %s is refused', async (_, channels) => {
  const load = await world.folder.write(BEFORE, { contents: { channels } });

  const failure = await failureOf(database.load(load));

  expect(failure).toMatchObject({
    code: 'database_value_invalid',
    kind: 'permanent',
    message: expect.stringMatching(/Copying channels_\d+\.csv.*a CSV file is not as it must be/),
  });
  expect(everyWordOf(failure)).not.toContain('row-value');
});

test('a file that is not there, or cannot be read, fails the load', async () => {
  const load = await world.folder.write(sync({ videos: [] }));

  const missing = await failureOf(
    database.load({ ...load, files: { ...load.files, video_statistics: ['/not/there.csv'] } }),
  );
  const folder = await failureOf(database.load({ ...load, files: { ...load.files, videos: [tmpdir()] } }));

  expect(missing).toMatchObject({ code: 'database_request_invalid', message: expect.stringContaining('ENOENT') });
  expect(folder).toMatchObject({ code: 'database_request_invalid', message: expect.stringContaining('EISDIR') });
});

test.each([
  ['begins', 0],
  ['ends', 9_999],
])('a large file is refused where it %s with what is wrong', async (_, at) => {
  const videos = Array.from({ length: 10_000 }, (_row, n) =>
    video(`w${n}`, { description: 'long '.repeat(200), ...(n === at ? { duration: 'row-value' } : {}) }),
  );
  const load = await world.folder.write(sync({ videos }), { rowsPerFile: 20_000 });

  const failure = await failureOf(database.load(load));

  expect(failure).toMatchObject({
    code: 'database_value_invalid',
    message: expect.stringContaining(`line ${at + 2}`),
  });
  expect(everyWordOf(failure)).not.toContain('row-value');
  expect(await world.load(database, BEFORE)).toEqual({ rowsWritten: 0, removed: 0 });
});
