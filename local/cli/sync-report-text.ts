import type { ChannelNotice, TenantReport } from '../../shared/batch/report';
import type { PrunedSync } from '../../shared/youtube/prune-sync';
import { formatCount, formatSeconds, plural } from './figures';
import type { TextColumn } from './text-table';

/** The columns of a sync's report. */
export const SYNC_COLUMNS: readonly TextColumn[] = [
  { title: 'tenant' },
  { title: 'date' },
  { title: 'status' },
  { title: 'channels', align: 'right' },
  { title: 'videos', align: 'right' },
  { title: 'streams', align: 'right' },
  { title: 'removed', align: 'right' },
  { title: 'rows written', align: 'right' },
  { title: 'quota units', align: 'right' },
  { title: 'seconds', align: 'right' },
];

const COUNTS = ['channels', 'videos', 'streams', 'removed', 'rowsWritten', 'quotaUnits'] as const;

export function syncRow(report: TenantReport): string[] {
  const { tenant, date = '', status, seconds } = report;
  const counts = COUNTS.map((name) => (report[name] === undefined ? '–' : formatCount(report[name])));
  return [tenant, date, status, ...counts, formatSeconds(seconds)];
}

/** Tenants run side by side, so their seconds do not add up. */
export function syncTotal(tenants: readonly TenantReport[]): string[] {
  const sum = (name: (typeof COUNTS)[number]) => tenants.reduce((total, report) => total + (report[name] ?? 0), 0);
  return ['total', '', '', ...COUNTS.map((name) => formatCount(sum(name))), ''];
}

/** A tenant on lines of their own, for a narrow terminal. */
export function stackedSync(report: TenantReport): string[] {
  const { tenant, date, status, seconds, channels, videos, streams, removed, rowsWritten, quotaUnits } = report;
  const head = [tenant, ...(date === undefined ? [] : [date]), status, `${formatSeconds(seconds)} s`].join('  ');
  if (videos === undefined) return [head];
  return [
    head,
    `  ${plural(channels ?? 0, 'channel')}, ${plural(videos, 'video')}, ${plural(streams ?? 0, 'stream')} among them, ${formatCount(removed ?? 0)} removed`,
    `  ${plural(rowsWritten ?? 0, 'row')} written, ${plural(quotaUnits ?? 0, 'unit')} of quota`,
  ];
}

/** What is to be known of a tenant's channels though they did not fail, a line each. */
export function noticeLines({ tenant, notices = [], pruned }: TenantReport): string[] {
  const lines = notices.flatMap((notice) => noticesOf(notice).map((text) => `${tenant}: ${notice.channel}: ${text}`));
  return pruned === undefined ? lines : [...lines, ...prunedLines(tenant, pruned)];
}

/** Statistics and CSV files of past days go every day, and are nothing to be told of. */
function prunedLines(tenant: string, { videos, channels }: PrunedSync): string[] {
  if (videos + channels === 0) return [];
  return [
    `${tenant}: ${plural(videos, 'video')} and ${plural(channels, 'channel')} deleted that no sync has read again`,
  ];
}

function noticesOf({ atListLimit, rereads, replacedCharacters, resumed }: ChannelNotice): string[] {
  const lines: string[] = [];
  if (resumed) lines.push('the reading went on where an earlier run had stopped');
  if (rereads > 0)
    lines.push(`the list of videos changed while it was read, and was read again ${plural(rereads, 'time')}`);
  if (replacedCharacters > 0)
    lines.push(`${plural(replacedCharacters, 'character')} that no database can hold became U+FFFD`);
  if (atListLimit)
    lines.push(
      'the list of videos is as long as the API ever shows one; older videos that were never read are missing',
    );
  return lines;
}
