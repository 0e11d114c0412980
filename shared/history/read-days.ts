import type { BusinessDate } from '../calendar';
import { allItems } from '../messages/pages';
import type { MetadataStore } from '../ports/metadata-store';
import type { DayRecord } from './day-record';
import { dayRecordOf } from './day-shape';
import { batchPartition, DAY_PREFIX } from './keys';
import type { Unreadable } from './unreadable';

export interface DayHistory extends Unreadable {
  /** Ascending by date; a date without a record is not among them. */
  readonly days: readonly DayRecord[];
}

export interface DayRange {
  readonly from: BusinessDate;
  readonly to: BusinessDate;
  /** Only these attributes of the records, of which those that every record has must be some; without it, all. */
  readonly attributes?: readonly (keyof DayRecord)[];
}

/**
 * A tenant's records of the days from `from` to `to`, both included: one query, whatever they are.
 *
 * @throws MetadataError
 */
export async function readDays(
  metadata: MetadataStore,
  tenant: string,
  { from, to, attributes }: DayRange,
): Promise<DayHistory> {
  const sortKeyRange = { from: `${DAY_PREFIX}${from}`, to: `${DAY_PREFIX}${to}` };
  const query = { partition: batchPartition(tenant), sortKeyRange, ...(attributes && { attributes }) };
  const days: DayRecord[] = [];
  const unreadable: string[] = [];
  for await (const item of allItems(metadata, query)) {
    const day = dayRecordOf(tenant, item);
    if (typeof day === 'string') unreadable.push(day);
    else days.push(day);
  }
  return { days, unreadable };
}

/**
 * The date of a tenant's earliest record, whatever became of that day; undefined where there is none. One request, as long as the store
 * gives no empty page.
 *
 * @throws MetadataError
 */
export async function firstDay(metadata: MetadataStore, tenant: string): Promise<BusinessDate | undefined> {
  const query = { partition: batchPartition(tenant), sortKeyPrefix: DAY_PREFIX, attributes: [] };
  for await (const { SK } of allItems(metadata, query)) {
    const date = SK.slice(DAY_PREFIX.length);
    if (/^\d{4}-\d{2}-\d{2}$/.test(date)) return date;
  }
  return undefined;
}
