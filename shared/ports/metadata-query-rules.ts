import { MetadataError } from '../errors';
import { compareKeys } from '../messages/key-order';
import { checkMetadataKey } from './metadata-item-rules';
import type { MetadataQuery } from './metadata-store';

/**
 * Refuses a query that no store could answer: without a partition, or with a range one end of which cannot be a sort key.
 *
 * @throws MetadataError `metadata_request_invalid`; TypeError where the query has both a prefix and a range
 */
export function checkMetadataQuery({ partition, sortKeyPrefix, sortKeyRange }: MetadataQuery): void {
  checkMetadataKey('PK', partition);
  if (sortKeyRange === undefined) return;
  if (sortKeyPrefix !== undefined) {
    throw new TypeError('A metadata query has a prefix or a range of sort keys, never both.');
  }
  for (const end of ['from', 'to'] as const) {
    const sortKey = sortKeyRange[end];
    if (typeof sortKey === 'string' && sortKey !== '' && sortKey.isWellFormed()) continue;
    throw new MetadataError(`The ${end} of a range of sort keys cannot be ${JSON.stringify(sortKey)}.`, {
      code: 'metadata_request_invalid',
      kind: 'permanent',
    });
  }
}

/** Whether the query is for a range that ends before it begins: nothing is in it, and DynamoDB refuses to look. */
export function isOfEmptyRange({ sortKeyRange }: MetadataQuery): boolean {
  return sortKeyRange !== undefined && compareKeys(sortKeyRange.from, sortKeyRange.to) > 0;
}

/** Whether the query is for items with this sort key, among others. */
export function isInQuery(sortKey: string, { sortKeyPrefix = '', sortKeyRange }: MetadataQuery): boolean {
  if (sortKeyRange === undefined) return sortKey.startsWith(sortKeyPrefix);
  return compareKeys(sortKeyRange.from, sortKey) <= 0 && compareKeys(sortKey, sortKeyRange.to) <= 0;
}
