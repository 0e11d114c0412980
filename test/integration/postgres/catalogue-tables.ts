import { query } from '../../support/postgres-databases';
import type { DatabaseSettings } from '../../support/services';

/** The catalogue's tables as the database itself lists them, so that a new one is in every test that goes through them. */
export async function catalogueTables(settings: DatabaseSettings): Promise<string[]> {
  const rows = await query<{ name: string }>(
    settings,
    `SELECT relname::TEXT AS name FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relname <> 'makoto_batch_migrations'
     ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

/** Every row of every table, with its instants and with what tells whether it was written since. */
export async function everything(settings: DatabaseSettings): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const table of await catalogueTables(settings)) {
    const rows = await query<{ row: string }>(
      settings,
      `SELECT concat_ws(' ', ctid, xmin, xmax, t) AS row FROM public.${table} AS t ORDER BY 1`,
    );
    found[table] = rows.map(({ row }) => row);
  }
  return found;
}
