import { createHash } from 'node:crypto';
import { batchPartition, ERASURE_PREFIX } from '../history/keys';
import type { MetadataStore } from '../ports/metadata-store';
import { allItems } from './pages';

/** The sort key of a user's record: a digest of tenant and user, which tells nobody who it was but whoever asks for a user by name. */
export function erasureSortKey(tenant: string, user: string): string {
  return `${ERASURE_PREFIX}${createHash('sha256').update(`${tenant}/${user}`).digest('hex')}`;
}

/** The users of a tenant that were erased, or are being erased. */
export interface ErasedUsers {
  readonly size: number;
  has(user: string): boolean;
}

/**
 * Who must not come back into a tenant's days, whatever the source still holds. One query, and no digest is taken where nobody was erased.
 *
 * @throws MetadataError
 */
export async function erasedUsers(metadata: MetadataStore, tenant: string): Promise<ErasedUsers> {
  const query = { partition: batchPartition(tenant), sortKeyPrefix: ERASURE_PREFIX, attributes: [] };
  const erased = new Set<string>();
  for await (const { SK } of allItems(metadata, query)) erased.add(SK);
  const known = new Map<string, boolean>();
  return {
    size: erased.size,
    has: (user) => {
      if (erased.size === 0) return false;
      const answer = known.get(user) ?? erased.has(erasureSortKey(tenant, user));
      known.set(user, answer);
      return answer;
    },
  };
}
