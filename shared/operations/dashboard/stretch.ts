import { addDays, type BusinessDate } from '../../calendar';
import type { Tenant } from '../../tenants';
import { pacificDay } from '../../youtube/quota-day';
import type { DashboardSource, DateSpan } from './source';
import { latest } from './views/dates';
import { type DueDaysSource, newestDate } from './views/due-days';

/** Days before the first that is shown: a tenant's earlier records tell whether a day without one is missing. */
export const DAYS_BEFORE = 7;

export function dueDays({ settings, clock }: DashboardSource): DueDaysSource {
  return { settings, nowMs: clock.now() };
}

/** The newest date of any tenant. */
export function newestOf(source: DashboardSource, tenants: readonly Tenant[]): BusinessDate {
  const zones = new Set([source.settings.businessTimeZone, ...tenants.map(({ timeZone }) => timeZone)]);
  return [...zones].map((zone) => newestDate(dueDays(source), zone)).reduce((a, b) => latest(a, b));
}

export function spanTo(to: BusinessDate | undefined, newest: BusinessDate, days: number): DateSpan {
  const last = to === undefined || to > newest ? newest : to;
  return { from: addDays(last, 1 - days), to: last };
}

/** The later one of today by Google's count and by ours: syncs are named by the business date. */
export function pacificToday({ clock, settings }: DashboardSource): BusinessDate {
  const now = clock.now();
  const business = newestDate(
    { settings: { ...settings, targetDateOffset: 0 }, nowMs: now },
    settings.businessTimeZone,
  );
  return latest(business, pacificDay(now));
}
