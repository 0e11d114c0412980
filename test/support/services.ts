import { randomUUID } from 'node:crypto';
import { CosmosClient } from '@azure/cosmos';
import { BlobServiceClient } from '@azure/storage-blob';
import type { ServiceSettings } from '../../local/services/services';

/** How the global setup, in the parent process, tells the test processes where the services are. */
const PREFIX = 'MAKOTO_TEST_';

const NAMES: readonly (keyof ServiceSettings)[] = [
  'AZURE_STORAGE_CONNECTION_STRING',
  'COSMOS_ENDPOINT',
  'COSMOS_KEY',
  'COSMOS_DATABASE_NAME',
  'COSMOS_CONTAINER_NAME',
  'DB_HOST',
  'DB_PORT',
  'DB_NAME',
  'DB_USERNAME',
  'DB_PASSWORD',
];

export function announceServices(settings: ServiceSettings): void {
  for (const name of NAMES) process.env[PREFIX + name] = settings[name];
}

/** The embedded services that all suites share, as settings of the app. Make containers and databases of your own in them. */
export function sharedServices(): ServiceSettings {
  return {
    AZURE_STORAGE_CONNECTION_STRING: announced('AZURE_STORAGE_CONNECTION_STRING'),
    COSMOS_ENDPOINT: announced('COSMOS_ENDPOINT'),
    COSMOS_KEY: announced('COSMOS_KEY'),
    COSMOS_DATABASE_NAME: announced('COSMOS_DATABASE_NAME'),
    COSMOS_CONTAINER_NAME: announced('COSMOS_CONTAINER_NAME'),
    ...sharedDatabase(),
  };
}

/** The settings that lead to a database. */
export type DatabaseSettings = Pick<ServiceSettings, 'DB_HOST' | 'DB_PORT' | 'DB_NAME' | 'DB_USERNAME' | 'DB_PASSWORD'>;

/** The database that the services come with, as its superuser. Make databases of your own beside it. */
export function sharedDatabase(): DatabaseSettings {
  return {
    DB_HOST: announced('DB_HOST'),
    DB_PORT: announced('DB_PORT'),
    DB_NAME: announced('DB_NAME'),
    DB_USERNAME: announced('DB_USERNAME'),
    DB_PASSWORD: announced('DB_PASSWORD'),
  };
}

/** Where blobs are served, without the account: `http://127.0.0.1:PORT`. */
export function sharedBlobOrigin(): string {
  const endpoint = /BlobEndpoint=([^;]+)/.exec(announced('AZURE_STORAGE_CONNECTION_STRING'))?.[1] ?? '';
  return new URL(endpoint).origin;
}

/** Makes a blob container with a name that no other suite has. */
export async function newBlobContainer(label = 'test'): Promise<string> {
  const name = `${label}-${randomUUID()}`;
  await BlobServiceClient.fromConnectionString(announced('AZURE_STORAGE_CONNECTION_STRING'))
    .getContainerClient(name)
    .create();
  return name;
}

/** Makes a metadata container, in the shared database, with a name that no other suite has. */
export async function newMetadataContainer(label = 'test'): Promise<string> {
  const { COSMOS_ENDPOINT: endpoint, COSMOS_KEY: key, COSMOS_DATABASE_NAME: database } = sharedServices();
  const client = new CosmosClient({ endpoint, key, connectionPolicy: { enableEndpointDiscovery: false } });
  const id = `${label}-${randomUUID()}`;
  await client.database(database).containers.create({ id, partitionKey: { paths: ['/PK'] } });
  client.dispose();
  return id;
}

function announced(name: keyof ServiceSettings): string {
  const value = process.env[PREFIX + name];
  if (value === undefined) {
    throw new Error(
      `No embedded services: ${PREFIX}${name} is not set. Only the projects with a globalSetup have them.`,
    );
  }
  return value;
}
