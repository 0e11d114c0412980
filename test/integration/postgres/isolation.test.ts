import type { Client } from 'pg';
import type { CatalogueDatabase } from '../../../shared/ports/catalogue-database';
import { newDatabase, newLogin, query, withClient } from '../../support/postgres-databases';
import type { DatabaseSettings } from '../../support/services';
import { catalogueTables, everything } from './catalogue-tables';
import { CatalogueWorld } from './catalogue-world';
import { ModelCatalogue, shown } from './model';
import { sync } from './sync-files';

const TENANTS = ['acme', "x' OR '1'='1"] as const;
const [MINE, OTHERS] = TENANTS;

let settings: DatabaseSettings;
let allRights: DatabaseSettings;
let world: CatalogueWorld;
let database: CatalogueDatabase;

beforeAll(async () => {
  settings = await newDatabase('isolation');
  world = new CatalogueWorld();
  database = world.open(settings);
  await database.prepare();
  allRights = await newLogin(settings, ['GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}']);
  for (const tenant of TENANTS) {
    await world.load(database, sync({ tenant }));
    await query(settings, 'INSERT INTO premiere_videos VALUES ($1, $2)', [tenant, 'v1']);
  }
});

afterAll(() => world.end());

/** Who tries: the batch's role and the readers' under a superuser's login, and a login with every right but to pass by row-level security. */
const tries = [
  { who: 'makoto_batch', login: () => settings, role: 'makoto_batch' },
  { who: 'makoto_reader', login: () => settings, role: 'makoto_reader' },
  { who: 'a login with all rights', login: () => allRights, role: 'none' },
] as const;

/** Runs a statement in a transaction that is rolled back. @returns its rows, or the SQLSTATE with which it was refused */
async function attempt(client: Client, { role, tenant }: { role: string; tenant?: string }, text: string) {
  await client.query('BEGIN');
  try {
    await client.query(`SET LOCAL ROLE ${role}`);
    if (tenant !== undefined) await client.query(`SELECT set_config('app.tenant_id', $1, true)`, [tenant]);
    const { rows, rowCount } = await client.query(text);
    return { rows, count: rowCount ?? 0 };
  } catch (error) {
    return { refused: String(Reflect.get(Object(error), 'code')) };
  } finally {
    await client.query('ROLLBACK');
  }
}

const REFUSED = { refused: '42501' };
const UNTOUCHED = [REFUSED, { rows: [], count: 0 }];

describe.each(tries)('$who', ({ login, role }) => {
  test('sees the rows of its tenant in every table, and no others', async () => {
    const tables = await catalogueTables(settings);

    await withClient(login(), async (client) => {
      for (const table of tables) {
        const select = `SELECT DISTINCT tenant_id FROM public.${table}`;
        expect([table, await attempt(client, { role, tenant: MINE }, select)]).toEqual([
          table,
          { rows: [{ tenant_id: MINE }], count: 1 },
        ]);
        expect(await attempt(client, { role, tenant: `${MINE} ` }, select)).toEqual({ rows: [], count: 0 });
        expect(await attempt(client, { role, tenant: '' }, select)).toEqual({ rows: [], count: 0 });
        expect(await attempt(client, { role }, select)).toEqual({ rows: [], count: 0 });
      }
    });
    expect(tables.length).toBeGreaterThanOrEqual(8);
  });

  test('changes no row of another tenant, and makes none', async () => {
    const tables = await catalogueTables(settings);
    const before = await everything(settings);

    await withClient(login(), async (client) => {
      for (const table of tables) {
        const columns = await writableColumns(table);
        const own = columns.filter((name) => name !== 'tenant_id').join(', ');
        const mine = { role, tenant: MINE };
        const others = `'${OTHERS.replaceAll("'", "''")}'`;
        const insert = `INSERT INTO public.${table} (tenant_id, ${own}) SELECT ${others}, ${own} FROM public.${table}`;
        for (const as of [mine, { role }]) {
          expect(UNTOUCHED).toContainEqual(
            await attempt(client, as, `DELETE FROM public.${table} WHERE tenant_id = ${others}`),
          );
          expect(UNTOUCHED).toContainEqual(
            await attempt(client, as, `UPDATE public.${table} SET tenant_id = tenant_id WHERE tenant_id = ${others}`),
          );
        }
        expect([table, await attempt(client, mine, insert)]).toEqual([table, REFUSED]);
        expect([table, await attempt(client, mine, `UPDATE public.${table} SET tenant_id = ${others}`)]).toEqual([
          table,
          REFUSED,
        ]);
      }
    });

    expect(await everything(settings)).toEqual(before);
  });
});

test('the owner of the tables is bound as well', async () => {
  const owner = await newLogin(settings);
  const tables = await catalogueTables(settings);
  for (const table of tables) await query(settings, `ALTER TABLE public.${table} OWNER TO ${owner.DB_USERNAME}`);

  for (const table of tables) {
    await withClient(owner, async (client) => {
      const seen = await attempt(
        client,
        { role: 'none', tenant: MINE },
        `SELECT DISTINCT tenant_id FROM public.${table}`,
      );
      expect(seen).toEqual({ rows: [{ tenant_id: MINE }], count: 1 });
    });
  }
});

test('every table has a tenant first in its primary key and in its foreign keys', async () => {
  const keys = await query<{ table: string; key: string; first: string }>(
    settings,
    `SELECT c.conrelid::regclass::TEXT AS table, c.contype::TEXT AS key, a.attname::TEXT AS first
     FROM pg_constraint AS c JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
     WHERE c.connamespace = 'public'::regnamespace AND c.contype IN ('p', 'f') AND c.conrelid <> 'makoto_batch_migrations'::regclass`,
  );

  expect(new Set(keys.map(({ first }) => first))).toEqual(new Set(['tenant_id']));
  const withPrimaryKey = keys.filter(({ key }) => key === 'p').map(({ table }) => table);
  expect(withPrimaryKey.toSorted()).toEqual(await catalogueTables(settings));
});

test("the batch's role makes no tables, writes no premieres, logs in nowhere and passes by nothing", async () => {
  await withClient(settings, async (client) => {
    const as = { role: 'makoto_batch', tenant: MINE };
    const refused = [
      'CREATE TABLE public.mine (id TEXT)',
      'ALTER TABLE public.videos DISABLE ROW LEVEL SECURITY',
      'TRUNCATE public.videos',
      'DELETE FROM public.video_types',
      `INSERT INTO public.premiere_videos VALUES ('${MINE}', 'v2')`,
      'DELETE FROM public.premiere_videos',
      'UPDATE public.makoto_batch_migrations SET name = name',
    ];
    for (const text of refused) expect([text, await attempt(client, as, text)]).toEqual([text, REFUSED]);
  });
  expect(
    await query(
      settings,
      `SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin FROM pg_roles WHERE rolname LIKE 'makoto\\_%'`,
    ),
  ).toEqual(
    Array(2).fill({
      rolsuper: false,
      rolbypassrls: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolcanlogin: false,
    }),
  );
});

test('loads of one tenant leave the same channels and videos of another as they are', async () => {
  const model = new ModelCatalogue();
  model.load(sync({ tenant: OTHERS }));

  await world.load(database, sync({ videos: [], whole: ['UC1'], gone: ['v1'] }));

  expect(await database.channels(MINE)).toEqual([{ id: 'UC1', handle: '@a', videos: 0 }]);
  expect(await database.channels(OTHERS)).toEqual([{ id: 'UC1', handle: '@a', videos: 2 }]);
  expect(await database.premieres(OTHERS)).toEqual(new Set(['v1']));
  expect(await shown(settings, OTHERS)).toEqual(model.shown());
});

async function writableColumns(table: string): Promise<string[]> {
  const rows = await query<{ name: string }>(
    settings,
    `SELECT attname::TEXT AS name FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`,
    [`public.${table}`],
  );
  return rows.map(({ name }) => name);
}
