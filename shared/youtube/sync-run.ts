import { Temporal } from 'temporal-polyfill';
import type { BusinessDate } from '../calendar';

export interface SyncRun {
  /** The business date on which the run began, in the tenant's zone. */
  readonly date: BusinessDate;
  /** `yyyy-mm-ddThh-mm-ss.sss` by the tenant's clock: names the run in keys and records, and sorts by time. */
  readonly run: string;
}

/** How a tenant's sync is named that began at `startedAt` (ISO 8601). */
export function syncRun(startedAt: string, timeZone: string): SyncRun {
  const begun = Temporal.Instant.from(startedAt).toZonedDateTimeISO(timeZone);
  const date = begun.toPlainDate().toString();
  const time = begun.toPlainTime().toString({ fractionalSecondDigits: 3, roundingMode: 'trunc' });
  return { date, run: `${date}T${time.replaceAll(':', '-')}` };
}
