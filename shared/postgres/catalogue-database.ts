import type { PoolClient } from 'pg';
import { toFailure } from '../errors';
import type { CatalogueChannel, CatalogueDatabase } from '../ports/catalogue-database';
import { type ConnectionOptions, Connections } from './connections';
import { toDatabaseError } from './database-errors';
import { loadCatalogue } from './load-catalogue';
import { prepareSchema } from './prepare-schema';
import { pruneCatalogue } from './prune-catalogue';
import { schemaProblem } from './schema-problems';
import { readSchemaState } from './schema-state';
import { sql } from './sql-files';
import { inTransaction, workAsBatch } from './transactions';

export type CatalogueDatabaseOptions = ConnectionOptions;

/**
 * The catalogue in a PostgreSQL database, version 15 or later, in its schema `public`. Connects when it is first needed.
 *
 * Works in transactions as the role `makoto_batch`, whose rows are those of the tenant in the setting `app.tenant_id`; everything that
 * a transaction sets ends with it, so that a pooler that lends connections for a transaction may stand in between.
 */
export function createCatalogueDatabase(options: CatalogueDatabaseOptions): CatalogueDatabase {
  const connections = new Connections(options);
  const { timeouts } = connections;
  const name = `${options.database} on ${options.host}:${options.port}`;

  const told = async <T>(action: string, work: (begins: (action: string) => void) => Promise<T>): Promise<T> => {
    let current = action;
    try {
      return await work((begun) => {
        current = begun;
      });
    } catch (error) {
      throw toDatabaseError(error, { action: current, database: name });
    }
  };

  const ofTenant = <T>(tenant: string, access: 'READ ONLY' | 'READ WRITE', work: (client: PoolClient) => Promise<T>) =>
    connections.use((client) =>
      inTransaction(client, timeouts, access, async () => {
        await workAsBatch(client, tenant, name);
        return await work(client);
      }),
    );

  return {
    name,

    prepare: () => told('Preparing the tables', () => prepareSchema(connections, name, options.log)),

    inspect: () =>
      told('Looking at the tables', async () => {
        const state = await connections.use(readSchemaState);
        const { serverVersion, applied, missing } = state;
        const problem = schemaProblem(state, name);
        return {
          serverVersion: `${Math.floor(serverVersion / 10_000)}.${serverVersion % 10_000}`,
          applied,
          missing,
          ...(problem === undefined ? {} : { problem: toFailure(problem) }),
        };
      }),

    channels: (tenant) =>
      told(`Reading the channels of ${tenant}`, async () => {
        const { applied } = await connections.use(readSchemaState);
        if (applied.length === 0) return [];
        return await ofTenant(tenant, 'READ ONLY', async (client) => {
          const { rows } = await client.query<CatalogueChannel>(sql('channels'), [tenant]);
          return rows;
        });
      }),

    knownVideos: (tenant, channelId) =>
      told(`Reading the videos of ${tenant}`, () =>
        ofTenant(tenant, 'READ ONLY', async (client) => {
          const { rows } = await client.query<{ readonly id: string }>(sql('known-videos'), [tenant, channelId]);
          return rows.map(({ id }) => id);
        }),
      ),

    premieres: (tenant) =>
      told(`Reading the premieres of ${tenant}`, () =>
        ofTenant(tenant, 'READ ONLY', async (client) => {
          const { rows } = await client.query<{ readonly video_id: string }>(sql('premieres'), [tenant]);
          return new Set(rows.map(({ video_id }) => video_id));
        }),
      ),

    load: (load) =>
      told(`Loading the catalogue of ${load.tenant}`, (begins) =>
        ofTenant(load.tenant, 'READ WRITE', (client) => loadCatalogue(client, load, begins)),
      ),

    prune: (pruning) =>
      told(`Deleting what is old of the catalogue of ${pruning.tenant}`, () =>
        ofTenant(pruning.tenant, 'READ WRITE', (client) => pruneCatalogue(client, pruning)),
      ),

    close: () => told('Closing the connections', () => connections.close()),
  };
}
