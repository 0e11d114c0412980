import { query } from '../../support/postgres-databases';
import type { DatabaseSettings } from '../../support/services';
import { catalogueTables } from '../postgres/catalogue-tables';

/**
 * Every row of every table as `ctid xmin digest`, the digest of all of its columns: a row that was written again is another one.
 *
 * @param locks also tells rows that were only locked: `xmax` stays in them, as a new row of statistics leaves one in its video's
 */
export async function rowVersions(
  settings: DatabaseSettings,
  { locks = false }: { readonly locks?: boolean } = {},
): Promise<Record<string, string[]>> {
  const system = locks ? 'ctid, xmin, xmax' : 'ctid, xmin';
  const found: Record<string, string[]> = {};
  for (const table of await catalogueTables(settings)) {
    const text = `SELECT concat_ws(' ', ${system}, md5(t::TEXT)) AS row FROM public.${table} AS t ORDER BY 1`;
    found[table] = (await query<{ row: string }>(settings, text)).map(({ row }) => row);
  }
  return found;
}
