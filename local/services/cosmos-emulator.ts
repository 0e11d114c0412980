import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { CosmosClient } from '@azure/cosmos';
import { createHttpServer } from '@vercel/cosmosdb-server';
import { type CosmosItems, loadItems, saveItems } from './cosmos-items';
import { lookAtOnePartition } from './cosmos-partitions';
import { Debounced } from './debounced';

export interface CosmosEmulatorOptions {
  readonly database?: string | undefined;
  readonly container?: string | undefined;
  /**
   * A JSON file that keeps the items between runs. The emulator itself has them in memory only: they are loaded at the
   * start, and written about a second after a change and at the end.
   */
  readonly file?: string | undefined;
}

export interface CosmosEmulator {
  readonly endpoint: string;
  readonly key: string;
  readonly database: string;
  readonly container: string;
  /** Writes every item to a JSON file, whole or not at all. */
  saveTo(file: string): Promise<void>;
  /** Adds the items of such a file, over those with the same id. A file that is not there holds none. */
  loadFrom(file: string): Promise<void>;
  stop(): Promise<void>;
}

/** The key that Azure's own Cosmos DB emulator has (learn.microsoft.com, "Azure Cosmos DB emulator"). This one reads none. */
const KEY = 'C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw==';

const SAVE_DELAY_MS = 1000;

/** Starts a Cosmos DB emulator in this process, on a free port of 127.0.0.1, with a container whose partition key is /PK. */
export async function startCosmosEmulator(options: CosmosEmulatorOptions = {}): Promise<CosmosEmulator> {
  const { database = 'makoto-db', container = 'metadata', file } = options;
  lookAtOnePartition();
  const server = createHttpServer({ keepAlive: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${portOf(server)}/`;
  const client = new CosmosClient({ endpoint, key: KEY, connectionPolicy: { enableEndpointDiscovery: false } });
  try {
    const items = await createContainer(client, database, container);
    if (file !== undefined) await loadItems(items, file);
    const saving = new Debounced(SAVE_DELAY_MS, async () => {
      if (file !== undefined) await saveItems(items, file);
    });
    if (file !== undefined) onWrite(server, () => saving.ask());
    return {
      endpoint,
      key: KEY,
      database,
      container,
      saveTo: (target) => saveItems(items, target),
      loadFrom: (source) => loadItems(items, source),
      stop: async () => {
        await saving.finish();
        client.dispose();
        await close(server);
      },
    };
  } catch (error) {
    client.dispose();
    await close(server);
    throw error;
  }
}

async function createContainer(client: CosmosClient, database: string, container: string): Promise<CosmosItems> {
  const created = await client.databases.createIfNotExists({ id: database });
  const made = await created.database.containers.createIfNotExists({ id: container, partitionKey: { paths: ['/PK'] } });
  return made.container.items;
}

/** A POST that is a query, or asks for a plan of one, changes nothing. */
function onWrite(server: Server, changed: () => void): void {
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const reads = request.method === 'GET' || request.headers['content-type'] === 'application/query+json';
    if (!reads) response.once('finish', changed);
  });
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The Cosmos DB emulator listens on no port.');
  return address.port;
}
