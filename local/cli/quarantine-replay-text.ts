import type { DateSpan } from '../../shared/operations/quarantine/list-quarantine';
import type { JudgedDay, JudgedDays } from '../../shared/operations/quarantine/replay-days';
import type { ReplayedMessage } from '../../shared/operations/quarantine/replay-message';
import type { DayAccount, DayRunAgain } from '../../shared/operations/quarantine/run-again';
import { formatCount } from './figures';
import { harmless } from './harmless-text';
import { jobReportLines } from './report-text';
import { type TextColumn, textTable } from './text-table';

const COUNTS = ['listed', 'outside', 'exported', 'duplicates', 'quarantined', 'repaired'] as const;

/** The titles read as the proof: listed = outside + exported + duplicates + quarantined. */
const ACCOUNT_COLUMNS: readonly TextColumn[] = [
  { title: '' },
  ...['listed', '= outside', '+ exported', '+ duplicates', '+ quarantined', 'repaired'].map(
    (title) => ({ title, align: 'right' }) as const,
  ),
];

const JUDGED_COLUMNS: readonly TextColumn[] = [
  { title: 'date' },
  { title: 'quarantined', align: 'right' },
  { title: 'valid by now', align: 'right' },
  { title: 'gone', align: 'right' },
  { title: 'what happens' },
];

/** What judging a tenant's quarantine once more came to. */
export function judgedDaysLines(
  tenant: string,
  { from, to }: DateSpan,
  { days, unreadable }: JudgedDays,
  width?: number,
): string[] {
  const when = from === to ? `on ${from}` : `from ${from} to ${to}`;
  const unread = unreadable.map((problem) => `A run record cannot be read: ${harmless(problem)}`);
  if (days.length === 0) return [`${tenant} has nothing in quarantine ${when}.`, ...unread];
  const table = textTable(JUDGED_COLUMNS, days.map(judgedRow), width);
  return [`quarantine of ${tenant} ${when}, by today's contract`, '', ...table, ...unread];
}

function judgedRow(day: JudgedDay): string[] {
  const { date, quarantined, valid, gone, moved, cutOff } = day;
  const also = moved.length === 0 ? '' : `, with ${moved.join(', ')}`;
  const happens = valid + moved.length > 0 || cutOff ? `run again${also}` : 'left as it is';
  return [date, formatCount(quarantined), formatCount(valid), formatCount(gone), happens];
}

/** The account of a day before and after it was run again, or why the run failed. */
export function dayRunAgainLines(
  tenant: string,
  { date, before, after, report }: DayRunAgain,
  width?: number,
): string[] {
  const rows = [
    ['before', ...countsOf(before)],
    ['after', ...countsOf(after)],
    ['change', ...changeOf(before, after)],
  ];
  const account = [`${date} of ${tenant}`, '', ...textTable(ACCOUNT_COLUMNS, rows, width)];
  return report.status === 'completed' ? account : [...account, '', ...jobReportLines(report, width)];
}

/** The same for one message, and whether it is in quarantine still. */
export function replayedMessageLines(tenant: string, key: string, replayed: ReplayedMessage, width?: number): string[] {
  const words = replayed.inQuarantine ? 'is in the quarantine of' : 'is no longer in the quarantine of';
  return [...dayRunAgainLines(tenant, replayed, width), '', `${harmless(key)} ${words} ${replayed.date}.`];
}

function countsOf(account: DayAccount | undefined): string[] {
  return COUNTS.map((name) => (account === undefined ? '–' : formatCount(account[name])));
}

function changeOf(before: DayAccount | undefined, after: DayAccount | undefined): string[] {
  return COUNTS.map((name) => {
    const change = (after?.[name] ?? 0) - (before?.[name] ?? 0);
    return change === 0 ? '0' : `${change > 0 ? '+' : '−'}${formatCount(Math.abs(change))}`;
  });
}
