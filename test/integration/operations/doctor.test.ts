import { storageClock } from '../../../local/cli/storage-clock';
import { makeCatalogue } from '../../../local/youtube/make-catalogue';
import { startYoutubeApi, type YoutubeApiStandIn } from '../../../local/youtube/youtube-api-server';
import { runInline } from '../../../shared/batch/inline-engine';
import { systemClock } from '../../../shared/local/system-clock';
import type { Check } from '../../../shared/operations/doctor/check';
import { runDoctor } from '../../../shared/operations/doctor/run-doctor';
import type { DayVerdict } from '../../../shared/operations/verify/findings';
import { verifyRun } from '../../../shared/operations/verify/verify-run';
import { createPlatform } from '../../../shared/platform';
import { loadSettings } from '../../../shared/settings';
import { describeWithMoto } from '../../support/aws-services';
import { newAwsWorld } from '../../support/aws-world';
import { snapshot } from '../../support/export-world';
import { newDatabase, query } from '../../support/postgres-databases';
import { newServiceWorld, putChat, registerTenant, type ServiceWorld } from '../../support/service-world';
import type { DatabaseSettings } from '../../support/services';

// The doctor and verify on real services: what they say is so, and what they leave behind.

const API_KEY = 'a-key-for-the-doctor';
const REQUEST = { job: 'export', date: '2025-08-11', force: false } as const;

type Environment = Readonly<Record<string, string>>;

/** A tenant with a published day. */
async function publish(world: ServiceWorld, more: object = {}): Promise<void> {
  await registerTenant(world, 'acme', more);
  for (const id of ['m1', 'm2', 'm3']) await putChat(world, 'acme', 'alice', 'r', id, `${REQUEST.date}T03:00:00.000Z`);
  expect((await runInline(world.platform, REQUEST)).status).toBe('completed');
}

async function examine(env: Environment): Promise<readonly Check[]> {
  const checks = await runDoctor({
    env,
    fileProblems: [],
    versions: { batch: '0', node: process.versions.node },
    clock: systemClock,
    otherClock: storageClock,
    onPlatform: async (settings, work) => {
      const clock = { now: () => systemClock.now(), sleep: async () => undefined };
      const platform = createPlatform(settings, { logSink: { write: () => undefined }, clock });
      try {
        return await work(platform);
      } finally {
        await platform.dispose();
      }
    },
  });
  for (const name of ['COSMOS_KEY', 'DB_PASSWORD', 'YOUTUBE_API_KEY'])
    if (env[name] !== undefined) expect(JSON.stringify(checks)).not.toContain(env[name]);
  return checks;
}

/** `check status`, but for the last days: the schedule of today has never run here. */
function statuses(checks: readonly Check[]): string[] {
  return checks.filter(({ check }) => check !== 'days').map(({ check, status }) => `${check} ${status}`);
}

async function verified({ platform }: ServiceWorld): Promise<DayVerdict[]> {
  const days: DayVerdict[] = [];
  for await (const day of verifyRun(platform, REQUEST, true)) days.push(day);
  return days;
}

const AS_PUBLISHED = [{ tenant: 'acme', ok: true, deep: true, messages: 3, input: 'unchanged', findings: [] }];

describe('on Azure’s services', () => {
  let youtube: YoutubeApiStandIn;
  let database: DatabaseSettings;
  let world: ServiceWorld;
  let env: Environment;

  beforeAll(async () => {
    const catalogue = makeCatalogue();
    youtube = await startYoutubeApi({ catalogue, apiKeys: [API_KEY] });
    database = await newDatabase('doctor');
    world = await newServiceWorld({ ...database, YOUTUBE_API_KEY: API_KEY, YOUTUBE_API_URL: youtube.url });
    env = world.settings;
    await publish(world, { youtube_channel_ids: [catalogue.channels()[0]?.id ?? ''] });
  });

  afterAll(async () => {
    await world?.platform.dispose();
    await youtube?.stop();
  });

  test('all is fine but the tables that nobody has made yet, and the doctor makes none', async () => {
    const before = await snapshot(world.platform.dataStore('acme'));

    const checks = await examine(env);

    expect(statuses(checks)).toEqual([
      ...['versions ok', 'settings ok', 'clock ok', 'tenants ok', 'schedules ok', 'schedules ok'],
      ...['storage ok', 'storage ok', 'metadata ok', 'youtube ok', 'quota ok', 'database warning'],
    ]);
    expect(await snapshot(world.platform.dataStore('acme'))).toEqual(before);
    expect(await query(database, "SELECT relname FROM pg_class WHERE relname = 'videos'")).toEqual([]);
    await world.platform.catalogue().prepare();
    const [check] = (await examine(env)).filter(({ check: name }) => name === 'database');
    expect(check).toMatchObject({
      status: 'ok',
      found: expect.stringMatching(/^PostgreSQL \d+\.\d+; the tables are those of 0/),
    });
  });

  test('a published day is what its messages give', async () => {
    expect(await verified(world)).toMatchObject(AS_PUBLISHED);
  });

  test('wrong names and refused keys: each is a problem of its own, and none hides another', async () => {
    const wrong = {
      DATA_CONTAINER: 'not-there',
      COSMOS_CONTAINER_NAME: 'not-there',
      DB_NAME: 'not_there',
      YOUTUBE_API_KEY: 'not-the-key',
    };

    const checks = await examine({ ...env, ...wrong, TENANT_ID: 'acme' });

    const problems = checks.filter(({ status }) => status === 'problem');
    expect(
      problems.map(({ check, found }) => `${check} ${/failed: (\w+)/.exec(found)?.[1] ?? /^\w+/.exec(found)?.[0]}`),
    ).toEqual([
      'tenants metadata_not_found',
      'storage container_not_found',
      'storage container_not_found',
      'metadata metadata_not_found',
      'quota metadata_not_found',
      'database database_not_found',
      'days metadata_not_found',
    ]);
    expect(problems.every(({ do: todo }) => todo !== undefined)).toBe(true);
  });

  test('a table of somebody else’s is a problem, and is left alone', async () => {
    const theirs = await newDatabase('theirs');
    await query(theirs, 'CREATE TABLE videos (id INTEGER)');

    const checks = await examine({ ...env, ...theirs });

    expect(checks.filter(({ check }) => check === 'database')).toMatchObject([
      { status: 'problem', found: expect.stringContaining('database_schema_foreign') },
    ]);
    expect(await query(theirs, "SELECT relname FROM pg_class WHERE relname = 'makoto_batch_migrations'")).toEqual([]);
  });

  test('nobody answers', async () => {
    const nobody = 'http://127.0.0.1:9';
    const account = `DefaultEndpointsProtocol=http;AccountName=a;AccountKey=${Buffer.from('k').toString('base64')};BlobEndpoint=${nobody}/a`;

    const checks = await examine({ ...env, AZURE_STORAGE_CONNECTION_STRING: account, DB_PORT: '9' });

    const problems = statuses(checks.filter(({ status }) => status === 'problem'));
    expect(problems).toEqual(['clock problem', 'storage problem', 'storage problem', 'database problem']);
    expect(JSON.stringify(checks)).not.toContain(Buffer.from('k').toString('base64'));
  });
});

describeWithMoto('on the stand-ins of AWS’s services', () => {
  test('all is fine, nothing is left behind, and a published day is what its messages give', async () => {
    const world = await newAwsWorld();
    await publish(world);
    const before = await snapshot(world.platform.dataStore('acme'));

    const checks = await examine(world.settings);
    const days = await verified(world);

    expect(statuses(checks)).toEqual([
      ...['versions ok', 'settings ok', 'clock ok', 'tenants ok', 'schedules ok', 'schedules ok'],
      ...['storage ok', 'storage ok', 'metadata ok', 'youtube ok'],
    ]);
    expect(days).toMatchObject(AS_PUBLISHED);
    expect(await snapshot(world.platform.dataStore('acme'))).toEqual(before);
    await world.platform.dispose();
  });
});

test('where a connection string leads, whatever it says of the address', async () => {
  const { AZURE_STORAGE_CONNECTION_STRING: text = '' } = (await newServiceWorld()).settings;
  const settings = loadSettings({
    AZURE_STORAGE_CONNECTION_STRING: text,
    COSMOS_ENDPOINT: 'https://x.documents.azure.com',
  });

  const { nowMs, name } = await storageClock(settings);

  expect(text).toContain(name);
  expect(Math.abs(nowMs - Date.now())).toBeLessThan(60_000);
});
