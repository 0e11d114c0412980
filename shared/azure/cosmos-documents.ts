import type { SqlQuerySpec } from '@azure/cosmos';
import { SYSTEM_ATTRIBUTES } from '../ports/metadata-item-rules';
import type { MetadataItem, MetadataQuery } from '../ports/metadata-store';

/** What a query for items gives: the item, and what Cosmos DB knows of it. `_etag` is there only where it was asked for. */
export interface CosmosDocument extends MetadataItem {
  readonly id: string;
  /** Seconds since 1970 of the last write. */
  readonly _ts: number;
  readonly _etag?: string;
}

/** Every document with the keys: other writers choose their own ids, so there may be more than one. */
export function documentsOfKey(partition: string, sortKey: string, select: '*' | 'c.id, c._ts'): SqlQuerySpec {
  return {
    query: `SELECT ${select} FROM c WHERE c.PK = @partition AND c.SK = @sortKey`,
    parameters: [
      { name: '@partition', value: partition },
      { name: '@sortKey', value: sortKey },
    ],
  };
}

/** The documents of one partition in the order of their sort keys. */
export function documentsOfPartition({
  partition,
  sortKeyPrefix,
  sortKeyRange,
  attributes,
}: MetadataQuery): SqlQuerySpec {
  const parameters = [{ name: '@partition', value: partition }];
  let where = 'c.PK = @partition';
  if (sortKeyPrefix !== undefined && sortKeyPrefix !== '') {
    where += ' AND STARTSWITH(c.SK, @prefix)';
    parameters.push({ name: '@prefix', value: sortKeyPrefix });
  }
  if (sortKeyRange !== undefined) {
    where += ' AND c.SK >= @from AND c.SK <= @to';
    parameters.push({ name: '@from', value: sortKeyRange.from }, { name: '@to', value: sortKeyRange.to });
  }
  return { query: `SELECT ${selection(attributes)} FROM c WHERE ${where} ORDER BY c.SK`, parameters };
}

/** Any name can be an attribute, and a name cannot be a parameter: as a JSON string it stays one. */
function selection(attributes: readonly string[] | undefined): string {
  if (attributes === undefined) return '*';
  const wanted = attributes.filter((name) => name !== 'PK' && name !== 'SK' && !SYSTEM_ATTRIBUTES.has(name));
  return ['c.PK', 'c.SK', 'c.id', 'c._ts', ...[...new Set(wanted)].map((name) => `c[${JSON.stringify(name)}]`)].join(
    ', ',
  );
}

/** Of documents with the same keys, the one written last; of two in the same second, the one with the greater id. */
export function newerOf(a: CosmosDocument, b: CosmosDocument): CosmosDocument {
  if (a._ts !== b._ts) return a._ts > b._ts ? a : b;
  return a.id >= b.id ? a : b;
}

/** One document for each sort key, from documents in the order of their sort keys. */
export function newestOfEach(sorted: readonly CosmosDocument[]): CosmosDocument[] {
  const newest: CosmosDocument[] = [];
  for (const document of sorted) {
    const last = newest.at(-1);
    if (last !== undefined && last.SK === document.SK) newest[newest.length - 1] = newerOf(last, document);
    else newest.push(document);
  }
  return newest;
}

/** The item as its writer wrote it. */
export function itemOf({ PK, SK, ...document }: CosmosDocument): MetadataItem {
  const own = Object.entries(document).filter(([name]) => !SYSTEM_ATTRIBUTES.has(name));
  return { PK, SK, ...Object.fromEntries(own) };
}
