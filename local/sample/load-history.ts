import { addDays, type BusinessDate } from '../../shared/calendar';
import { MetadataError } from '../../shared/errors';
import { batchPartition, DAY_PREFIX } from '../../shared/history/keys';
import { latest } from '../../shared/operations/dashboard/views/dates';
import { orderedMap } from '../../shared/ordered-map';
import type { MetadataItem, MetadataStore } from '../../shared/ports/metadata-store';
import { sampleHistory } from './history';
import type { Sample } from './sample';
import { SAMPLE_TENANTS } from './tenants';

/** Weeks enough to fill the page's grid, and some to go back to. */
const HISTORY_DAYS = 42;
const WRITES_AT_ONCE = 32;

export interface SampleHistoryOptions {
  readonly metadata: MetadataStore;
  /** Each tenant's date of the sample: the history ends before it. */
  readonly dates: Sample['dates'];
  readonly nowMs: number;
}

/**
 * Gives the sample's tenants a past: records of the weeks before the sample's day, without any data behind them. Records that are there
 * stay as they are.
 *
 * @returns the number of records that were written
 * @throws MetadataError
 */
export async function loadSampleHistory({ metadata, dates, nowMs }: SampleHistoryOptions): Promise<number> {
  const to = addDays(latest('', ...Object.values(dates)), -1);
  const items = sampleHistory({
    tenants: SAMPLE_TENANTS,
    from: addDays(to, 1 - HISTORY_DAYS),
    to,
    seed: 'makoto',
    now: nowMs,
  });
  const past = [...items].filter((item) => !isOfSample(item, dates));
  let written = 0;
  for await (const isNew of orderedMap(past, WRITES_AT_ONCE, (item) => putAbsent(metadata, item))) {
    if (isNew) written += 1;
  }
  return written;
}

/** A day that the sample's own run is to make, or has made. */
function isOfSample({ PK, SK }: MetadataItem, dates: Readonly<Record<string, BusinessDate>>): boolean {
  return Object.entries(dates).some(
    ([tenant, date]) => PK === batchPartition(tenant) && SK >= `${DAY_PREFIX}${date}` && SK.startsWith(DAY_PREFIX),
  );
}

async function putAbsent(metadata: MetadataStore, item: MetadataItem): Promise<boolean> {
  try {
    await metadata.put(item, 'absent');
    return true;
  } catch (error) {
    if (error instanceof MetadataError && error.code === 'metadata_precondition_failed') return false;
    throw error;
  }
}
