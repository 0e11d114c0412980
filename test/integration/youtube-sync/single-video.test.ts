import { Catalogue } from '../../../local/youtube/catalogue';
import { newChannel, newVideo } from '../../../local/youtube/model';
import { newDatabase } from '../../support/postgres-databases';
import type { DatabaseSettings } from '../../support/services';
import { numberedCatalogue } from '../../support/youtube-catalogues';
import { YoutubeWorld } from '../../support/youtube-world';
import { type Shown, shown } from '../postgres/model';
import { CHANNEL, expectCatalogue } from './one-channel';

const OTHER = `UC${'o'.repeat(22)}`;

let database: DatabaseSettings;
let world: YoutubeWorld;

beforeAll(async () => {
  database = await newDatabase('single_video');
});

beforeEach(async () => {
  const { channels, videos } = numberedCatalogue(5).catalogue.content();
  const catalogue = new Catalogue({
    channels: [...channels, newChannel({ id: OTHER })],
    videos: [...videos, newVideo({ id: 'other000001', channelId: OTHER })],
  });
  world = await YoutubeWorld.open({ database, catalogue, tenants: [[CHANNEL]] });
});

afterEach(() => world.close());

async function syncVideo(video: string) {
  const before = world.unitsSpent;
  await world.pass();
  const report = await world.runOne({ video });
  return { report, units: world.unitsSpent - before };
}

async function syncChannel() {
  await world.pass();
  return await world.runOne();
}

function rowsOf({ videos }: Shown): Map<unknown, readonly unknown[]> {
  return new Map(videos.map((row) => [row[0], row]));
}

test('a video that changed is brought up to date for 2 units, and no other one is', async () => {
  await syncChannel();
  const before = rowsOf(await shown(database, world.tenant));
  world.catalogue.retitle('v0000000002', 'New title');
  world.catalogue.retitle('v0000000003', 'Changed too');
  world.catalogue.delete('v0000000004');

  const { report, units } = await syncVideo('v0000000002');

  const after = rowsOf(await shown(database, world.tenant));
  expect(report).toMatchObject({ status: 'completed', videos: 1, removed: 0, rowsWritten: 1, quotaUnits: 2 });
  expect(units).toBe(2);
  expect(after.get('v0000000002')).toContain('New title');
  for (const [id, row] of before) if (id !== 'v0000000002') expect(after.get(id)).toEqual(row);
});

test('a video that is new is added, also to a tenant that has nothing yet', async () => {
  const { report } = await syncVideo('v0000000001');

  const { channels, videos } = await shown(database, world.tenant);
  expect(report).toMatchObject({ status: 'completed', channels: 1, videos: 1 });
  expect([channels.length, videos.length]).toEqual([1, 1]);
  expect(await syncChannel()).toMatchObject({ status: 'completed', videos: 5 });
  await expectCatalogue(world);
});

test('a video that is gone is marked as removed, and comes back with the next sync that finds it', async () => {
  await syncChannel();
  const gone = world.catalogue.video('v0000000003');
  world.catalogue.delete('v0000000003');

  const { report, units } = await syncVideo('v0000000003');
  const removed = rowsOf(await shown(database, world.tenant)).get('v0000000003');
  if (gone !== undefined) world.catalogue.publish(gone);
  const back = await syncVideo('v0000000003');

  expect(report).toMatchObject({ status: 'completed', videos: 0, removed: 1 });
  expect(units).toBeLessThanOrEqual(2);
  expect(removed?.at(-1)).toBe(true);
  expect(back.report).toMatchObject({ status: 'completed', videos: 1, removed: 0 });
  await expectCatalogue(world);
});

test.each([
  ['of another channel', 'other000001', { code: 'youtube_video_of_other_channel', kind: 'permanent' }, 2],
  ['that nobody has', 'nobody-has1', { code: 'youtube_video_not_found', kind: 'permanent' }, 1],
])('a video %s is refused, and nothing changes', async (_what, video, failure, most) => {
  await syncChannel();
  const before = await shown(database, world.tenant);

  const { report, units } = await syncVideo(video);

  expect(report).toMatchObject({ status: 'failed', failure });
  expect(report.failure?.message).toContain(video);
  expect(units).toBeLessThanOrEqual(most);
  expect(await shown(database, world.tenant)).toEqual(before);
  expect(await world.lastRecord()).toMatchObject({ status: 'failed', failed_channels: [{ channel: video, failure }] });
});

test('a video that only those with the link can see is none of the channel', async () => {
  await syncChannel();
  world.catalogue.change('v0000000003', { privacy: 'unlisted' });

  const { report: known } = await syncVideo('v0000000003');
  const { report: unknown } = await syncVideo('v0000000003');

  expect(known).toMatchObject({ status: 'completed', videos: 0, removed: 1 });
  expect(unknown).toMatchObject({ status: 'failed', failure: { code: 'youtube_video_not_found' } });
  expect(await syncChannel()).toMatchObject({ status: 'completed', videos: 4, removed: 0 });
});

test('where the whole channel is gone, that is said, and nothing changes', async () => {
  await syncChannel();
  const before = await shown(database, world.tenant);
  world.catalogue.removeChannel(CHANNEL);

  const { report, units } = await syncVideo('v0000000003');

  expect(report).toMatchObject({ status: 'failed', failure: { code: 'youtube_channel_not_found' } });
  expect(units).toBeLessThanOrEqual(2);
  expect(await shown(database, world.tenant)).toEqual(before);
});

test('a video of several tenants at once is refused before anything is asked', async () => {
  await world.register('another-tenant', [CHANNEL]);

  const run = await world.run({ video: 'v0000000001', tenants: [world.tenant, 'another-tenant'] });

  expect(run).toMatchObject({ status: 'failed', failure: { code: 'input_invalid' }, tenants: [] });
  expect(world.youtube.quota.calls).toEqual([]);
});
