import { businessDay, epochDay } from '../../shared/calendar';
import { Random } from './random';

/** A tenant with a past. */
export interface HistoryTenant {
  readonly id: string;
  /** The IANA zone whose midnight bounds its days. */
  readonly timeZone: string;
  /** Messages of an ordinary day; without it, from some dozen to some ten thousand. */
  readonly messages?: number;
  /** Handles or ids of its YouTube channels; without any, it has no syncs. */
  readonly channels?: readonly string[];
  /** Its first business date; without it, as early as the history begins. */
  readonly since?: string;
}

/** The hours (UTC) at which the jobs begin: those of the settings, if nobody changed them. */
export const EXPORT_HOUR = 17;
export const SYNC_HOUR = 15;

export const MS_PER_DAY = 86_400_000;

/** What is to be made, with days as days since 1970-01-01. */
export interface HistoryPlan {
  readonly seed: string;
  readonly tenants: readonly PlannedTenant[];
  readonly from: number;
  readonly to: number;
  /** The latest night whose run is over by now. */
  readonly lastNight: number;
  /** Nights without a run. */
  readonly outages: ReadonlySet<number>;
}

export interface PlannedTenant extends HistoryTenant {
  /** Its place in the list. */
  readonly place: number;
  readonly sinceDay: number;
  /** From a business date to the UTC date of the night that exports it: 0 where the day is over before the run begins, else 1. */
  readonly lag: number;
  readonly ordinary: number;
}

export function planned(tenant: HistoryTenant, place: number, seed: string, from: number): PlannedTenant {
  const sinceDay = Math.max(from, tenant.since === undefined ? from : epochDay(tenant.since));
  const date = dateOf(sinceDay);
  const beginsMs = Date.parse(date) + EXPORT_HOUR * 3_600_000;
  const lag = businessDay(date, tenant.timeZone).end <= beginsMs ? 0 : 1;
  return {
    ...tenant,
    place,
    sinceDay,
    lag,
    ordinary: tenant.messages ?? size(new Random(`${seed}/size/${tenant.id}`)),
  };
}

/** Most tenants are small, few are large. */
function size(random: Random): number {
  return Math.round(40 * 500 ** (random.integer(0, 1000) / 1000));
}

/** The date of a day since 1970-01-01. */
export function dateOf(day: number): string {
  return new Date(day * MS_PER_DAY).toISOString().slice(0, 10);
}

export function instantOf(day: number, hour: number, seconds = 0): string {
  return new Date(day * MS_PER_DAY + hour * 3_600_000 + Math.round(seconds * 1000)).toISOString();
}
