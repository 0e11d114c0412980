import type { BatchPlatform } from '../../batch/batch-platform';
import { addDays, businessDateAt, targetDate } from '../../calendar';
import type { DayRecord } from '../../history/day-record';
import { firstDay, readDays } from '../../history/read-days';
import { orderedMap } from '../../ordered-map';
import type { Tenant } from '../../tenants';
import { lastOccurrence } from '../last-occurrence';
import { type Check, failed, fine, problem, warning } from './check';

/** Days that are looked back on. */
const WINDOW = 7;
/** A run that began less than this ago may be under way. */
const UNDER_WAY_MS = 2 * 3_600_000;
const TENANTS_AT_ONCE = 8;

/**
 * Which of the last days that the schedule has had its turn for are not published, by run records: a query a tenant. Days before a tenant's first
 * record are none of them.
 */
export async function checkDays(platform: BatchPlatform, tenants: readonly Tenant[]): Promise<readonly Check[]> {
  const { clock, settings } = platform;
  const lastRunMs = lastOccurrence(settings.exportSchedule, clock.now());
  if (lastRunMs === undefined) return [];
  const checks: Check[] = [];
  const looked = orderedMap(tenants, TENANTS_AT_ONCE, async (tenant) => {
    try {
      return await checkTenant(platform, tenant, lastRunMs);
    } catch (error) {
      return failed('days', 'Reading the run records', error, tenant.id);
    }
  });
  for await (const check of looked) checks.push(check);
  return checks;
}

async function checkTenant(
  { metadata, clock, settings }: BatchPlatform,
  { id, timeZone }: Tenant,
  lastRunMs: number,
): Promise<Check> {
  const due = targetDate(lastRunMs, timeZone, settings.targetDateOffset);
  const window = Array.from({ length: WINDOW }, (_, index) => addDays(due, index - WINDOW + 1));
  const [from = due] = window;
  // Somebody may have run a day that the schedule has not come to yet.
  const { days, unreadable } = await readDays(metadata, id, { from, to: businessDateAt(clock.now(), timeZone) });
  if (unreadable.length > 0) {
    const todo = `It is written anew by: ${commandFor(id, [from, due])}`;
    return warning('days', unreadable.join(' '), todo, id);
  }
  const first = await firstDay(metadata, id);
  if (first === undefined) return warning('days', 'No day was ever exported.', commandFor(id, [due]), id);
  const published = days.filter(({ status }) => status === 'completed').map(({ date }) => date);
  const failed = days.filter(({ status }) => status === 'failed');
  const unpublished = window.filter((date) => date >= first && !published.includes(date));
  const missing = [...new Set([...unpublished, ...failed.map(({ date }) => date)])].sort();
  const last = published.at(-1);
  const found = last === undefined ? `No day since ${from} is published` : `The last published day is ${last}`;
  if (missing.length === 0) return fine('days', `${found}; none of the last ${WINDOW} is missing.`, id);

  const lacking = `${found}; ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not published.`;
  const isRecent = clock.now() - lastRunMs < UNDER_WAY_MS;
  if (isRecent && failed.length === 0 && missing.every((date) => date === due)) {
    const todo = `If it is not: ${commandFor(id, missing)}`;
    return warning('days', `${lacking} The run of tonight may still be at work.`, todo, id);
  }
  return problem('days', `${lacking}${failed.map(failureOf).join('')}`, commandFor(id, missing), id);
}

function failureOf({ date, last_failure: failure }: DayRecord): string {
  return failure === undefined ? '' : ` ${date} failed: ${failure.code}, ${failure.message}`;
}

function commandFor(tenant: string, dates: readonly string[]): string {
  const [from, to] = [dates[0], dates.at(-1)];
  const range = from === to ? `--date ${from}` : `--from ${from} --to ${to}`;
  return `makoto-batch run export ${range} --tenant ${tenant}`;
}
