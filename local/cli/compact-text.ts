import type { TenantMonth } from '../../shared/operations/compact/compact-tenants';
import { formatBytes, formatCount, plural } from './figures';
import { failureLines } from './report-text';

/** What became of a tenant's month, for people. */
export function tenantMonthLines(result: TenantMonth): string[] {
  const { tenant, month } = result;
  if (result.status === 'failed') return failureLines(`${month} of ${tenant}`, result.failure);
  const { changed, days, missing, rows, sources, parts, bytes } = result;
  const made = changed ? 'compacted' : 'is as its days are';
  const files = `${plural(sources, 'part')} of days in ${plural(parts, 'file')}, ${formatBytes(bytes)}`;
  const without =
    missing.length === 0
      ? []
      : [`  without ${missing.join(', ')}, which ${missing.length === 1 ? 'is' : 'are'} not published`];
  return [`${month} of ${tenant}: ${made}; ${plural(days, 'day')}, ${formatCount(rows)} rows, ${files}`, ...without];
}
