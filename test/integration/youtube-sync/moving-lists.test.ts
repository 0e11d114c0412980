import type { Catalogue } from '../../../local/youtube/catalogue';
import { beforeEveryPage, beforePage } from '../../../local/youtube/rules';
import { estimatedUnits } from '../../../shared/youtube/estimate';
import { newDatabase, query } from '../../support/postgres-databases';
import type { DatabaseSettings } from '../../support/services';
import { numberedVideo } from '../../support/youtube-catalogues';
import type { YoutubeWorld } from '../../support/youtube-world';
import { CHANNEL, expectCatalogue, oneChannel, UNITS, VIDEOS } from './one-channel';

// Uploads lists that change while they are read, and ones that end before the channel does.

let database: DatabaseSettings;
let world: YoutubeWorld;

beforeAll(async () => {
  database = await newDatabase('moving_lists');
});

afterEach(() => world.close());

function newest(catalogue: Catalogue): string {
  return catalogue.uploads(CHANNEL)[0]?.id ?? '';
}

/** Videos of a tenant as the database has them. */
async function videosNow(): Promise<readonly { id: string; removed: boolean }[]> {
  const text = 'SELECT id, removed_at IS NOT NULL AS removed FROM videos WHERE tenant_id = $1 ORDER BY 1';
  return await query(database, text, [world.tenant]);
}

describe.each([2, 3])('before page %i', (page) => {
  test('a video vanishes, which moves every later one a place up: none is missed', async () => {
    world = await oneChannel(database);
    world.youtube.switches.add(beforePage(page, (catalogue) => catalogue.delete(newest(catalogue))));

    const report = await world.runOne();

    expect(report).toMatchObject({ status: 'completed', videos: VIDEOS - 1, notices: [{ rereads: 1 }] });
    expect(world.unitsSpent).toBeLessThanOrEqual(UNITS + page + 1);
    await expectCatalogue(world);
  });

  test('a video appears, which moves every later one a place down: none comes twice, and it is there', async () => {
    world = await oneChannel(database);
    world.youtube.switches.add(beforePage(page, (catalogue) => catalogue.publish(numberedVideo(0))));

    const report = await world.runOne();

    expect(report).toMatchObject({ status: 'completed', videos: VIDEOS + 1 });
    expect(world.unitsSpent).toBeLessThanOrEqual(UNITS + 2);
    await expectCatalogue(world);
  });

  test('a video vanishes as another one appears: none is missed that was there all along', async () => {
    world = await oneChannel(database);
    const swap = (catalogue: Catalogue) => {
      catalogue.delete(catalogue.uploads(CHANNEL)[10]?.id ?? '');
      catalogue.publish(numberedVideo(0));
    };
    world.youtube.switches.add(beforePage(page, swap));

    const report = await world.runOne();
    await world.pass();
    const next = await world.runOne();

    expect([report.status, next.status]).toEqual(['completed', 'completed']);
    expect(report.videos).toBeGreaterThanOrEqual(VIDEOS - 1);
    expect(next).toMatchObject({ videos: VIDEOS });
    await expectCatalogue(world);
  });
});

test('a video that vanishes after it was listed is not there, and is marked where it was known', async () => {
  world = await oneChannel(database);
  await world.runOne();
  await world.pass();
  const victim = world.catalogue.uploads(CHANNEL)[60]?.id ?? '';
  world.youtube.switches.add(beforePage(3, (catalogue) => catalogue.delete(victim)));

  const report = await world.runOne();

  expect(report).toMatchObject({ status: 'completed', removed: 1 });
  expect((await videosNow()).filter(({ removed }) => removed)).toEqual([{ id: victim, removed: true }]);
});

test('a list that grows before each of its pages is read within bounds, and the next sync has what was missed', async () => {
  world = await oneChannel(database);
  let published = 0;
  const grows = beforeEveryPage((catalogue) => {
    published += 1;
    catalogue.publish(numberedVideo(-published));
  });
  world.youtube.switches.add(grows);

  const report = await world.runOne();
  const units = world.unitsSpent;
  const found = await videosNow();
  world.youtube.switches.remove(grows);
  await world.pass();
  const next = await world.runOne();

  const ids = new Set(world.catalogue.uploads(CHANNEL).map(({ id }) => id));
  expect(report).toMatchObject({ status: 'completed' });
  expect(units).toBeLessThanOrEqual(UNITS + 6);
  expect(found.length).toBeGreaterThanOrEqual(VIDEOS);
  expect(found.filter(({ id, removed }) => removed || !ids.has(id))).toEqual([]);
  expect(next).toMatchObject({ status: 'completed', videos: VIDEOS + published });
  await expectCatalogue(world);
});

test('a video that its owner takes out of the list, for those with the link only, is marked as removed', async () => {
  world = await oneChannel(database, { videos: 3 });
  await world.runOne();
  await world.pass();
  world.catalogue.change('v0000000002', { privacy: 'unlisted' });

  const report = await world.runOne();

  expect(report).toMatchObject({ status: 'completed', removed: 1 });
  expect((await videosNow()).filter(({ removed }) => removed)).toEqual([{ id: 'v0000000002', removed: true }]);
});

test('of over 20,000 videos the list shows the newest: they are read, an older one that is known stays, and the record warns', async () => {
  // prepare
  world = await oneChannel(database, { videos: 20_003 });
  const oldest = world.catalogue.uploads(CHANNEL).at(-1)?.id ?? '';
  await world.runOne({ video: oldest });
  await world.pass();

  // act
  const report = await world.runOne();

  // assess
  const notice = { channel: CHANNEL, atListLimit: true };
  expect(report).toMatchObject({ status: 'completed', videos: 20_001, removed: 0, notices: [notice] });
  expect(report.quotaUnits).toBeLessThanOrEqual(estimatedUnits(20_001));
  expect(await world.lastRecord()).toMatchObject({ notices: [{ channel: CHANNEL, at_list_limit: true }] });
  const [counted] = await query(
    database,
    `SELECT count(*)::INT AS videos, count(removed_at)::INT AS removed, bool_or(id = $2) AS oldest FROM videos WHERE tenant_id = $1`,
    [world.tenant, oldest],
  );
  expect(counted).toEqual({ videos: 20_001, removed: 0, oldest: true });
});
