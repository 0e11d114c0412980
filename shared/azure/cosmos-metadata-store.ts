import { Agent } from 'node:https';
import {
  type Container,
  CosmosClient,
  type CosmosClientOptions,
  type FeedOptions,
  type SqlQuerySpec,
} from '@azure/cosmos';
import type { TokenCredential } from '@azure/identity';
import { MetadataError } from '../errors';
import { checkMetadataKey, storableItem } from '../metadata-item-rules';
import type { MetadataItem, MetadataPage, MetadataQuery, MetadataStore, VersionedItem } from '../ports/metadata-store';
import {
  type CosmosDocument,
  documentsOfKey,
  documentsOfPartition,
  itemOf,
  newerOf,
  newestOfEach,
} from './cosmos-documents';
import { itemIdOf } from './cosmos-item-id';
import { readPageToken, writePageToken } from './cosmos-page-token';
import { cosmosTransport } from './cosmos-transport';
import { isMissing, metadataTimeout, toMetadataError } from './metadata-errors';
import { DEFAULT_TRY_TIMEOUT_MS, withTryTimeout } from './try-timeout';

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

/** A metadata store that holds on to connections until it is disposed of. */
export interface CosmosMetadataStore extends MetadataStore {
  dispose(): void;
}

/**
 * A container of Cosmos DB with the partition key `/PK`. Nothing is sent yet; a database or container that is missing is an
 * error of the first call and is never made.
 *
 * @throws MetadataError `metadata_request_invalid`, of kind `configuration`, where the endpoint is none
 */
export function createCosmosMetadataStore(settings: CosmosMetadataSettings): CosmosMetadataStore {
  if (!URL.canParse(settings.endpoint)) {
    throw new MetadataError('The Cosmos DB endpoint is not a URL. Expected https://ACCOUNT.documents.azure.com:443/.', {
      code: 'metadata_request_invalid',
      kind: 'configuration',
    });
  }
  return new CosmosStore(settings);
}

/**
 * Items are found by a query on PK and SK, since other writers choose their ids as they like; so there may be several with
 * the same keys, of which the one written last counts. `absent` is a promise among writers that make ids as we do.
 */
class CosmosStore implements CosmosMetadataStore {
  readonly name: string;
  readonly #client: CosmosClient;
  readonly #container: Container;
  readonly #tryTimeoutMs: number;
  readonly #pageSize: number;

  constructor(settings: CosmosMetadataSettings) {
    this.#tryTimeoutMs = settings.tryTimeoutMs ?? DEFAULT_TRY_TIMEOUT_MS;
    this.#pageSize = settings.pageSize ?? 1000;
    this.name = `${new URL(settings.endpoint).origin}/${settings.database}/${settings.container}`;
    this.#client = new CosmosClient(clientOptions(settings, this.name, this.#tryTimeoutMs));
    this.#container = this.#client.database(settings.database).container(settings.container);
  }

  async get(partition: string, sortKey: string): Promise<VersionedItem | undefined> {
    checkMetadataKey('PK', partition);
    checkMetadataKey('SK', sortKey);
    const found = await this.#newest(partition, sortKey, '*');
    return found && { item: itemOf(found), version: versionOf(found) };
  }

  async query(query: MetadataQuery, continuation?: string): Promise<MetadataPage> {
    checkMetadataKey('PK', query.partition);
    const from = continuation === undefined ? undefined : readPageToken(continuation);
    const page = await this.#page(documentsOfPartition(query), query.partition, from?.continuation);
    const documents = newestOfEach(from?.held === undefined ? page.documents : [from.held, ...page.documents]);
    if (page.continuation === undefined) return { items: documents.map(itemOf) };
    const held = documents.pop();
    return { items: documents.map(itemOf), next: writePageToken({ continuation: page.continuation, held }) };
  }

  async put(item: MetadataItem, onlyIf?: 'absent' | { readonly version: string }): Promise<void> {
    const stored = storableItem(item);
    if (typeof onlyIf === 'object') return this.#replace(stored, onlyIf.version);
    const there = await this.#newest(stored.PK, stored.SK, 'c.id, c._ts');
    if (onlyIf === 'absent' && there !== undefined) throw this.#changed(stored);
    const document = { ...stored, id: there?.id ?? itemIdOf(stored.SK) };
    await this.#call(`Writing ${nameOf(stored)}`, async (abortSignal) => {
      if (onlyIf === 'absent') await this.#container.items.create(document, { abortSignal });
      else await this.#container.items.upsert(document, { abortSignal });
    });
  }

  dispose(): void {
    this.#client.dispose();
  }

  async #replace(item: MetadataItem, version: string): Promise<void> {
    const { id, etag } = readVersion(version, item) ?? {};
    if (id === undefined || etag === undefined) throw this.#changed(item);
    const replaced = await this.#call(`Writing ${nameOf(item)}`, async (abortSignal) => {
      const accessCondition = { type: 'IfMatch', condition: etag };
      try {
        await this.#container.item(id, item.PK).replace({ ...item, id }, { accessCondition, abortSignal });
        return true;
      } catch (error) {
        if (isMissing(error)) return false;
        throw error;
      }
    });
    if (replaced) return;
    // Either the item is gone or its container is: a query tells them apart by failing.
    await this.#newest(item.PK, item.SK, 'c.id, c._ts');
    throw this.#changed(item);
  }

  async #newest(partition: string, sortKey: string, select: '*' | 'c.id, c._ts'): Promise<CosmosDocument | undefined> {
    const spec = documentsOfKey(partition, sortKey, select);
    let newest: CosmosDocument | undefined;
    let continuation: string | undefined;
    do {
      const page = await this.#page(spec, partition, continuation);
      for (const document of page.documents) newest = newest === undefined ? document : newerOf(newest, document);
      continuation = page.continuation;
    } while (continuation !== undefined);
    return newest;
  }

  async #page(
    spec: SqlQuerySpec,
    partition: string,
    continuationToken: string | undefined,
  ): Promise<{ readonly documents: readonly CosmosDocument[]; readonly continuation: string | undefined }> {
    return this.#call(`Reading ${JSON.stringify(partition)}`, async (abortSignal) => {
      const options: FeedOptions = { partitionKey: partition, maxItemCount: this.#pageSize, abortSignal };
      if (continuationToken !== undefined) options.continuationToken = continuationToken;
      const page = await this.#container.items.query<CosmosDocument>(spec, options).fetchNext();
      const continuation = page.continuationToken;
      return { documents: page.resources ?? [], continuation: continuation === '' ? undefined : continuation };
    });
  }

  async #call<T>(action: string, attempt: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const call = { action, store: this.name };
    try {
      return await withTryTimeout(this.#tryTimeoutMs, () => metadataTimeout(call, this.#tryTimeoutMs), attempt);
    } catch (error) {
      throw toMetadataError(error, call);
    }
  }

  #changed(item: MetadataItem): MetadataError {
    return new MetadataError(`The item ${nameOf(item)} in ${this.name} is not the version that was expected.`, {
      code: 'metadata_precondition_failed',
      kind: 'permanent',
    });
  }
}

function clientOptions(settings: CosmosMetadataSettings, store: string, tryTimeoutMs: number): CosmosClientOptions {
  const { endpoint, certificateAuthority: ca } = settings;
  return {
    endpoint,
    ...('key' in settings ? { key: settings.key } : { aadCredentials: settings.credential }),
    ...(ca === undefined ? {} : { agent: new Agent({ keepAlive: true, ca }) }),
    httpClient: cosmosTransport(store),
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

/**
 * An id and the ETag that its document has: with both, a conditional write needs no query first. The sort key is there so
 * that the version of one item is never one of another.
 */
function versionOf({ SK, id, _etag }: CosmosDocument): string {
  return JSON.stringify([SK, id, _etag]);
}

function readVersion(
  version: string,
  { SK }: MetadataItem,
): { readonly id: string; readonly etag: string } | undefined {
  try {
    const [sortKey, id, etag]: unknown[] = JSON.parse(version);
    return sortKey === SK && typeof id === 'string' && typeof etag === 'string' ? { id, etag } : undefined;
  } catch {
    return undefined;
  }
}

function nameOf({ PK, SK }: MetadataItem): string {
  return `${JSON.stringify(PK)} / ${JSON.stringify(SK)}`;
}
