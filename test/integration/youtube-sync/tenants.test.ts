import type { Client } from 'pg';
import { Catalogue } from '../../../local/youtube/catalogue';
import { newChannel, newVideo } from '../../../local/youtube/model';
import { createPlatform } from '../../../shared/platform';
import { estimatedUnits } from '../../../shared/youtube/estimate';
import { newDatabase, newLogin, query, withClient } from '../../support/postgres-databases';
import { newServiceWorld, type ServiceWorld } from '../../support/service-world';
import type { DatabaseSettings } from '../../support/services';
import { YoutubeWorld } from '../../support/youtube-world';
import { catalogueTables } from '../postgres/catalogue-tables';
import { expectCatalogue } from './one-channel';

// Several tenants, each with a channel of its own, on one key and in one database.

const TENANTS = 4;
const CHANNELS = Array.from({ length: TENANTS }, (_, index) => `UC${String(index).repeat(22)}`);
/** Of each channel: the channel, two pages, two requests for details. */
const VIDEOS = 60;
const UNITS = estimatedUnits(VIDEOS);

let database: DatabaseSettings;
let world: YoutubeWorld;

beforeAll(async () => {
  database = await newDatabase('tenants');
});

afterEach(() => world.close());

function someCatalogue(): Catalogue {
  return new Catalogue({
    channels: CHANNELS.map((id) => newChannel({ id })),
    videos: CHANNELS.flatMap((channelId, index) =>
      Array.from({ length: VIDEOS }, (_, number) =>
        newVideo({ id: `tenant${index}_${String(number).padStart(3, '0')}`, channelId }),
      ),
    ),
  });
}

async function openWorld(dailyQuota: number, more: Partial<Parameters<typeof YoutubeWorld.open>[0]> = {}) {
  return await YoutubeWorld.open({
    database,
    catalogue: someCatalogue(),
    tenants: CHANNELS.map((channel) => [channel]),
    settings: { YOUTUBE_DAILY_QUOTA: String(dailyQuota), YOUTUBE_TENANT_CONCURRENCY: String(TENANTS) },
    ...more,
  });
}

test('all of them at once cost what each of them costs', async () => {
  world = await openWorld(10_000);

  const run = await world.run();

  expect(run.status).toBe('completed');
  expect(run.tenants.map(({ quotaUnits }) => quotaUnits)).toEqual(CHANNELS.map(() => UNITS));
  expect(world.unitsSpent).toBe(TENANTS * UNITS);
  expect(await world.quota()).toMatchObject({ spent: TENANTS * UNITS, reserved: 0 });
  for (const [at, tenant] of world.tenants.entries()) await expectCatalogue(world, tenant, [CHANNELS[at] ?? '']);
});

test.each([1, 7, 12, TENANTS * UNITS - 1])(
  'a budget of %i units is kept by all of them together',
  async (dailyQuota) => {
    world = await openWorld(dailyQuota);

    const run = await world.run();
    const spent = world.unitsSpent;
    const ledger = await world.quota();

    const failures = run.tenants.flatMap(({ failure }) => (failure === undefined ? [] : [failure.code]));
    expect(spent).toBeLessThanOrEqual(dailyQuota);
    expect(ledger.spent).toBe(spent);
    expect(failures.length).toBeGreaterThan(0);
    expect(new Set(failures)).toEqual(new Set(['youtube_quota_spent']));
    expect(run.status).toBe(failures.length === TENANTS ? 'failed' : 'partial');
  },
);

describe('on the metadata store and the object store of the app', () => {
  let services: ServiceWorld;

  beforeAll(async () => {
    services = await newServiceWorld();
  });

  afterAll(() => services.platform.dispose());

  test('runs in several processes at once keep the budget together', async () => {
    // prepare
    const dailyQuota = 2 * UNITS + 3;
    const { metadata } = services.platform;
    world = await openWorld(dailyQuota, { stores: { metadata, output: services.platform.analyticsStore('any') } });
    const others = [1, 2].map(() => createPlatform(services.platform.settings));
    const stores = [services.platform, ...others];

    // act
    const runs = await Promise.all(
      stores.map((platform, at) =>
        world.run(
          { tenants: world.tenants.slice(at, at === stores.length - 1 ? TENANTS : at + 1) },
          { metadata: () => platform.metadata, output: () => platform.analyticsStore('any') },
        ),
      ),
    );

    // assess
    const reports = runs.flatMap(({ tenants }) => tenants);
    expect(world.unitsSpent).toBeLessThanOrEqual(dailyQuota);
    expect(reports).toHaveLength(TENANTS);
    for (const { failure } of reports) expect(['youtube_quota_spent', undefined]).toContain(failure?.code);
    for (const [at, tenant] of world.tenants.entries()) {
      const report = reports.find((each) => each.tenant === tenant);
      if (report?.status === 'completed') await expectCatalogue(world, tenant, [CHANNELS[at] ?? '']);
    }
    await Promise.all(others.map((platform) => platform.dispose()));
  });
});

describe('the database after their syncs', () => {
  async function as<Result>(role: string, tenant: string, work: (client: Client) => Promise<Result>): Promise<Result> {
    const login = await newLogin(database, [`GRANT ${role} TO {role}`]);
    return await withClient(login, async (client) => {
      await client.query('BEGIN');
      await client.query(`SET LOCAL ROLE ${role}`);
      await client.query(`SELECT set_config('app.tenant_id', $1, TRUE)`, [tenant]);
      try {
        return await work(client);
      } finally {
        await client.query('ROLLBACK');
      }
    });
  }

  test.each(['makoto_batch', 'makoto_reader'])('shows %s one tenant’s rows only', async (role) => {
    world = await openWorld(10_000);
    await world.run();
    const tables = await catalogueTables(database);
    const [mine = ''] = world.tenants;

    for (const tenant of [mine, '', 'nobody']) {
      const found = await as(role, tenant, async (client) => {
        const each: Record<string, string[]> = {};
        for (const table of tables) {
          const { rows } = await client.query<{ tenant_id: string }>(`SELECT DISTINCT tenant_id FROM ${table}`);
          each[table] = rows.map(({ tenant_id }) => tenant_id);
        }
        return each;
      });

      const filled = Object.entries(found).filter(([, tenants]) => tenants.length > 0);
      expect(filled.flatMap(([, tenants]) => tenants).filter((id) => id !== mine)).toEqual([]);
      expect(filled.map(([table]) => table)).toEqual(
        tenant === mine ? tables.filter((table) => !['premiere_videos', 'stream_details'].includes(table)) : [],
      );
    }
  });

  test('lets nobody write another tenant’s rows', async () => {
    world = await openWorld(10_000);
    await world.run();
    const [mine = '', theirs = ''] = world.tenants;
    const before = await query(database, 'SELECT tenant_id, id, title FROM videos ORDER BY 1, 2');
    const refusalOf = (role: string, text: string, values: string[]) =>
      as(role, mine, (client) => client.query(text, values)).then(
        ({ rowCount }) => rowCount,
        (error: Error) => error.message,
      );
    const insert = 'INSERT INTO channels (tenant_id, id, title) VALUES ($1, $2, $2)';
    const update = 'UPDATE videos SET title = $2 WHERE tenant_id = $1';
    const move = 'UPDATE channels SET tenant_id = $1 WHERE tenant_id <> $2';

    expect(await refusalOf('makoto_batch', insert, [theirs, 'UCx'])).toMatch(/row-level security/);
    expect(await refusalOf('makoto_batch', update, [theirs, 'Mine now'])).toBe(0);
    expect(await refusalOf('makoto_batch', move, [theirs, theirs])).toMatch(/row-level security/);
    for (const text of [insert, update]) {
      expect(await refusalOf('makoto_reader', text, [mine, 'x'])).toMatch(/permission denied/);
    }
    expect(await query(database, 'SELECT tenant_id, id, title FROM videos ORDER BY 1, 2')).toEqual(before);
  });
});
