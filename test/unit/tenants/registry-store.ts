import type { MetadataItem, MetadataPage, MetadataQuery, MetadataStore } from '../../../shared/ports/metadata-store';

/** A metadata store of one partition, which answers in pages of a given size, empty ones in between. */
export class RegistryStore implements MetadataStore {
  readonly name = 'the registry of this test';
  readonly queries: MetadataQuery[] = [];

  constructor(
    private readonly items: readonly MetadataItem[],
    private readonly pageSize = 100,
  ) {}

  async query(query: MetadataQuery, continuation?: string): Promise<MetadataPage> {
    this.queries.push(query);
    const found = this.items.filter(({ PK, SK }) => PK === query.partition && SK.startsWith(query.sortKeyPrefix ?? ''));
    const at = Number(continuation ?? 0);
    // Every other page is empty, as Cosmos DB's may be.
    if (at % 2 === 1) return { items: [], next: String(at + 1) };
    const end = (at / 2 + 1) * this.pageSize;
    const items = found.slice(end - this.pageSize, end);
    return end >= found.length ? { items } : { items, next: String(at + 1) };
  }

  get(): Promise<never> {
    throw new Error('The registry is read by queries.');
  }

  put(): Promise<never> {
    throw new Error('Resolving tenants writes nothing.');
  }
}

/** A registry item as the chat product writes it. */
export function entry(id: string, attributes: Readonly<Record<string, unknown>> = {}): MetadataItem {
  return { PK: 'SYSTEM#TENANTS', SK: `TENANT#${id}`, tenant_id: id, ...attributes };
}
