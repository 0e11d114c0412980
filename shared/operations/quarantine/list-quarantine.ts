import type { BatchPlatform } from '../../batch/batch-platform';
import type { DayRecord } from '../../history/day-record';
import { readDays } from '../../history/read-days';
import { readPublishedDay } from '../../messages/published-day';
import type { QuarantineEntry } from '../../messages/quarantine-file';
import type { QuarantineReason } from '../../messages/quarantine-reason';
import type { ObjectStore } from '../../ports/object-store';
import { quarantineLines } from './quarantine-lines';

/** Business dates, both included. */
export interface DateSpan {
  readonly from: string;
  readonly to: string;
}

/** A day with messages in quarantine, or with corrected copies. */
export interface QuarantinedDay {
  readonly date: string;
  readonly quarantined: number;
  /** Messages by reason code. */
  readonly reasons: Readonly<Record<string, number>>;
  readonly repaired: number;
  readonly staleRepairs: number;
  /** The lines of the day's quarantine files, where they were asked for. */
  readonly messages?: readonly QuarantineEntry[];
  /** Lines beside those. */
  readonly unlisted?: number;
}

export interface ListOptions {
  /** Only days and lines with this reason. */
  readonly reason?: QuarantineReason;
  /** How many lines of a day are given; without it none is read. */
  readonly lines?: number;
}

export interface TenantQuarantine {
  readonly tenant: string;
  readonly days: readonly QuarantinedDay[];
  /** What is wrong with run records that cannot be read. */
  readonly unreadable: readonly string[];
}

/**
 * What a tenant has in quarantine, by its run records: no storage is read but for the lines that were asked for.
 *
 * @throws MetadataError, StorageError
 */
export async function listQuarantine(
  platform: Pick<BatchPlatform, 'metadata' | 'analyticsStore'>,
  tenant: string,
  span: DateSpan,
  { reason, lines }: ListOptions = {},
): Promise<TenantQuarantine> {
  const { days, unreadable } = await readDays(platform.metadata, tenant, span);
  const found: QuarantinedDay[] = [];
  for (const record of days) {
    const day = quarantinedDay(record);
    const asked = reason === undefined ? day.quarantined + day.staleRepairs : (day.reasons[reason] ?? 0);
    if (asked === 0) continue;
    const listed = lines === undefined ? {} : await linesOfDay(platform.analyticsStore(tenant), record, lines, reason);
    found.push({ ...day, ...listed });
  }
  return { tenant, days: found, unreadable };
}

function quarantinedDay({ date, proof, notices }: DayRecord): QuarantinedDay {
  return {
    date,
    quarantined: proof?.quarantined ?? 0,
    reasons: notices?.quarantine ?? {},
    repaired: notices?.repaired ?? 0,
    staleRepairs: notices?.staleRepairs ?? 0,
  };
}

async function linesOfDay(
  analytics: ObjectStore,
  { tenant, date }: DayRecord,
  limit: number,
  reason: QuarantineReason | undefined,
): Promise<Pick<QuarantinedDay, 'messages' | 'unlisted'>> {
  const published = await readPublishedDay(analytics, tenant, date);
  const messages: QuarantineEntry[] = [];
  let unlisted = 0;
  for await (const entry of quarantineLines(analytics, published?.manifest ?? { quarantine: [] })) {
    if (reason !== undefined && entry.reason !== reason) continue;
    if (messages.length < limit) messages.push(entry);
    else unlisted += 1;
  }
  return { messages, ...(unlisted > 0 ? { unlisted } : {}) };
}
