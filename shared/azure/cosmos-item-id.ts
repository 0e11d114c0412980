import { createHash } from 'node:crypto';

/** Cosmos DB's limit for an id is 1,023 bytes (learn.microsoft.com, "Azure Cosmos DB service quotas"). */
const MAX_ID_LENGTH = 1000;
const PLAIN = /^[A-Za-z0-9_.:@=+-]$/;

/**
 * The id of an item that the batch makes: its sort key, with every byte that is not plain written as `~` and two
 * hexadecimal digits, so that two sort keys never share an id and an id holds none of the characters that Cosmos DB
 * refuses (`/ \ # ?`) or that clients escape differently in addresses (`%`, spaces). One too long is a digest.
 */
export function itemIdOf(sortKey: string): string {
  let id = '';
  for (const byte of Buffer.from(sortKey, 'utf8')) {
    const character = String.fromCharCode(byte);
    id += PLAIN.test(character) ? character : `~${byte.toString(16).padStart(2, '0')}`;
  }
  // `~s` begins no escape, so no other id begins like this.
  return id.length <= MAX_ID_LENGTH ? id : `~sha256.${createHash('sha256').update(sortKey).digest('hex')}`;
}
