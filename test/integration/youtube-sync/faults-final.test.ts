import { keyBlocked, keyInvalid } from '../../../local/youtube/api-error';
import { Catalogue } from '../../../local/youtube/catalogue';
import { everyCall } from '../../../local/youtube/conditions';
import { answerError } from '../../../local/youtube/faults';
import { newChannel, newVideo } from '../../../local/youtube/model';
import { apiNotEnabled, failFrom, htmlCall, rateLimitNext } from '../../../local/youtube/rules';
import type { Rule } from '../../../local/youtube/switches';
import { newDatabase } from '../../support/postgres-databases';
import type { DatabaseSettings } from '../../support/services';
import { numberedCatalogue } from '../../support/youtube-catalogues';
import { YoutubeWorld } from '../../support/youtube-world';
import { shown } from '../postgres/model';
import { CHANNEL, callsAbout, expectCatalogue, oneChannel, UNITS, VIDEOS } from './one-channel';

// What a sync cannot get over: its failure says what it was, nothing is asked that cannot be answered, and others do not suffer from it.

let database: DatabaseSettings;
let world: YoutubeWorld;

beforeAll(async () => {
  database = await newDatabase('faults_final');
});

afterEach(() => world.close());

const NOTHING = {
  channels: [],
  channel_details: [],
  videos: [],
  video_video_types: [],
  stream_details: [],
  video_statistics: [],
};

/** Six tries of a request in each of four tries of a step. */
const ALL_TRIES = 24;

test.each<[what: string, rule: Rule | undefined, apiKey: string | undefined, failure: object, calls: number]>([
  ['a key that is not good', undefined, 'another-key', { code: 'youtube_key_invalid', kind: 'configuration' }, 1],
  [
    'a key that is not good, as older front ends say it',
    { when: everyCall, fault: answerError(keyInvalid()) },
    undefined,
    { code: 'youtube_key_invalid', kind: 'configuration' },
    1,
  ],
  [
    'a key that is restricted to others',
    { when: everyCall, fault: answerError(keyBlocked()) },
    undefined,
    { code: 'youtube_access_denied', kind: 'configuration' },
    1,
  ],
  [
    'an API that is not enabled',
    apiNotEnabled(),
    undefined,
    { code: 'youtube_access_not_configured', kind: 'configuration' },
    1,
  ],
  ['HTML as the answer', htmlCall(1, 200), undefined, { code: 'youtube_answer_invalid', kind: 'permanent' }, 1],
  ['500 for ever', failFrom(1), undefined, { code: 'youtube_unavailable', kind: 'transient' }, ALL_TRIES],
  [
    'a rate limit for ever',
    rateLimitNext(1000),
    undefined,
    { code: 'youtube_rate_limited', kind: 'transient' },
    ALL_TRIES,
  ],
  [
    'a wait of an hour',
    failFrom(1, { code: 503, retryAfterSeconds: 3600 }),
    undefined,
    { code: 'youtube_unavailable', kind: 'transient' },
    4,
  ],
])('%s', async (_what, rule, apiKey, failure, calls) => {
  world = await oneChannel(database, apiKey === undefined ? {} : { apiKey });
  if (rule !== undefined) world.youtube.switches.add(rule);

  const run = await world.run();

  expect(run).toMatchObject({
    status: 'failed',
    tenants: [{ status: 'failed', failure: { ...failure, stage: 'fetch' } }],
  });
  expect(world.youtube.quota.calls).toHaveLength(calls);
  expect(await world.quota()).toMatchObject({ spent: calls, reserved: 0, exhausted: false });
  expect(await shown(database, world.tenant)).toEqual(NOTHING);
  expect(await world.records()).toMatchObject([
    {
      status: 'failed',
      failure,
      failed_channels: [{ channel: CHANNEL, failure }],
      quota_units: expect.any(Number),
      csv_path: '',
    },
  ]);
});

test('a sync that gave up is gone on with by the next one', async () => {
  world = await oneChannel(database);
  const rule = failFrom(5);
  world.youtube.switches.add(rule);
  const first = await world.runOne();
  const spent = world.unitsSpent;
  world.youtube.switches.remove(rule);
  await world.pass();

  const report = await world.runOne();

  expect(first).toMatchObject({ status: 'failed', failure: { code: 'youtube_unavailable', kind: 'transient' } });
  expect(report).toMatchObject({ status: 'completed', videos: VIDEOS, notices: [{ channel: CHANNEL, resumed: true }] });
  // The channel, the top of the list, and the details: not the list again.
  expect(world.unitsSpent - spent).toBeLessThanOrEqual(UNITS - 2);
  await expectCatalogue(world);
});

test('a sync that gave up says where its reading stands, and what all of its tries have spent', async () => {
  world = await oneChannel(database);
  world.youtube.switches.add(failFrom(5));

  const report = await world.runOne();

  expect(report).toMatchObject({ status: 'failed', quotaUnits: world.unitsSpent });
  expect(await world.lastRecord()).toMatchObject({
    quota_units: world.unitsSpent,
    stopped: [{ channel: CHANNEL, listed: VIDEOS, read: 0 }],
  });
});

describe('a channel that cannot be read', () => {
  const other = `UC${'o'.repeat(22)}`;
  const third = `UC${'t'.repeat(22)}`;
  const unknown = `UC${'u'.repeat(22)}`;

  async function twoTenants(channelsOfFirst: readonly string[]): Promise<YoutubeWorld> {
    const { channels, videos } = numberedCatalogue(60).catalogue.content();
    const ofOthers = [other, third].map((channelId) =>
      newVideo({ id: `video-of-${channelId.slice(2, 4)}`, channelId }),
    );
    const catalogue = new Catalogue({
      channels: [...channels, newChannel({ id: other, handle: '@other' }), newChannel({ id: third, handle: '@third' })],
      videos: [...videos, ...ofOthers],
    });
    return await YoutubeWorld.open({ database, catalogue, tenants: [channelsOfFirst, [third]] });
  }

  test.each<[what: string, channel: string, rule: Rule | undefined, failure: object, calls: number]>([
    ['because there is none', unknown, undefined, { code: 'youtube_channel_not_found' }, 1],
    ['because no handle is like it', '@nobody-has-this', undefined, { code: 'youtube_channel_not_found' }, 1],
    [
      'because access is refused',
      CHANNEL,
      apiNotEnabled(callsAbout(CHANNEL)),
      { code: 'youtube_access_not_configured' },
      1,
    ],
    [
      'because its answers fail',
      CHANNEL,
      failFrom(1, { condition: callsAbout(CHANNEL) }),
      { code: 'youtube_unavailable' },
      ALL_TRIES,
    ],
  ])('%s, keeps no other channel or tenant from being synced', async (_what, channel, rule, failure, calls) => {
    world = await twoTenants([other, channel]);
    if (rule !== undefined) world.youtube.switches.add(rule);

    const run = await world.run();

    const [mixed = '', fine = ''] = world.tenants;
    const reports = new Map(run.tenants.map((report) => [report.tenant, report]));
    expect(run.status).toBe('partial');
    expect(reports.get(mixed)).toMatchObject({ status: 'failed', failure, channels: 1, videos: 1 });
    expect(reports.get(fine)).toMatchObject({ status: 'completed', channels: 1, videos: 1 });
    await expectCatalogue(world, mixed, [other]);
    await expectCatalogue(world, fine, [third]);
    expect(await world.lastRecord(mixed)).toMatchObject({
      status: 'failed',
      channels: 1,
      videos: 1,
      failed_channels: [{ channel, failure }],
    });
    // Each of the others costs 3.
    expect(world.youtube.quota.calls).toHaveLength(calls + 2 * 3);
  });

  test('whose handle another one takes over stays, and the other one comes beside it', async () => {
    world = await twoTenants(['@other']);
    await world.run();
    world.catalogue.changeChannel(other, { handle: null });
    world.catalogue.changeChannel(CHANNEL, { handle: '@other' });
    await world.pass();

    const run = await world.run();

    const { channels, videos } = await shown(database, world.tenant);
    expect(run.status).toBe('completed');
    expect(channels.map(([id]) => id)).toEqual([CHANNEL, other]);
    expect(videos.filter((row) => row.at(-1) === false)).toHaveLength(61);
  });
});
