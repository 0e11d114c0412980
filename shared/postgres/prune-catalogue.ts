import type { PoolClient } from 'pg';
import type { CataloguePruning, PrunedRows } from '../ports/catalogue-database';
import { sql } from './sql-files';

/** Rows that one transaction deletes at most. A video has some tens of rows that refer to it. */
const MOST = { videos: 500, statistics: 10_000, channels: 100 };

/** Deletes some of what is older than a tenant wants it, within a transaction of the tenant. Waits for a load of the same tenant. */
export async function pruneCatalogue(
  client: PoolClient,
  { tenant, days, oldest }: CataloguePruning,
): Promise<PrunedRows> {
  await client.query(sql('lock-tenant'), [tenant]);
  const rowsOf = async (name: string, values: readonly unknown[]) =>
    (await client.query(sql(`prune/${name}`), [tenant, ...values])).rowCount ?? 0;
  const videos = await rowsOf('videos', [days, oldest, MOST.videos]);
  const statistics = await rowsOf('statistics', [oldest, MOST.statistics]);
  const channels = await rowsOf('channels', [oldest, MOST.channels]);
  return { videos, statistics, channels };
}
