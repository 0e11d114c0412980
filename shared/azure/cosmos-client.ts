import { Agent } from 'node:https';
import { CosmosClient, type CosmosClientOptions } from '@azure/cosmos';
import type { TokenCredential } from '@azure/identity';
import { MetadataError } from '../errors';
import { cosmosTransport } from './cosmos-transport';

export type CosmosMetadataSettings = {
  /** The account. One that begins with `http://` is an emulator, which knows itself by another address than we do. */
  readonly endpoint: string;
  readonly database: string;
  readonly container: string;
  /** What one call may take, in milliseconds; 30 s if not given. */
  readonly tryTimeoutMs?: number | undefined;
  /** Items in a page of a query; 1,000 if not given. The service also ends a page at 4 MB. */
  readonly pageSize?: number | undefined;
  /** A certificate authority (PEM) to trust instead of the public ones, for an account behind a private one. */
  readonly certificateAuthority?: string | undefined;
} & ({ readonly key: string } | { readonly credential: TokenCredential });

/**
 * The address of a container, for people.
 *
 * @throws MetadataError `metadata_request_invalid`, of kind `configuration`, where the endpoint is no address
 */
export function cosmosAddress({ endpoint, database, container }: CosmosMetadataSettings): string {
  if (URL.canParse(endpoint)) return `${new URL(endpoint).origin}/${database}/${container}`;
  throw new MetadataError('The Cosmos DB endpoint is not a URL. Expected https://ACCOUNT.documents.azure.com:443/.', {
    code: 'metadata_request_invalid',
    kind: 'configuration',
  });
}

/** A client that tries every request once, but for a failover to another region of the account. Dispose of it. */
export function openCosmosClient(settings: CosmosMetadataSettings, tryTimeoutMs: number): CosmosClient {
  return new CosmosClient(clientOptions(settings, tryTimeoutMs));
}

function clientOptions(settings: CosmosMetadataSettings, tryTimeoutMs: number): CosmosClientOptions {
  const { endpoint, certificateAuthority: ca } = settings;
  return {
    endpoint,
    ...('key' in settings ? { key: settings.key } : { aadCredentials: settings.credential }),
    ...(ca === undefined ? {} : { agent: new Agent({ keepAlive: true, ca }) }),
    httpClient: cosmosTransport(cosmosAddress(settings)),
    connectionPolicy: {
      // An emulator names an https address of itself, which nobody listens at.
      enableEndpointDiscovery: !endpoint.startsWith('http://'),
      enableBackgroundEndpointRefreshing: false,
      enablePartitionLevelFailover: false,
      // Ours ends a try first.
      requestTimeout: tryTimeoutMs + 1000,
      retryOptions: { maxRetryAttemptCount: 0 },
    },
  };
}
