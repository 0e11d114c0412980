import { join } from 'node:path';
import { startAzurite } from './azurite';
import { startCosmosEmulator } from './cosmos-emulator';
import { startPostgres } from './postgres';

export interface ServicesOptions {
  /** The folder that keeps the data of all services; without it, everything is in memory and gone at the end. */
  readonly dataDir?: string | undefined;
  readonly cosmosDatabase?: string | undefined;
  readonly cosmosContainer?: string | undefined;
}

/** The settings of the app that lead it to the embedded services. */
export interface ServiceSettings {
  readonly AZURE_STORAGE_CONNECTION_STRING: string;
  readonly COSMOS_ENDPOINT: string;
  readonly COSMOS_KEY: string;
  readonly COSMOS_DATABASE_NAME: string;
  readonly COSMOS_CONTAINER_NAME: string;
  readonly DB_HOST: string;
  readonly DB_PORT: string;
  readonly DB_NAME: string;
  readonly DB_USERNAME: string;
  readonly DB_PASSWORD: string;
}

export interface Services {
  readonly settings: ServiceSettings;
  /** Makes a blob container, if it is not there. */
  createContainer(name: string): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts everything that the app needs, on this machine: Azurite (blobs, queues, tables) and PostgreSQL in processes
 * of their own, and a Cosmos DB emulator in this one.
 *
 * @throws Error with what the service said, where one does not start; the others are stopped by then
 */
export async function startServices({
  dataDir,
  cosmosDatabase,
  cosmosContainer,
}: ServicesOptions = {}): Promise<Services> {
  const starting = [
    startAzurite({ dataDir: dataDir && join(dataDir, 'azurite') }),
    startCosmosEmulator({
      database: cosmosDatabase,
      container: cosmosContainer,
      file: dataDir && join(dataDir, 'cosmos-items.json'),
    }),
    startPostgres({ dataDir: dataDir && join(dataDir, 'postgres') }),
  ] as const;
  const [azurite, cosmos, postgres] = await allOrNone(starting);
  return {
    settings: {
      AZURE_STORAGE_CONNECTION_STRING: azurite.connectionString,
      COSMOS_ENDPOINT: cosmos.endpoint,
      COSMOS_KEY: cosmos.key,
      COSMOS_DATABASE_NAME: cosmos.database,
      COSMOS_CONTAINER_NAME: cosmos.container,
      DB_HOST: postgres.host,
      DB_PORT: String(postgres.port),
      DB_NAME: postgres.database,
      DB_USERNAME: postgres.user,
      DB_PASSWORD: postgres.password,
    },
    createContainer: (name) => azurite.createContainer(name),
    stop: async () => {
      await Promise.all([azurite.stop(), cosmos.stop(), postgres.stop()]);
    },
  };
}

interface Stoppable {
  stop(): Promise<void>;
}

async function allOrNone<A extends Stoppable, B extends Stoppable, C extends Stoppable>(
  starting: readonly [Promise<A>, Promise<B>, Promise<C>],
): Promise<readonly [A, B, C]> {
  const ended = await Promise.allSettled(starting);
  const [a, b, c] = ended;
  if (a.status === 'fulfilled' && b.status === 'fulfilled' && c.status === 'fulfilled') {
    return [a.value, b.value, c.value];
  }
  for (const one of ended) if (one.status === 'fulfilled') await one.value.stop();
  throw ended.find((one) => one.status === 'rejected')?.reason;
}
