import { MetadataError } from '../errors';
import { compareKeys } from '../messages/key-order';
import { checkMetadataKey, storableItem } from '../ports/metadata-item-rules';
import { checkMetadataQuery, isInQuery } from '../ports/metadata-query-rules';
import type { MetadataItem, MetadataPage, MetadataQuery, MetadataStore, VersionedItem } from '../ports/metadata-store';
import { pageAfter } from './page-after';

export interface MemoryMetadataStoreOptions {
  readonly name?: string;
  /** Items in a page of a query. */
  readonly pageSize?: number;
}

/** A metadata table in this process's memory, for tests. Items pass through JSON, as they do on their way to a service. */
export class MemoryMetadataStore implements MetadataStore {
  readonly name: string;
  readonly #pageSize: number;
  readonly #partitions = new Map<string, Map<string, { readonly json: string; readonly version: string }>>();
  #writes = 0;

  constructor({ name = 'memory', pageSize = 1000 }: MemoryMetadataStoreOptions = {}) {
    this.name = name;
    this.#pageSize = pageSize;
  }

  async get(partition: string, sortKey: string): Promise<VersionedItem | undefined> {
    checkMetadataKey('PK', partition);
    checkMetadataKey('SK', sortKey);
    const stored = this.#partitions.get(partition)?.get(sortKey);
    return stored && { item: JSON.parse(stored.json), version: stored.version };
  }

  async query(query: MetadataQuery, continuation?: string): Promise<MetadataPage> {
    checkMetadataQuery(query);
    const { partition, attributes } = query;
    const items = this.#partitions.get(partition) ?? new Map();
    const sortKeys = [...items.keys()].filter((sortKey) => isInQuery(sortKey, query)).sort(compareKeys);
    const page = pageAfter(sortKeys, continuation, this.#pageSize, compareKeys);
    const wanted = page.items.map((sortKey) => projected(JSON.parse(items.get(sortKey).json), attributes));
    return { items: wanted, ...page.next };
  }

  async put(item: MetadataItem, onlyIf?: 'absent' | { readonly version: string }): Promise<void> {
    const stored = storableItem(item);
    const partition = this.#partitions.get(stored.PK) ?? new Map();
    const current = partition.get(stored.SK)?.version;
    if (onlyIf !== undefined && current !== (onlyIf === 'absent' ? undefined : onlyIf.version)) {
      const message = `The item ${stored.PK} / ${stored.SK} in ${this.name} is not the version that was expected.`;
      throw new MetadataError(message, { code: 'metadata_precondition_failed', kind: 'permanent' });
    }
    this.#writes += 1;
    partition.set(stored.SK, { json: JSON.stringify(stored), version: String(this.#writes) });
    this.#partitions.set(stored.PK, partition);
  }
}

function projected(item: MetadataItem, attributes: readonly string[] | undefined): MetadataItem {
  if (attributes === undefined) return item;
  const wanted = new Set(['PK', 'SK', ...attributes]);
  return { ...Object.fromEntries(Object.entries(item).filter(([name]) => wanted.has(name))), PK: item.PK, SK: item.SK };
}
