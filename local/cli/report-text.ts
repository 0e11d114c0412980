import type { CaughtUpDay, JobReport, LateDayReport, TenantReport } from '../../shared/batch/report';
import type { Job } from '../../shared/batch/request';
import type { Failure } from '../../shared/errors';
import { displayWidth } from './display-width';
import { adviceFor } from './failure-advice';
import { formatBytes, formatCount, formatSeconds, plural } from './figures';
import { noticeLines, SYNC_COLUMNS, stackedSync, syncRow, syncTotal } from './sync-report-text';
import { type TextColumn, textTable } from './text-table';

/** The titles read as the proof: listed = outside + exported + duplicates + quarantined. */
const COLUMNS: readonly TextColumn[] = [
  { title: 'tenant' },
  { title: 'date' },
  { title: 'status' },
  { title: 'listed', align: 'right' },
  { title: '= outside', align: 'right' },
  { title: '+ exported', align: 'right' },
  { title: '+ duplicates', align: 'right' },
  { title: '+ quarantined', align: 'right' },
  { title: 'parts', align: 'right' },
  { title: 'bytes', align: 'right' },
  { title: 'seconds', align: 'right' },
];

/**
 * A job's report for people: a table, or where that is too wide for the terminal two lines a tenant; then what failed and what to
 * do about it, and what else is to be known.
 *
 * @param width columns of the terminal; without it, of any width
 */
export function jobReportLines(job: JobReport, width?: number): string[] {
  const lines = [`${job.job} of ${job.date}: ${job.status}`];
  if (job.tenants.length > 0) lines.push('', ...tenantLines(job, width));
  if (job.unlisted !== undefined) {
    const { completed, failed } = job.unlisted;
    lines.push('', `and ${plural(completed + failed, 'tenant')} more: ${completed} completed, ${failed} failed`);
  }
  if (job.failure !== undefined) lines.push('', ...failureLines('The run', job.failure));
  for (const { tenant, failure } of job.tenants) {
    if (failure !== undefined) lines.push('', ...failureLines(tenant === '' ? 'A tenant' : tenant, failure));
  }
  const notices = job.tenants.flatMap((report) => {
    const caughtUp = (report.caughtUp ?? []).map((day) => caughtUpLine(report.tenant, day));
    const late = (report.lateDays ?? []).map((day) => lateLine(report.tenant, day));
    return [...caughtUp, ...late, ...noticeLines(report)];
  });
  return notices.length === 0 ? lines : [...lines, '', ...notices];
}

function tenantLines({ job, tenants }: JobReport, width = Number.POSITIVE_INFINITY): string[] {
  const { columns, row, total, stacked } = SHAPES[job];
  const table = textTable(columns, [...tenants.map(row), ...(tenants.length > 1 ? [total(tenants)] : [])]);
  if (table.every((line) => displayWidth(line) <= width)) return table;
  return tenants.flatMap(stacked);
}

interface ReportShape {
  readonly columns: readonly TextColumn[];
  row(report: TenantReport): string[];
  total(tenants: readonly TenantReport[]): string[];
  stacked(report: TenantReport): string[];
}

const SHAPES: Readonly<Record<Job, ReportShape>> = {
  export: { columns: COLUMNS, row: rowOf, total: totalRow, stacked: stackedLines },
  youtube: { columns: SYNC_COLUMNS, row: syncRow, total: syncTotal, stacked: stackedSync },
};

function rowOf(report: TenantReport): string[] {
  const { tenant, date = '', status, seconds } = report;
  return [tenant, date, status, ...figuresOf(report), formatSeconds(seconds)];
}

const COUNTS = ['listed', 'outside', 'exported', 'duplicates', 'quarantined', 'parts'] as const;

function figuresOf(report: TenantReport): string[] {
  const counts = COUNTS.map((name) => optional(report[name], formatCount));
  return [...counts, optional(report.bytes, formatBytes)];
}

function optional(value: number | undefined, format: (value: number) => string): string {
  return value === undefined ? '–' : format(value);
}

/** Tenants run side by side, so their seconds do not add up. */
function totalRow(tenants: readonly TenantReport[]): string[] {
  const sum = (name: (typeof COUNTS)[number] | 'bytes') =>
    tenants.reduce((total, report) => total + (report[name] ?? 0), 0);
  return ['total', '', '', ...COUNTS.map((name) => formatCount(sum(name))), formatBytes(sum('bytes')), ''];
}

function stackedLines(report: TenantReport): string[] {
  const { tenant, date, status, seconds } = report;
  const [listed, outside, exported, duplicates, quarantined, parts, bytes] = figuresOf(report);
  const head = [tenant, ...(date === undefined ? [] : [date]), status];
  if (report.listed === undefined) return [[...head, `${formatSeconds(seconds)} s`].join('  ')];
  return [
    [...head, `${parts} parts`, bytes, `${formatSeconds(seconds)} s`].join('  '),
    `  listed ${listed} = outside ${outside} + exported ${exported}`,
    `    + duplicates ${duplicates} + quarantined ${quarantined}`,
  ];
}

/** @param added undefined where listing it again has found nothing else than what is published */
function publishedAgain(added: number | undefined): string {
  return added === undefined ? 'what is published is right' : `the day was published again, with ${more(added)}`;
}

function more(messages: number): string {
  return messages < 0 ? `${plural(-messages, 'message')} fewer` : `${plural(messages, 'late message')}`;
}

export function failureLines(who: string, failure: Failure): string[] {
  const stage = failure.stage === undefined ? '' : ` in ${failure.stage}`;
  return [
    `${who} failed${stage}: ${failure.code} (${failure.kind})`,
    ...failure.message.split('\n').map((line) => `  ${line}`),
    `  What to do: ${adviceFor(failure)}`,
  ];
}

function caughtUpLine(tenant: string, { date, status, exported = 0, failure }: CaughtUpDay): string {
  const missed = `${tenant}: ${date} was not published`;
  return status === 'completed'
    ? `${missed}; it was made up for, with ${plural(exported, 'message')}`
    : `${missed}; making up for it failed: ${failure?.code ?? 'unknown'}`;
}

function lateLine(tenant: string, { date, status, rooms, late, added, failure }: LateDayReport): string {
  const found =
    rooms > 0
      ? `${tenant}: the audit found ${plural(rooms, 'room')} with messages of ${date} that metadata did not point to`
      : `${tenant}: the messages of ${date} have changed since it was published`;
  switch (status) {
    case 'completed':
      return `${found}; ${publishedAgain(added ?? (rooms > 0 ? late : undefined))}`;
    case 'not_published':
      return `${found}; the day was never published: run it with --date ${date}`;
    case 'failed':
      return `${found}; publishing it again failed: ${failure?.code ?? 'unknown'}`;
  }
}
