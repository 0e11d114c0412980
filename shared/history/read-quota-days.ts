import type { BusinessDate } from '../calendar';
import { MetadataError } from '../errors';
import { allItems } from '../messages/pages';
import type { MetadataItem, MetadataStore } from '../ports/metadata-store';
import { QUOTA_PARTITION, QUOTA_PREFIX, quotaDayOf } from '../youtube/quota-day-store';
import { type Unreadable, unreadableRecord } from './unreadable';

/** What one key had and used of its quota on one day. */
export interface QuotaDayRecord {
  /** A digest of the key. */
  readonly key: string;
  /** The date in the Pacific zone, by which Google counts. */
  readonly date: BusinessDate;
  readonly limit: number;
  /** Units that were spent for certain. */
  readonly spent: number;
  /** Units that are, or were left, set aside for readings, beyond what these have told of: some of them may be spent too. */
  readonly held: number;
  /** When the API itself said that there was no more, as ISO 8601 in UTC. */
  readonly exhaustedAt?: string;
}

export interface QuotaHistory extends Unreadable {
  /** Ascending by date, then by key. */
  readonly days: readonly QuotaDayRecord[];
}

/**
 * The quota of every key on the Pacific dates from `from` to `to`, both included. Items are sorted by key first, so that all of them are
 * read: one a key and day.
 *
 * @throws MetadataError
 */
export async function readQuotaDays(
  metadata: MetadataStore,
  { from, to }: { readonly from: BusinessDate; readonly to: BusinessDate },
): Promise<QuotaHistory> {
  const days: QuotaDayRecord[] = [];
  const unreadable: string[] = [];
  for await (const item of allItems(metadata, { partition: QUOTA_PARTITION, sortKeyPrefix: QUOTA_PREFIX })) {
    const keys = /^([^#]+)#(\d{4}-\d{2}-\d{2})$/.exec(item.SK.slice(QUOTA_PREFIX.length));
    const [, key = '', date = ''] = keys ?? [];
    if (keys !== null && (date < from || date > to)) continue;
    const day = keys === null ? unreadableRecord(item, 'its sort key has no key and date') : dayOf(item, metadata.name);
    if (typeof day === 'string') unreadable.push(day);
    else days.push({ key, date, ...day });
  }
  return { days: days.sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0)), unreadable };
}

function dayOf(item: MetadataItem, store: string): Omit<QuotaDayRecord, 'key' | 'date'> | string {
  try {
    const { limit, spent, reservations, exhaustedAt } = quotaDayOf(item, store);
    const holders = Object.values(reservations);
    const told = holders.reduce((sum, holder) => sum + holder.spent, 0);
    const granted = holders.reduce((sum, holder) => sum + holder.granted, 0);
    return { limit, spent: spent + told, held: granted - told, ...(exhaustedAt && { exhaustedAt }) };
  } catch (error) {
    if (error instanceof MetadataError && error.code === 'metadata_item_invalid') return error.message;
    throw error;
  }
}
