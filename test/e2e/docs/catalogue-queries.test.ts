import { runInline } from '../../../shared/batch/inline-engine';
import { scheduledRequest } from '../../../shared/batch/scheduled-request';
import { createPlatform } from '../../../shared/platform';
import { loadSettings } from '../../../shared/settings';
import { newDatabase, withClient } from '../../support/postgres-databases';
import { codeBlocks, DOCUMENTS, readText } from '../../unit/docs/documents';
import { newSampleWorld, type SampleWorld } from './sample-world';

// Every query of the documents that is for PostgreSQL is run there, after a sync of the sample's channels.

const queries = DOCUMENTS.flatMap((document) =>
  codeBlocks(readText(document))
    .filter(({ language }) => language === 'pgsql')
    .map(({ content }) => ({ document, sql: content })),
);
const MOVED = 'before_makoto_batch';
const ofMoving = queries.filter(({ sql }) => sql.includes(MOVED));
const ofUse = queries.filter(({ sql }) => !sql.includes(MOVED));

let world: SampleWorld;

beforeAll(async () => {
  world = await newSampleWorld();
});

afterAll(async () => {
  await world?.dispose();
});

async function sync(database: Readonly<Record<string, string>>) {
  const platform = createPlatform(loadSettings({ ...world.settings, ...database }), { logSink: { write: () => true } });
  try {
    return await runInline(platform, scheduledRequest('youtube', platform));
  } finally {
    await platform.dispose();
  }
}

test('what the documents ask of the catalogue can be asked', async () => {
  const database = await newDatabase('queries');
  expect(await sync(database)).toMatchObject({ status: 'completed' });

  const results = await withClient(database, async (client) => {
    const found: number[] = [];
    for (const { sql } of ofUse) {
      const answers = [await client.query(sql)].flat();
      found.push(answers.at(-1)?.rowCount ?? 0);
    }
    return found;
  });

  expect(results.length).toBeGreaterThan(1);
  for (const rows of results) expect(rows).toBeGreaterThan(0);
});

test('tables of another system are moved as the documents say, and what was collected comes over', async () => {
  const database = await newDatabase('moved');
  const [move, comeOver, ...others] = ofMoving.map(({ sql }) => sql);
  await withClient(database, async (client) => {
    await client.query("CREATE TABLE premiere_videos AS SELECT 'lYJXHR40j5w' AS video_id");
  });

  const before = await sync(database);
  await withClient(database, (client) => client.query(move ?? ''));
  const after = await sync(database);
  const premieres = await withClient(database, async (client) => {
    await client.query(comeOver ?? '');
    return (await client.query('SELECT tenant_id, video_id FROM premiere_videos')).rows;
  });

  expect(others).toEqual([]);
  expect(before.tenants[0]?.failure).toMatchObject({ code: 'database_schema_foreign' });
  expect(after).toMatchObject({ status: 'completed' });
  expect(premieres).toEqual([{ tenant_id: 'hinata-books', video_id: 'lYJXHR40j5w' }]);
});
