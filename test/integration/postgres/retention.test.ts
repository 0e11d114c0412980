import type { CatalogueDatabase, PrunedRows } from '../../../shared/ports/catalogue-database';
import { newDatabase, query } from '../../support/postgres-databases';
import type { DatabaseSettings } from '../../support/services';
import { everything } from './catalogue-tables';
import { CatalogueWorld, failureOf } from './catalogue-world';
import { CHANNEL, sync, video } from './sync-files';

// Instants are the server's own, so that days go by here by moving back what is there.

const TODAY = '2025-08-09';
const OLDEST = '2025-07-10';
const NOTHING: PrunedRows = { videos: 0, channels: 0, statistics: 0 };

let settings: DatabaseSettings;
let world: CatalogueWorld;
let database: CatalogueDatabase;

beforeEach(async () => {
  settings = await newDatabase('retention');
  world = new CatalogueWorld();
  database = world.open(settings);
  await database.prepare();
});

afterEach(() => world.end());

const prune = (tenant = 'acme') => database.prune({ tenant, days: 30, oldest: OLDEST });

/** Lets days go by for all that was written so far. */
async function daysGoBy(days: number): Promise<void> {
  await query(
    settings,
    `UPDATE videos SET updated_at = updated_at - make_interval(days => ${days}), removed_at = removed_at - make_interval(days => ${days});
     UPDATE channels SET updated_at = updated_at - make_interval(days => ${days}), refreshed_on = refreshed_on - ${days};
     UPDATE video_statistics SET date = date - ${days};`,
  );
}

async function ids(table: string, column = 'id', tenant = 'acme'): Promise<string[]> {
  const rows = await query<{ id: string }>(
    settings,
    `SELECT DISTINCT ${column} AS id FROM ${table} WHERE tenant_id = '${tenant}' ORDER BY 1`,
  );
  return rows.map(({ id }) => id);
}

test('what was read on the last of thirty days stays, and the day after that it goes', async () => {
  await world.load(database, sync());

  await daysGoBy(30);
  const onTheLast = await prune();
  const left = await ids('videos');
  await daysGoBy(1);
  const dayAfter = await prune();

  expect([onTheLast, left]).toEqual([NOTHING, ['v1', 'v2']]);
  expect(dayAfter).toEqual({ videos: 2, channels: 1, statistics: 0 });
  for (const [table, rows] of Object.entries(await everything(settings)))
    expect([table, rows.length]).toEqual([table, table === 'video_types' ? 2 : 0]);
  expect(await prune()).toEqual(NOTHING);
});

test('a video that is read again stays, though nothing about it has changed for years', async () => {
  await world.load(database, sync());
  await daysGoBy(1000);
  await world.load(database, sync({ videos: [video('v1')] }));

  const pruned = await prune();

  expect(pruned).toEqual({ videos: 1, channels: 0, statistics: 1 });
  expect(await ids('videos')).toEqual(['v1']);
  expect(await ids('channels')).toEqual([CHANNEL.id]);
  expect(await query(settings, 'SELECT date::TEXT FROM video_statistics')).toEqual([{ date: TODAY }]);
  expect(await ids('stream_details', 'video_id')).toEqual([]);
});

test('a removed video goes thirty days after it was found gone, whatever else is read', async () => {
  await world.load(database, sync());
  await world.load(database, sync({ videos: [video('v1')], whole: [CHANNEL.id] }));
  await daysGoBy(31);
  await world.load(database, sync({ videos: [video('v1')], whole: [CHANNEL.id] }));

  expect(await prune()).toEqual({ videos: 1, channels: 0, statistics: 1 });
  expect(await ids('videos')).toEqual(['v1']);
});

test('another channel, and another tenant, keep what is theirs', async () => {
  const other = { ...CHANNEL, id: 'UC2' };
  await world.load(database, sync());
  await world.load(database, sync({ tenant: 'other' }));
  await daysGoBy(40);
  await world.load(database, sync({ channels: [other], videos: [video('w1', { channel: 'UC2' })] }));

  const pruned = await prune();

  expect(pruned).toEqual({ videos: 2, channels: 1, statistics: 0 });
  expect(await ids('channels')).toEqual(['UC2']);
  expect(await ids('videos')).toEqual(['w1']);
  expect(await ids('videos', 'id', 'other')).toEqual(['v1', 'v2']);
});

test('what people have entered stays', async () => {
  await world.load(database, sync());
  await query(settings, "INSERT INTO premiere_videos VALUES ('acme', 'v1'), ('acme', 'unknown')");
  await query(settings, "INSERT INTO video_types VALUES ('acme', 'song', 'Song')");
  await query(settings, "INSERT INTO video_video_types VALUES ('acme', 'v1', 'song')");
  await daysGoBy(40);

  await prune();

  expect(await ids('premiere_videos', 'video_id')).toEqual(['unknown', 'v1']);
  expect(await ids('video_types')).toEqual(['song', 'stream', 'video']);
  expect(await ids('videos')).toEqual([]);
});

test('more than one transaction takes goes with the next ones', async () => {
  const videos = Array.from({ length: 1100 }, (_, at) => video(`v${at}`));
  await world.load(database, sync({ videos }));
  await daysGoBy(40);

  const rounds: PrunedRows[] = [];
  do rounds.push(await prune());
  while (rounds.at(-1)?.videos !== 0);

  expect(rounds.map((round) => round.videos)).toEqual([500, 500, 100, 0]);
  expect(await ids('channels')).toEqual([]);
});

test('a channel that was loaded before there was a date of reading goes by its videos, and then by its own change', async () => {
  await world.load(database, sync());
  await query(settings, 'UPDATE channels SET refreshed_on = NULL');

  const early = await prune();
  await daysGoBy(4000);
  const late = await prune();

  expect(early).toEqual(NOTHING);
  expect(late).toMatchObject({ videos: 2, channels: 1 });
});

test('loading the same again on the same day writes no row at all', async () => {
  await world.load(database, sync());
  const before = await everything(settings);

  const { rowsWritten } = await world.load(database, sync());

  expect(rowsWritten).toBe(0);
  expect(await everything(settings)).toEqual(before);
});

test('a database that no sync has prepared is said to be none', async () => {
  const fresh = world.open(await newDatabase('retention'));

  const failure = await failureOf(fresh.prune({ tenant: 'acme', days: 30, oldest: OLDEST }));

  expect(failure).toMatchObject({ code: 'database_schema_outdated' });
});
