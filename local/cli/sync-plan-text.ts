import type { TenantPreview } from '../../shared/batch/preview-run';
import { formatCount, plural } from './figures';
import { type TextColumn, textTable } from './text-table';

const COLUMNS: readonly TextColumn[] = [
  { title: 'tenant', flexible: true },
  { title: 'channel' },
  { title: 'videos known', align: 'right' },
  { title: 'quota units', align: 'right' },
];

/** What syncs would read and spend, as a table of channels and a line about the quota. */
export function syncPlanLines(tenants: readonly TenantPreview[], width?: number): string[] {
  const rows = tenants.flatMap(({ tenant, sync }) =>
    (sync?.channels ?? []).map(({ name, videos, units, known }) => [
      tenant,
      name,
      known ? formatCount(videos ?? 0) : 'never synced',
      `${known ? '' : 'at least '}${formatCount(units)}`,
    ]),
  );
  return [...textTable(COLUMNS, rows, width), ...quotaLines(tenants)];
}

/** The key's quota is all tenants' together. */
function quotaLines(tenants: readonly TenantPreview[]): string[] {
  const syncs = tenants.flatMap(({ sync }) => (sync === undefined ? [] : [sync]));
  const quota = syncs[0]?.quota;
  if (quota === undefined) return [];
  const units = syncs.reduce((sum, sync) => sum + sync.units, 0);
  const { left } = quota;
  const enough =
    units <= left ? 'that is enough' : 'that is not enough: the sync stops there, and goes on after the reset';
  return [
    '',
    `${plural(units, 'unit')} of quota; ${formatCount(left)} of ${formatCount(quota.limit)} are left until ${quota.resetsAt}: ${enough}.`,
  ];
}
