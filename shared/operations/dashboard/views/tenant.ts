import type { BusinessDate } from '../../../calendar';
import { datesBetween } from './dates';
import { dayState, type TenantHistory } from './day-state';
import { type CostOf, type DaySummary, daySummary } from './day-summary';

/** The days of one tenant, the oldest first. */
export interface TenantView {
  readonly view: 'tenant';
  readonly tenant: string;
  readonly timeZone: string;
  readonly from: BusinessDate;
  readonly to: BusinessDate;
  readonly newest: BusinessDate;
  readonly days: readonly DaySummary[];
}

export interface TenantParts {
  readonly tenant: string;
  readonly timeZone: string;
  readonly from: BusinessDate;
  readonly to: BusinessDate;
  readonly newest: BusinessDate;
  readonly lastDue: BusinessDate;
  readonly history: TenantHistory;
  readonly costOf: CostOf;
}

export function tenantView({ lastDue, history, costOf, ...rest }: TenantParts): TenantView {
  const days = datesBetween(rest.from, rest.to).map((date) =>
    daySummary(date, dayState(date, history, lastDue), history.days.get(date), costOf),
  );
  return { view: 'tenant', ...rest, days };
}
