import type { BackfillReport, DayOutcome } from '../../shared/operations/backfill/backfill-report';
import type { BackfillRequest, Stretch } from '../../shared/operations/backfill/backfill-request';
import type { BackfillPreview } from '../../shared/operations/backfill/preview-backfill';
import { formatCount, formatDuration, formatUsd, plural } from './figures';
import { failureLines } from './report-text';

const FAILURES_SHOWN = 10;
const STRETCHES_SHOWN = 12;

/** What a backfill would do and come to. */
export function previewLines({
  from,
  to,
  days,
  tenants,
  tenantDays,
  concurrency,
  refused,
  estimate,
}: BackfillPreview): string[] {
  const { toDo, published, notBegun } = tenantDays;
  const left = [
    ...(published > 0 ? [`${formatCount(published)} published already`] : []),
    ...(notBegun > 0 ? [`${formatCount(notBegun)} not begun yet`] : []),
  ];
  const lines = [
    `backfill of ${from} to ${to}, ${plural(tenants, 'tenant')}: ${plural(toDo, 'tenant-day')} to do on ${plural(days, 'day')}`,
    ...(left.length > 0 ? [`  besides, ${left.join(', ')}`] : []),
    ...refused.flatMap((failure) => ['', ...failureLines(failure.tenant ?? 'A tenant', failure)]),
  ];
  if (toDo === 0) return lines;
  const { messages, requests, seconds, usd, parts } = estimate;
  const money = Object.entries(parts).flatMap(([part, amount]) => (amount > 0 ? [`${part} ${formatUsd(amount)}`] : []));
  return [
    ...lines,
    `  ${concurrency === 1 ? 'one day after the other' : `${concurrency} days at a time`}, the oldest first`,
    `  about ${plural(messages, 'message')}, ${plural(requests, 'request')}, ${formatDuration(seconds)}`,
    `  ${usd < 0.01 ? '' : 'about '}${formatUsd(usd)} at the example prices of the documents${money.length > 0 ? ` (${money.join(', ')})` : ''}`,
    `  estimated from ${sourceOf(estimate.from)}`,
  ];
}

function sourceOf({ records, look, others }: BackfillPreview['estimate']['from']): string {
  const sources = [
    ...(records > 0 ? [`the records of ${plural(records, 'tenant')}`] : []),
    ...(look > 0 ? [`a look at one day of ${plural(look, 'tenant')}`] : []),
    ...(others > 0 ? [`the mean of these for ${plural(others, 'tenant')}`] : []),
  ];
  return sources.length === 0 ? 'nothing: no day is known' : sources.join(', ');
}

/** @param next the command that goes on, where something is left */
export function backfillLines(
  { from, to, status, failure, days, messages, notDone, failures }: BackfillReport,
  next?: string,
): string[] {
  const { completed, failed, left } = days;
  const counts = [
    `${plural(completed, 'day')} done`,
    ...(failed > 0 ? [`${formatCount(failed)} failed`] : []),
    ...(left > 0 ? [`${formatCount(left)} not begun`] : []),
  ];
  const lines = [
    `backfill of ${from} to ${to}: ${status}`,
    `  ${counts.join(', ')}; ${plural(messages, 'message')} exported`,
  ];
  if (failure !== undefined) lines.push('', ...failureLines('The backfill', failure));
  for (const each of failures.slice(0, FAILURES_SHOWN)) {
    const who = [...('date' in each ? [each.date] : []), each.tenant ?? ''].join(' ').trim();
    lines.push('', ...failureLines(who === '' ? 'A tenant' : who, each));
  }
  if (failures.length > FAILURES_SHOWN)
    lines.push('', `and ${formatCount(failures.length - FAILURES_SHOWN)} failures more`);
  if (notDone.length > 0) lines.push('', `Not done: ${stretchesText(notDone)}`);
  if (next !== undefined) lines.push('', 'This goes on with what is not done:', `  ${next}`);
  return lines;
}

function stretchesText(stretches: readonly Stretch[]): string {
  const shown = stretches
    .slice(0, STRETCHES_SHOWN)
    .map(([first, last]) => (first === last ? first : `${first} to ${last}`));
  const more = stretches.length - shown.length;
  return [...shown, ...(more > 0 ? [`${formatCount(more)} stretches more`] : [])].join(', ');
}

export function dayLine({ date, status, messages, failures }: DayOutcome): string {
  const [failure] = failures;
  const why = failure === undefined ? '' : ` (${failure.code})`;
  return status === 'failed' ? `${date} failed${why}` : `${date} ${status}, ${plural(messages, 'message')}`;
}

/** What goes on with a backfill: only the days that are not done, where all of these are known. */
export function nextCommand(
  { from, to, tenants = [], concurrency, force }: BackfillRequest,
  { days, notDone }: Pick<BackfillReport, 'days' | 'notDone'>,
  options: { readonly envFiles: readonly string[]; readonly url?: string },
): string {
  const known = notDone.reduce(
    (sum, [first, last]) => sum + (Date.parse(last) - Date.parse(first)) / 86_400_000 + 1,
    0,
  );
  const all = known > 0 && known === days.failed + days.left;
  const [first, last] = all ? [notDone[0]?.[0] ?? from, notDone.at(-1)?.[1] ?? to] : [from, to];
  const parts = [
    `makoto-batch backfill --from ${first} --to ${last}`,
    ...tenants.map((tenant) => `--tenant ${tenant}`),
    `--concurrency ${concurrency}`,
    ...(force ? ['--force'] : []),
    ...(options.url === undefined ? [] : [`--url ${options.url}`]),
    ...options.envFiles.map((file) => `--env-file ${file}`),
  ];
  return parts.join(' ');
}
