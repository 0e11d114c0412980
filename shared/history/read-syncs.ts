import type { BusinessDate } from '../calendar';
import { MetadataError } from '../errors';
import { allItems } from '../messages/pages';
import type { MetadataStore } from '../ports/metadata-store';
import { readSyncRecord, type SyncRecord } from '../youtube/read-sync-record';
import { AFTER_ALL, batchPartition, SYNC_PREFIX } from './keys';
import type { Unreadable } from './unreadable';

export interface SyncHistory extends Unreadable {
  /** Oldest first. */
  readonly syncs: readonly SyncRecord[];
}

/**
 * A tenant's syncs that began on the business dates from `from` to `to`, both included.
 *
 * @throws MetadataError
 */
export async function readSyncs(
  metadata: MetadataStore,
  tenant: string,
  { from, to }: { readonly from: BusinessDate; readonly to: BusinessDate },
): Promise<SyncHistory> {
  const sortKeyRange = { from: `${SYNC_PREFIX}${from}`, to: `${SYNC_PREFIX}${to}${AFTER_ALL}` };
  const syncs: SyncRecord[] = [];
  const unreadable: string[] = [];
  for await (const item of allItems(metadata, { partition: batchPartition(tenant), sortKeyRange })) {
    try {
      syncs.push(readSyncRecord(item, metadata.name));
    } catch (error) {
      if (!isInvalidItem(error)) throw error;
      unreadable.push(error.message);
    }
  }
  return { syncs, unreadable };
}

function isInvalidItem(error: unknown): error is MetadataError {
  return error instanceof MetadataError && error.code === 'metadata_item_invalid';
}
