import { quotaUsedUpAt } from '../../../local/youtube/rules';
import { newDatabase } from '../../support/postgres-databases';
import type { DatabaseSettings } from '../../support/services';
import type { YoutubeWorld } from '../../support/youtube-world';
import { shown } from '../postgres/model';
import { CHANNEL, expectCatalogue, oneChannel, UNITS, VIDEOS } from './one-channel';

let database: DatabaseSettings;
let world: YoutubeWorld;

beforeAll(async () => {
  database = await newDatabase('quota');
});

afterEach(() => world.close());

/** From midnight in Tokyo, 8:00 in California, to past the next Pacific midnight. */
const UNTIL_RESET_MS = 17 * 3_600_000;

/** Whoever goes on asks again for the channel and for the top of its list. */
const GOING_ON = 2;

test.each(Array.from({ length: UNITS }, (_, index) => index + 1))(
  'quota that the API says is exceeded at call %i: a clean stop, and after the reset the next run goes on from there',
  async (number) => {
    // prepare
    world = await oneChannel(database);
    world.youtube.switches.add(quotaUsedUpAt(number));

    // act
    const stopped = await world.run();
    const callsUntilStop = world.youtube.quota.calls.length;
    const ledger = await world.quota();
    const visible = await shown(database, world.tenant);
    await world.pass();
    const sameDay = await world.runOne();
    const callsOfSameDay = world.youtube.quota.calls.length - callsUntilStop;
    await world.pass(UNTIL_RESET_MS);
    const resumed = await world.runOne();

    // assess
    const goesOn = 'A sync after 2025-08-12T07:00:00.000Z goes on from there.';
    const message = number === 1 ? expect.any(String) : expect.stringContaining(goesOn);
    const failure = { code: 'youtube_quota_exceeded', kind: 'quota', stage: 'fetch', message };
    expect(stopped).toMatchObject({ status: 'failed', tenants: [{ status: 'failed', failure }] });
    // Requests that were under way beside that one have ended too.
    expect(callsUntilStop).toBeLessThanOrEqual(number + 3);
    expect(ledger).toMatchObject({ day: '2025-08-11', exhausted: true, left: 0, reserved: 0, spent: callsUntilStop });
    expect(visible.videos).toEqual([]);
    expect(sameDay).toMatchObject({ status: 'failed', failure: { code: 'youtube_quota_spent', kind: 'quota' } });
    expect(callsOfSameDay).toBe(0);
    expect(resumed).toMatchObject({ status: 'completed', videos: VIDEOS });
    expect(resumed.notices).toEqual(number === 1 ? undefined : [expect.objectContaining({ resumed: true })]);
    expect(world.unitsSpent).toBeLessThanOrEqual(UNITS + GOING_ON);
    await expectCatalogue(world);
  },
);

test('the run record of a stopped sync says where it stands and when it can go on', async () => {
  world = await oneChannel(database);
  world.youtube.switches.add(quotaUsedUpAt(5));

  await world.run();

  expect(await world.lastRecord()).toMatchObject({
    status: 'failed',
    failure: { kind: 'quota', code: 'youtube_quota_exceeded' },
    quota_units: world.youtube.quota.calls.length,
    stopped: [{ channel: CHANNEL, listed: VIDEOS, read: 0, resets_at: '2025-08-12T07:00:00.000Z' }],
  });
});

test('as long as there is no quota, every later record says where the reading stands that will be gone on with', async () => {
  world = await oneChannel(database);
  world.youtube.switches.add(quotaUsedUpAt(5));
  await world.run();
  await world.pass();

  await world.run();

  expect(await world.lastRecord()).toMatchObject({
    failure: { kind: 'quota', code: 'youtube_quota_spent' },
    quota_units: 0,
    stopped: [{ channel: CHANNEL, listed: VIDEOS, read: 0, resets_at: '2025-08-12T07:00:00.000Z' }],
  });
});

test.each([1, 2, 4, 5, 6])(
  'a budget of %i units a day is never overspent, and days add up to a sync',
  async (dailyQuota) => {
    world = await oneChannel(database, { settings: { YOUTUBE_DAILY_QUOTA: String(dailyQuota) } });
    const spentADay: number[] = [];
    let days = 0;
    let status: string;

    do {
      const before = world.unitsSpent;
      ({ status } = await world.runOne());
      spentADay.push(world.unitsSpent - before);
      await world.pass(24 * 3_600_000);
      days += 1;
    } while (status !== 'completed' && days < 12);

    expect(Math.max(...spentADay)).toBeLessThanOrEqual(dailyQuota);
    // Each day begins with the channel and the top of the list: two units a day never get beyond that.
    expect(status).toBe(dailyQuota > GOING_ON ? 'completed' : 'failed');
  },
);
