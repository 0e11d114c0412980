/** Where the batch's own records stand in the metadata store. */

/** The partition of a tenant's records: days, syncs, leases, erasures. */
export function batchPartition(tenant: string): string {
  return `TENANT#${tenant}#BATCH`;
}

export const DAY_PREFIX = 'DAILY#';
export const SYNC_PREFIX = 'YOUTUBE#';
export const LEASE_PREFIX = 'LEASE#';
export const ERASURE_PREFIX = 'ERASED#';

/** The partition of the records of whole runs. */
export const RUN_PARTITION = 'SYSTEM#BATCH';
export const RUN_PREFIX = 'RUN#';

/** What stands after every character that a date or an instant can go on with, so that a range ends behind all that begin alike. */
export const AFTER_ALL = '~';
