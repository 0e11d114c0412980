import { MetadataError } from '../errors';
import type { MetadataItem } from './metadata-store';

/**
 * What Cosmos DB adds to an item. Items of the batch carry none of these names: a store could not tell its own from
 * theirs, so it never returns them and refuses to write them.
 */
export const SYSTEM_ATTRIBUTES: ReadonlySet<string> = new Set(['id', '_rid', '_self', '_etag', '_attachments', '_ts']);

const LONE_SURROGATE = /\p{Surrogate}/u;

/** Refuses a key that cannot be one: empty, or with half a surrogate pair, which UTF-8 cannot hold. */
export function checkMetadataKey(name: 'PK' | 'SK', value: string): void {
  if (typeof value !== 'string' || value === '') throw invalid(`An item's ${name} must be a string that is not empty.`);
  if (LONE_SURROGATE.test(value)) throw invalid(`The ${name} ${JSON.stringify(value)} has half a surrogate pair.`);
}

/**
 * The item as JSON gives it back, which is what every store keeps.
 *
 * @throws MetadataError `metadata_request_invalid` where the item has no keys, has an attribute with a name of the
 * service's, or is no JSON
 */
export function storableItem(item: MetadataItem): MetadataItem {
  checkMetadataKey('PK', item.PK);
  checkMetadataKey('SK', item.SK);
  const reserved = Object.keys(item).filter((name) => SYSTEM_ATTRIBUTES.has(name));
  if (reserved.length > 0) {
    throw invalid(`The item ${nameOf(item)} has attributes that belong to the service: ${reserved.join(', ')}.`);
  }
  try {
    return JSON.parse(JSON.stringify(item));
  } catch (error) {
    throw invalid(`The item ${nameOf(item)} cannot be written as JSON: ${String(error)}`, error);
  }
}

function nameOf({ PK, SK }: MetadataItem): string {
  return `${JSON.stringify(PK)} / ${JSON.stringify(SK)}`;
}

function invalid(message: string, cause?: unknown): MetadataError {
  return new MetadataError(message, { code: 'metadata_request_invalid', kind: 'permanent', cause });
}
