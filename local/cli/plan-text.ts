import type { TenantPreview } from '../../shared/batch/preview-run';
import type { Job } from '../../shared/batch/request';
import { formatBytes, formatCount, plural } from './figures';
import { failureLines } from './report-text';
import { syncPlanLines } from './sync-plan-text';
import { type TextColumn, textTable } from './text-table';

/** What a job would do on one day: the JSON of `makoto-batch plan`. */
export interface JobPlan {
  readonly job: Job;
  readonly date: string;
  readonly tenants: readonly TenantPreview[];
}

const COLUMNS: readonly TextColumn[] = [
  { title: 'tenant', flexible: true },
  { title: 'date' },
  { title: 'rooms', align: 'right' },
  { title: 'shards', align: 'right' },
  { title: 'to read', align: 'right' },
  { title: 'bytes', align: 'right' },
  { title: 'outside', align: 'right' },
  { title: 'requests', align: 'right' },
  { title: 'parts up to', align: 'right' },
  { title: 'published' },
];

export function jobPlanLines({ job, date, tenants }: JobPlan, width?: number): string[] {
  const table = job === 'export' ? textTable(COLUMNS, tenants.map(rowOf), width) : syncPlanLines(tenants, width);
  const lines = [`${job} of ${date} would read and write:`, '', ...table];
  for (const { tenant, failure } of tenants) {
    if (failure !== undefined) lines.push('', ...failureLines(tenant === '' ? 'A tenant' : tenant, failure));
  }
  for (const { tenant, rooms, earlierDates = [] } of tenants) {
    if (rooms !== undefined && rooms.fromAudit > 0) {
      lines.push(
        '',
        `${tenant}: the audit found ${plural(rooms.fromAudit, 'room')} of the day that metadata did not point to`,
      );
    }
    if (earlierDates.length > 0) lines.push('', `${tenant}: the audit sees messages of ${earlierDates.join(', ')} too`);
  }
  return [...lines, '', 'Nothing was written.'];
}

function rowOf({
  tenant,
  date,
  rooms,
  shards,
  toRead,
  bytesToRead,
  outside,
  requests,
  published,
  failure,
}: TenantPreview): string[] {
  if (failure !== undefined) return [tenant, date ?? '', ...Array.from({ length: 7 }, () => '–'), 'failed'];
  const count = (value: number | undefined) => formatCount(value ?? 0);
  return [
    tenant,
    date ?? '',
    count(rooms?.planned),
    count(shards),
    count(toRead),
    formatBytes(bytesToRead ?? 0),
    count(outside),
    count(requests),
    count(mostParts(shards ?? 0)),
    published === true ? 'yes' : 'no',
  ];
}

/** Messages, rooms and users of each shard, and one summary. A shard whose messages are all kept out writes none. */
function mostParts(shards: number): number {
  return shards * 3 + 1;
}
