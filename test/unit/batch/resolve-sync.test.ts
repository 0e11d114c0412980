import { resolveRun } from '../../../shared/batch/resolve-run';
import { tenantDays } from '../../../shared/batch/steps';
import { MemoryMetadataStore } from '../../../shared/local/memory-metadata-store';
import { loadSettings } from '../../../shared/settings';
import { readTenant } from '../../../shared/tenants';
import { syncRun } from '../../../shared/youtube/sync-run';
import { channelsOf, hasChannels } from '../../../shared/youtube/tenant-channels';
import { silentLog } from '../../support/silent-log';
import { CliWorld } from '../cli/cli-world';

const ID = `UC${'a'.repeat(22)}`;
const SETTINGS = {
  TENANT_ID: '*',
  AZURE_STORAGE_CONNECTION_STRING: 'UseDevelopmentStorage=true',
  COSMOS_ENDPOINT: 'http://127.0.0.1:1',
};

async function platformOf(
  registry: Readonly<Record<string, object>>,
  env: Readonly<Record<string, string>> = {},
  nowMs = Date.parse('2025-08-11T15:00:03Z'),
) {
  const metadata = new MemoryMetadataStore();
  for (const [id, entry] of Object.entries(registry))
    await metadata.put({ PK: 'SYSTEM#TENANTS', SK: `TENANT#${id}`, tenant_id: id, ...entry });
  const settings = loadSettings({ ...SETTINGS, ...env });
  const platform = { ...new CliWorld().createPlatform(settings, {}), metadata, log: silentLog };
  return { ...platform, clock: { ...platform.clock, now: () => nowMs } };
}

const REQUEST = { job: 'youtube', date: '2025-08-12', force: false } as const;

describe('a sync is for', () => {
  test('the tenants that have a channel, each on the day that it is in its own zone', async () => {
    const platform = await platformOf({
      none: {},
      tokyo: { youtube_channel_ids: ['@maple'] },
      york: { youtube_channel_ids: [ID], time_zone: 'America/New_York' },
    });

    const run = await resolveRun(platform, REQUEST);

    expect(tenantDays(run)).toEqual([
      { tenant: 'tokyo', timeZone: 'Asia/Tokyo', date: '2025-08-12' },
      { tenant: 'york', timeZone: 'America/New_York', date: '2025-08-11' },
    ]);
    expect(run.startedAt).toBe('2025-08-11T15:00:03.000Z');
  });

  test.each([
    [{}, {}, 30],
    [{ YOUTUBE_RETENTION_DAYS: '7' }, {}, 7],
    [{ YOUTUBE_RETENTION_DAYS: '0' }, {}, undefined],
    [{}, { video: 'dQw4w9WgXcQ' }, undefined],
  ])('with settings %j and request %j deletes what was not read for %p days', async (env, differing, days) => {
    const platform = await platformOf({ a: {} }, { YOUTUBE_CHANNEL_IDS: '@maple', ...env });

    const run = await resolveRun(platform, { ...REQUEST, ...differing });

    expect(run.retentionDays).toBe(days);
  });

  test('every tenant but one that says it has none, where the settings name the channel', async () => {
    const platform = await platformOf({ a: {}, b: { youtube_channel_ids: [] } }, { YOUTUBE_CHANNEL_IDS: '@maple' });

    const run = await resolveRun(platform, REQUEST);

    expect(tenantDays(run).map(({ tenant }) => tenant)).toEqual(['a']);
  });

  test('nobody where nobody has a channel, and then says what to set', async () => {
    const platform = await platformOf({ a: {} });

    await expect(resolveRun(platform, REQUEST)).rejects.toMatchObject({
      code: 'no_channels',
      message: expect.stringContaining('YOUTUBE_CHANNEL_IDS'),
    });
  });

  test('one tenant where it is for one video', async () => {
    const channels = { youtube_channel_ids: ['@maple'] };
    const platform = await platformOf({ a: channels, b: channels });
    const video = 'dQw4w9WgXcQ';

    await expect(resolveRun(platform, { ...REQUEST, video })).rejects.toMatchObject({
      fields: { tenants: expect.stringContaining(video) },
    });
    expect(tenantDays(await resolveRun(platform, { ...REQUEST, video, tenants: ['b'] }))).toHaveLength(1);
  });
});

describe('a tenant’s channels are', () => {
  const youtube = { channels: [{ handle: '@of-the-settings' }] };

  test('its own, each once; else those of the settings', () => {
    const own = { id: 'a', timeZone: 'Asia/Tokyo', youtubeChannelIds: ['@maple', ID, '@maple'] };
    const { youtubeChannelIds: _none, ...bare } = own;

    expect(channelsOf(own, youtube)).toEqual([{ handle: '@maple' }, { id: ID }]);
    expect(channelsOf(bare, youtube)).toEqual(youtube.channels);
    expect(hasChannels({ ...own, youtubeChannelIds: [] }, youtube)).toBe(false);
  });

  test('refused by name where one is none', () => {
    const tenant = { id: 'a', timeZone: 'Asia/Tokyo', youtubeChannelIds: ['maple'] };

    expect(() => channelsOf(tenant, youtube)).toThrow(/The registry entry of the tenant "a" .* got "maple"/);
  });
});

test('a tenant of a run under way is read by itself', async () => {
  const { metadata } = await platformOf({ a: { time_zone: 'America/New_York', youtube_channel_ids: ['@maple'] } });
  const settings = { businessTimeZone: 'Asia/Tokyo' };

  expect(await readTenant(metadata, 'a', settings)).toEqual({
    ...{ id: 'a', timeZone: 'America/New_York' },
    youtubeChannelIds: ['@maple'],
  });
  expect(await readTenant(metadata, 'b', settings)).toEqual({ id: 'b', timeZone: 'Asia/Tokyo' });
});

test.each([
  ['2025-08-11T15:00:03.999Z', 'Asia/Tokyo', { date: '2025-08-12', run: '2025-08-12T00-00-03.999' }],
  ['2025-08-11T15:00:00Z', 'UTC', { date: '2025-08-11', run: '2025-08-11T15-00-00.000' }],
])('a sync that began at %s is named in %s by that clock', (startedAt, zone, expected) => {
  expect(syncRun(startedAt, zone)).toEqual(expected);
});
