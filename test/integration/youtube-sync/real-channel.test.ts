import { estimatedUnits } from '../../../shared/youtube/estimate';
import { newDatabase, query } from '../../support/postgres-databases';
import { REAL_CHANNEL_ID, realCatalogue, realPremiereIds } from '../../support/youtube-catalogues';
import { YoutubeWorld } from '../../support/youtube-world';
import { shown } from '../postgres/model';
import { SyncedModel } from './catalogue-model';
import { rowVersions } from './row-versions';

// A channel of 1,308 real titles and start times, synced again and again. The tests follow one another.

const DAY_MS = 24 * 3_600_000;
const model = new SyncedModel();
let world: YoutubeWorld;

beforeAll(async () => {
  world = await YoutubeWorld.open({ database: await newDatabase('real'), catalogue: realCatalogue() });
  await world.listPremieres(realPremiereIds());
});

afterAll(() => world?.close());

async function syncNow() {
  const spentBefore = world.unitsSpent;
  const report = await world.runOne();
  model.sync(world.catalogue, [REAL_CHANNEL_ID], world.date, realPremiereIds());
  return { report, units: world.unitsSpent - spentBefore };
}

test('a first sync costs 55 units, never searches, and the database is the catalogue', async () => {
  const { report, units } = await syncNow();

  expect(report).toMatchObject({
    status: 'completed',
    channels: 1,
    videos: 1308,
    streams: 1307,
    removed: 0,
    quotaUnits: 55,
  });
  expect([units, estimatedUnits(1308)]).toEqual([55, 55]);
  expect(await world.quota()).toMatchObject({ spent: 55, reserved: 0, left: 10_000 - 55, exhausted: false });
  const { calls } = world.youtube.quota;
  expect(calls.map(({ endpoint }) => endpoint).sort()).toEqual([
    'channels',
    ...Array(27).fill('playlistItems'),
    ...Array(27).fill('videos'),
  ]);
  expect(await shown(world.database, world.tenant)).toEqual(model.shown());
});

test('its run record says what it came to', async () => {
  const [record, ...others] = await world.records();

  expect(others).toEqual([]);
  expect(record).toMatchObject({
    SK: 'YOUTUBE#2025-08-12T00-00-00.000',
    batch_type: 'youtube_sync',
    status: 'completed',
    date: '2025-08-12',
    channels: 1,
    videos: 1308,
    streams: 1307,
    quota_units: 55,
    csv_path: `${world.tenant}/youtube/csv/2025-08-12T00-00-00.000/`,
    notices: [],
    failed_channels: [],
    stopped: [],
  });
});

test('a second sync on the same day writes no row, whatever its kind', async () => {
  await world.pass(12 * 3_600_000);
  const before = await rowVersions(world.database, { locks: true });

  const { report, units } = await syncNow();

  expect(report).toMatchObject({ status: 'completed', videos: 1308, removed: 0, rowsWritten: 0, quotaUnits: 55 });
  expect(units).toBe(55);
  expect(await rowVersions(world.database, { locks: true })).toEqual(before);
});

test('a sync of the next day writes the day’s statistics and when the channel was read, and nothing else', async () => {
  await world.pass(DAY_MS);
  const { video_statistics: statisticsBefore, channels: _channels, ...before } = await rowVersions(world.database);

  const { report } = await syncNow();

  const { video_statistics: statistics = [], channels, ...after } = await rowVersions(world.database);
  expect(report).toMatchObject({ status: 'completed', removed: 0, rowsWritten: 1308 });
  expect(channels).toHaveLength(1);
  expect(after).toEqual(before);
  expect(statistics).toHaveLength(2 * 1308);
  expect(statisticsBefore?.filter((row) => !statistics.includes(row))).toEqual([]);
  expect(await shown(world.database, world.tenant)).toEqual(model.shown());
});

test('what changed is written, and nothing else', async () => {
  const [newest, second, third] = world.catalogue.uploads(REAL_CHANNEL_ID);
  await world.pass();
  world.catalogue.retitle(newest?.id ?? '', 'Another title');
  world.catalogue.delete(second?.id ?? '');
  world.catalogue.hideLikes(third?.id ?? '');

  const { report } = await syncNow();

  // Two videos that changed, one that is gone, and the one whose numbers are others in the day's statistics.
  expect(report).toMatchObject({ status: 'completed', videos: 1307, removed: 1, rowsWritten: 4 });
  expect(await shown(world.database, world.tenant)).toEqual(model.shown());
  const gone = await query(world.database, 'SELECT id FROM videos WHERE tenant_id = $1 AND removed_at IS NOT NULL', [
    world.tenant,
  ]);
  expect(gone).toEqual([{ id: second?.id }]);
});

test('each of the 16 premieres is a video without a start, the rest are streams', async () => {
  const known = new Set(world.catalogue.uploads(REAL_CHANNEL_ID).map(({ id }) => id));
  for (const video of realCatalogue({ allPremieres: true }).content().videos) {
    if (realPremiereIds().includes(video.id) && !known.has(video.id)) world.catalogue.publish(video);
  }
  await world.pass();

  const { report, units } = await syncNow();

  const listed = await query<{ kind: string; started: boolean; videos: number }>(
    world.database,
    `SELECT t.video_type_id AS kind, s.video_id IS NOT NULL AS started, count(*)::INT AS videos
     FROM premiere_videos AS p JOIN video_video_types AS t USING (tenant_id, video_id)
     LEFT JOIN stream_details AS s USING (tenant_id, video_id) GROUP BY 1, 2`,
  );
  expect(listed).toEqual([{ kind: 'video', started: false, videos: 16 }]);
  expect(report).toMatchObject({ status: 'completed', videos: 1307 + 15, streams: 1306 });
  expect(units).toBe(estimatedUnits(1322));
  expect(await shown(world.database, world.tenant)).toEqual(model.shown());
});
