import type { Container, CosmosClient, FeedOptions, SqlQuerySpec } from '@azure/cosmos';
import { MetadataError } from '../errors';
import { checkMetadataKey, storableItem } from '../ports/metadata-item-rules';
import { checkMetadataQuery, isOfEmptyRange } from '../ports/metadata-query-rules';
import type { MetadataItem, MetadataPage, MetadataQuery, MetadataStore, VersionedItem } from '../ports/metadata-store';
import { DEFAULT_TRY_TIMEOUT_MS, withTryTimeout } from '../try-timeout';
import { type CosmosMetadataSettings, cosmosAddress, openCosmosClient } from './cosmos-client';
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
import { isMissing, metadataTimeout, toMetadataError } from './metadata-errors';

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
    this.name = cosmosAddress(settings);
    this.#client = openCosmosClient(settings, this.#tryTimeoutMs);
    this.#container = this.#client.database(settings.database).container(settings.container);
  }

  async get(partition: string, sortKey: string): Promise<VersionedItem | undefined> {
    checkMetadataKey('PK', partition);
    checkMetadataKey('SK', sortKey);
    const found = await this.#newest(partition, sortKey, '*');
    return found && { item: itemOf(found), version: versionOf(found) };
  }

  async query(query: MetadataQuery, continuation?: string): Promise<MetadataPage> {
    checkMetadataQuery(query);
    if (isOfEmptyRange(query)) return { items: [] };
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
