import { parse } from 'csv-parse/sync';
import { Catalogue } from '../../../local/youtube/catalogue';
import { type CatalogueVideo, newChannel, newVideo } from '../../../local/youtube/model';
import { ODD_TITLES, ODDITIES } from '../../../local/youtube/oddities';
import { textOf } from '../../../local/youtube/text';
import { newDatabase } from '../../support/postgres-databases';
import type { DatabaseSettings } from '../../support/services';
import { YoutubeWorld } from '../../support/youtube-world';
import { shown } from '../postgres/model';
import { SyncedModel, stored, unstorable } from './catalogue-model';

const CHANNEL = `UC${'v'.repeat(22)}`;
const DURATIONS = [0, 1, 59, 60, 3599, 3600, 86_399, 86_400, 93_784, 359_999, 360_000, 719_999, 720_000];
const SCRIPTS = [
  'a',
  'é',
  'あ',
  '漢',
  '한',
  'ไ',
  'ع',
  'ש',
  'क',
  '𠮷',
  '👩‍👩‍👧‍👦',
  '\u202e',
  '\u0301',
  '\ufeff',
  '\u0085',
];
const TITLES = [
  ...ODD_TITLES,
  ...SCRIPTS.map((text) => text.repeat(Math.floor(100 / text.length))),
  '',
  '\0'.repeat(100),
];
const DESCRIPTIONS = [
  '',
  '\0',
  'あ'.repeat(1666),
  '𠮷'.repeat(1250),
  '"\r\n,\\'.repeat(1000),
  { seed: 'long', bytes: 5000 },
];

let database: DatabaseSettings;
let world: YoutubeWorld;

beforeAll(async () => {
  database = await newDatabase('values');
  const kinds: Partial<CatalogueVideo>[] = [
    ...DURATIONS.map((durationSeconds) => ({ durationSeconds })),
    ...TITLES.map((title) => ({ title })),
    ...DESCRIPTIONS.map((description) => ({ description })),
  ];
  const video = (number: number) => newVideo({ id: `v${String(number).padStart(10, '0')}`, channelId: CHANNEL });
  const plain = kinds.map((traits, index) => ({ ...video(index), ...traits }));
  const odd = ODDITIES.map((oddity, index) => ({ ...video(1000 + index), ...oddity(video(1000 + index)) }));
  const channel = newChannel({
    id: CHANNEL,
    title: 'NUL \0 and "quotes"',
    description: 'one\0two',
    hiddenSubscriberCount: true,
  });
  world = await YoutubeWorld.open({
    database,
    catalogue: new Catalogue({ channels: [channel], videos: [...plain, ...odd] }),
  });
  await world.listPremieres();
});

afterAll(() => world?.close());

test('values of every kind come through as they are', async () => {
  const model = new SyncedModel();
  model.sync(world.catalogue, [CHANNEL], world.date);

  const report = await world.runOne();

  const found = await shown(database, world.tenant);
  expect(report.status).toBe('completed');
  expect(found).toEqual(model.shown());
  const durations = new Map(found.videos.map(([id, , , , , , clock, seconds]) => [id, [clock, seconds]]));
  expect(durations.get('v0000000000')).toEqual(['00:00:00', 0]);
  expect(durations.get('v0000000012')).toEqual(['200:00:00', 720_000]);
});

test('what PostgreSQL cannot hold is replaced, counted, and told in the report and the record', async () => {
  await world.pass();
  const texts = world.catalogue.uploads(CHANNEL).flatMap(({ title, description }) => [title, textOf(description)]);
  const replaced = unstorable('NUL \0 and "quotes"', 'one\0two', ...texts);

  const report = await world.runOne();

  expect(replaced).toBeGreaterThan(100);
  expect(report).toMatchObject({ rowsWritten: 0, notices: [{ channel: CHANNEL, replacedCharacters: replaced }] });
  expect(await world.lastRecord()).toMatchObject({
    replaced_characters: replaced,
    notices: [{ channel: CHANNEL, channel_id: CHANNEL, replaced_characters: replaced }],
  });
});

test('the CSV files in the container hold the same values, and nothing else is left of the run', async () => {
  await world.pass();
  const { csv = '' } = await world.runOne();

  const { entries } = await world.output.list(csv);
  const { body } = await world.output.read(`${csv}videos.csv`);

  expect(entries.map(({ key }) => key.slice(csv.length)).sort()).toEqual([
    'channel_details.csv',
    'channels.csv',
    'stream_details.csv',
    'video_statistics.csv',
    'videos.csv',
  ]);
  const rows: { id: string; title: string; description: string }[] = parse(Buffer.from(body), { columns: true });
  const titles = new Map(rows.map(({ id, title }) => [id, title]));
  const expected = world.catalogue.uploads(CHANNEL).map(({ id, title }) => [id, stored(title)] as const);
  expect(titles).toEqual(new Map(expected));
  expect(Math.max(...rows.map(({ description }) => Buffer.byteLength(description)))).toBe(5000);
});
