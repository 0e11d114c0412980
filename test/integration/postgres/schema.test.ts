import { newDatabase, query } from '../../support/postgres-databases';
import type { DatabaseSettings } from '../../support/services';
import { CatalogueWorld } from './catalogue-world';

let settings: DatabaseSettings;
let world: CatalogueWorld;

beforeAll(async () => {
  settings = await newDatabase('schema');
  world = new CatalogueWorld();
  await world.open(settings).prepare();
});

afterAll(() => world.end());

/** What the catalogue's tables are, a line for every fact. Readers rely on all of it: a change of the recorded lines needs a migration. */
const FACTS: Readonly<Record<string, string>> = {
  columns: `
    SELECT concat_ws(' ',
      c.relname, to_char(a.attnum, 'FM00'), a.attname, format_type(a.atttypid, a.atttypmod),
      CASE WHEN a.attnotnull THEN 'NOT NULL' END,
      CASE a.attgenerated WHEN 's' THEN 'GENERATED' WHEN 'v' THEN 'VIRTUAL' END,
      pg_get_expr(d.adbin, d.adrelid))
    FROM pg_class AS c
    JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'`,
  constraints: `
    SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'`,
  indexes: `SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'`,
  'row-level security': `
    SELECT concat_ws(' ', c.relname, c.relrowsecurity, c.relforcerowsecurity, p.policyname, p.permissive, p.roles, p.cmd, p.qual, '|', p.with_check)
    FROM pg_class AS c LEFT JOIN pg_policies AS p ON p.schemaname = 'public' AND p.tablename = c.relname
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'`,
  rights: `
    SELECT concat_ws(' ', c.relname, CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE g.grantee::regrole::TEXT END,
      string_agg(g.privilege_type, ', ' ORDER BY g.privilege_type))
    FROM pg_class AS c, aclexplode(c.relacl) AS g
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind <> 'i' AND g.grantee <> c.relowner
    GROUP BY c.relname, g.grantee`,
  others: `
    SELECT concat_ws(' ', relkind, relname) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind NOT IN ('r', 'i')`,
};

test.each(Object.entries(FACTS))('the %s of the tables: as recorded', async (_, text) => {
  const rows = await query<Record<string, string>>(settings, text);

  const lines = rows.flatMap((row) => Object.values(row)).toSorted();

  expect(lines).toMatchSnapshot();
});
