import { join } from 'node:path';
import { startAzurite } from './azurite';
import { startCosmosEmulator } from './cosmos-emulator';

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
}

export interface Services {
  readonly settings: ServiceSettings;
  /** Makes a blob container, if it is not there. */
  createContainer(name: string): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts everything that the app needs of Azure, on this machine: Azurite (blobs, queues, tables) in a process of its own,
 * and a Cosmos DB emulator in this one.
 *
 * @throws Error with what the service said, where one does not start; the other is stopped by then
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
  ] as const;
  const [azurite, cosmos] = await allOrNone(starting);
  return {
    settings: {
      AZURE_STORAGE_CONNECTION_STRING: azurite.connectionString,
      COSMOS_ENDPOINT: cosmos.endpoint,
      COSMOS_KEY: cosmos.key,
      COSMOS_DATABASE_NAME: cosmos.database,
      COSMOS_CONTAINER_NAME: cosmos.container,
    },
    createContainer: (name) => azurite.createContainer(name),
    stop: async () => {
      await Promise.all([azurite.stop(), cosmos.stop()]);
    },
  };
}

interface Stoppable {
  stop(): Promise<void>;
}

async function allOrNone<A extends Stoppable, B extends Stoppable>(
  starting: readonly [Promise<A>, Promise<B>],
): Promise<readonly [A, B]> {
  const [a, b] = await Promise.allSettled(starting);
  if (a.status === 'fulfilled' && b.status === 'fulfilled') return [a.value, b.value];
  if (a.status === 'fulfilled') await a.value.stop();
  if (b.status === 'fulfilled') await b.value.stop();
  throw a.status === 'rejected' ? a.reason : b.status === 'rejected' ? b.reason : undefined;
}
