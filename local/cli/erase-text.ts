import type { ErasureReport } from '../../shared/operations/erase/erase-user';
import { formatBytes, formatCount, plural } from './figures';
import { type TextColumn, textTable } from './text-table';

const COLUMNS: readonly TextColumn[] = [
  { title: 'date' },
  { title: 'parts', align: 'right' },
  { title: 'bytes', align: 'right' },
  { title: 'rows', align: 'right' },
  { title: 'quarantined', align: 'right' },
  { title: 'other objects', align: 'right' },
];

/** What an erasure has done, or would do. */
export function erasureLines(report: ErasureReport, user: string, width?: number): string[] {
  const { tenant, dryRun, days, daysLooked, otherObjects, records, left } = report;
  const looked = `${plural(daysLooked, 'day')} of ${tenant} ${daysLooked === 1 ? 'was' : 'were'} looked into`;
  const lines = [dryRun ? `${user} would be erased; ${looked}.` : `${user} is erased; ${looked}.`, ''];
  if (daysLooked === 0) lines.push(`There is no day of ${tenant} at all: is this the tenant's id?`);
  else if (days.length === 0) lines.push('Nothing of this user is in the analytics of any day.');
  else lines.push(`${dryRun ? 'To be published' : 'Published'} without this user:`, '', ...dayTable(report, width));
  if (otherObjects > 0) lines.push('', `Made anew, or taken away: ${plural(otherObjects, 'object')} of whole months.`);
  if (records > 0)
    lines.push('', `Failures that named this user, in records of days and runs: ${formatCount(records)}.`);
  if (left.prefix !== undefined) {
    lines.push('', `The messages themselves are still there, and not this batch's to delete: ${left.prefix}`);
  }
  if (left.items.length > 0) {
    lines.push(
      '',
      "So are items of the metadata store that are the chat product's:",
      ...left.items.map((item) => `  ${item}`),
    );
  }
  return dryRun ? [...lines, '', 'Nothing was written.'] : lines;
}

function dayTable({ days }: ErasureReport, width?: number): string[] {
  const rows = days.map(({ date, parts, bytes, rows: erased, quarantined, others }) => [
    date,
    formatCount(parts),
    formatBytes(bytes),
    formatCount(erased),
    formatCount(quarantined),
    formatCount(others),
  ]);
  return textTable(COLUMNS, rows, width);
}
