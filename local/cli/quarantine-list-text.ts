import type { DateSpan, QuarantinedDay, TenantQuarantine } from '../../shared/operations/quarantine/list-quarantine';
import { formatCount } from './figures';
import { harmless } from './harmless-text';
import { type TextColumn, textTable } from './text-table';

const COLUMNS: readonly TextColumn[] = [
  { title: 'date' },
  { title: 'quarantined', align: 'right' },
  { title: 'repaired', align: 'right' },
  { title: 'reasons', flexible: true },
];

/** What one tenant has in quarantine. @param width columns of the terminal; without it, of any width */
export function quarantineListLines(listed: TenantQuarantine & DateSpan, width?: number): string[] {
  const { tenant, from, to, days, unreadable } = listed;
  const when = from === to ? `on ${from}` : `from ${from} to ${to}`;
  const unread = unreadable.map((problem) => `A run record cannot be read: ${harmless(problem)}`);
  if (days.length === 0) return [`${tenant} has nothing in quarantine ${when}.`, ...unread];
  const table = textTable(COLUMNS, days.map(rowOf), width);
  const lines = days.flatMap(messageLines);
  return [`quarantine of ${tenant} ${when}`, '', ...table, ...lines, ...(unread.length > 0 ? ['', ...unread] : [])];
}

function rowOf({ date, quarantined, repaired, staleRepairs, reasons }: QuarantinedDay): string[] {
  const byReason = Object.entries(reasons).map(([reason, messages]) => `${reason} ${formatCount(messages)}`);
  const stale = staleRepairs > 0 ? [`corrected copies passed over ${formatCount(staleRepairs)}`] : [];
  return [date, formatCount(quarantined), formatCount(repaired), [...byReason, ...stale].join(', ')];
}

function messageLines({ date, messages, unlisted = 0 }: QuarantinedDay): string[] {
  if (messages === undefined) return [];
  const lines = messages.flatMap(({ key, reason, detail }) => [
    `  ${reason}: ${harmless(detail)}`,
    `    ${harmless(key)}`,
  ]);
  const more = unlisted > 0 ? [`  and ${formatCount(unlisted)} more: --limit shows them`] : [];
  return ['', `${date}:`, ...lines, ...more];
}
