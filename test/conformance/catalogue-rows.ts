import { catalogueTables } from '../integration/postgres/catalogue-tables';
import { query } from '../support/postgres-databases';
import type { DatabaseSettings } from '../support/services';

/** Every row of every table with all of its columns, but for the database's own instants: when it was written, and when removed. */
export async function catalogueRows(settings: DatabaseSettings): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const table of await catalogueTables(settings)) {
    const text = `SELECT (to_jsonb(t) - 'updated_at' - 'removed_at'
        || jsonb_build_object('removed', to_jsonb(t) ->> 'removed_at' IS NOT NULL))::TEXT AS row
      FROM public.${table} AS t ORDER BY 1`;
    found[table] = (await query<{ row: string }>(settings, text)).map(({ row }) => row);
  }
  return found;
}
