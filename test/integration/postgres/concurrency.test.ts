import type { CatalogueDatabase } from '../../../shared/ports/catalogue-database';
import { newDatabase, query, withClient } from '../../support/postgres-databases';
import type { DatabaseSettings } from '../../support/services';
import { batchSessions, sessionsWaiting } from './batch-sessions';
import { CatalogueWorld } from './catalogue-world';
import { ModelCatalogue, shown } from './model';
import { type Sync, sync, video } from './sync-files';

let settings: DatabaseSettings;
let world: CatalogueWorld;
let database: CatalogueDatabase;

beforeEach(async () => {
  settings = await newDatabase('concurrency');
  world = new CatalogueWorld();
  database = world.open(settings);
  await database.prepare();
});

afterEach(() => world.end());

/** A sync whose every value says which one it is. */
function version(n: number, tenant = 'acme'): Sync {
  const videos = Array.from({ length: 20 }, (_, i) =>
    video(`v${i}`, { title: `Title ${n}`, views: n, type: 'stream', startedAt: `2025-08-08T12:00:0${n % 10}.000Z` }),
  );
  return sync({ tenant, videos, whole: ['UC1'] });
}

test('loads of one tenant wait for each other; those of another do not wait for them', async () => {
  const other = world.open(settings);
  await withClient(settings, async (client) => {
    // Stands for a load of acme that takes long: it has written, and its transaction is open.
    await client.query('BEGIN');
    await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('makoto-batch catalogue of acme', 0))`);
    const waiting = Promise.all([world.load(database, version(1)), world.load(other, version(2))]);
    await sessionsWaiting(settings, 'advisory', 2);

    const figures = await world.load(other, version(1, 'another'));

    expect(figures.rowsWritten).toBeGreaterThan(0);
    expect(await shown(settings, 'acme')).toEqual(new ModelCatalogue().shown());
    await client.query('COMMIT');
    await waiting;
  });

  const results = [version(1), version(2)].map((last) => modelOf(last));
  expect(results).toContainEqual(await shown(settings, 'acme'));
});

test('a load that waits sees what the one before it wrote', async () => {
  const databases = Array.from({ length: 3 }, () => world.open(settings));
  const versions = Array.from({ length: 9 }, (_, n) => version(n));

  await Promise.all(versions.map((one, n) => world.load(databases[n % 3] ?? database, one)));

  const found = await shown(settings, 'acme');
  expect(versions.map((last) => modelOf(last))).toContainEqual(found);
});

test('a reader sees every load whole or not at all', async () => {
  await world.load(database, version(0));
  const seen = new Set<string>();
  let done = false;
  const loading = (async () => {
    for (let n = 1; n <= 12; n++) await world.load(database, version(n));
  })().finally(() => {
    done = true;
  });

  while (!done) {
    const rows = await query<{ titles: string[]; views: string[]; statistics: string[]; starts: number }>(
      settings,
      `SELECT
         ARRAY(SELECT DISTINCT title FROM videos) AS titles,
         ARRAY(SELECT DISTINCT view_count FROM videos) AS views,
         ARRAY(SELECT DISTINCT view_count FROM video_statistics) AS statistics,
         (SELECT count(DISTINCT started_at) FROM stream_details)::INTEGER AS starts`,
    );
    const [row] = rows;
    expect(row).toEqual({
      titles: [`Title ${row?.views[0]}`],
      views: row?.views.slice(0, 1),
      statistics: row?.views.slice(0, 1),
      starts: 1,
    });
    seen.add(row?.titles[0] ?? '');
  }
  await loading;

  expect(seen.size).toBeGreaterThan(1);
});

test('no more connections are opened than the pool may have, and whoever finds none waits', async () => {
  const small = world.open(settings, { poolMax: 1, timeouts: { connect: 2_000 } });
  await withClient(settings, async (client) => {
    await client.query('BEGIN');
    await client.query('LOCK TABLE channels IN ACCESS EXCLUSIVE MODE');
    const work = Promise.all([
      world.load(small, version(1)),
      ...Array.from({ length: 4 }, () => small.channels('acme')),
      small.premieres('acme'),
    ]);
    await sessionsWaiting(settings, 'relation');
    await database.close();

    const sessions = await batchSessions(settings);

    expect(sessions).toHaveLength(1);
    await client.query('COMMIT');
    const [, ...channels] = await work;
    expect(channels).toHaveLength(5);
  });
});

function modelOf(last: Sync) {
  const model = new ModelCatalogue();
  model.load(last);
  return model.shown();
}
