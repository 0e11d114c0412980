import { Client } from 'pg';
import { type Postgres, startPostgres } from '../../local/services/postgres';
import type { CatalogueDatabase } from '../../shared/ports/catalogue-database';
import { createCatalogueDatabase } from '../../shared/postgres/catalogue-database';
import type { BenchContext } from '../harness/bench';

export const TENANT = 'bench';

const TABLES = [
  'channels',
  'channel_details',
  'videos',
  'video_types',
  'video_video_types',
  'stream_details',
  'video_statistics',
] as const;

/** A PostgreSQL server of the bench's own, with the batch's tables in it. */
export class BenchDatabase {
  private constructor(
    /** As the batch loads it. */
    readonly ours: CatalogueDatabase,
    /** Bound to the tenant, in the batch's role. */
    readonly peer: Client,
    /** May do everything. */
    private readonly owner: Client,
    readonly version: string,
  ) {}

  static async start({ teardown }: Pick<BenchContext, 'teardown'>): Promise<BenchDatabase> {
    const server = await startPostgres();
    await teardown.add(() => server.stop());
    const ours = openCatalogue(server);
    await teardown.add(() => ours.close());
    await ours.prepare();
    const [owner, peer] = [await connect(server), await connect(server)];
    await teardown.add(() => Promise.all([owner.end(), peer.end()]));
    await peer.query("SELECT set_config('app.tenant_id', $1, FALSE), set_config('role', 'makoto_batch', FALSE)", [
      TENANT,
    ]);
    const { rows } = await owner.query<{ server_version: string }>('SHOW server_version');
    return new BenchDatabase(ours, peer, owner, rows[0]?.server_version ?? 'unknown');
  }

  /** As it was before anything was loaded; what the server has put off until later is done. */
  async empty(): Promise<void> {
    await this.owner.query(`TRUNCATE ${TABLES.map((table) => `public.${table}`).join(', ')}`);
    await this.settle();
  }

  /** Has the server do what it has put off until later, so that nobody else's work is measured with one's own. */
  async settle(): Promise<void> {
    await this.owner.query('CHECKPOINT');
  }

  /** A digest of each table's rows, but for when they were written. */
  async digests(): Promise<Readonly<Record<string, string>>> {
    const digests: Record<string, string> = {};
    for (const table of TABLES) {
      const { rows } = await this.owner.query<{ digest: string }>(
        `SELECT count(*) || ':' || COALESCE(sum(hashtextextended((to_jsonb(t) - 'updated_at' - 'refreshed_on')::TEXT, 0)), 0) AS digest
         FROM public.${table} AS t`,
      );
      digests[table] = rows[0]?.digest ?? '';
    }
    return digests;
  }
}

function openCatalogue({ host, port, database, user, password }: Postgres): CatalogueDatabase {
  return createCatalogueDatabase({
    ...{ host, port, database, user },
    password: async () => password,
    ssl: 'disable',
    poolMax: 2,
  });
}

async function connect({ host, port, database, user, password }: Postgres): Promise<Client> {
  const client = new Client({ host, port, database, user, password, ssl: false });
  // A connection that breaks fails its query; without a listener it would end the process too.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
