import type { BatchPlatform } from '../../batch/batch-platform';
import { addDays, businessDateAt, businessDay } from '../../calendar';
import type { Failure } from '../../errors';
import type { DayRecord } from '../../history/day-record';
import { readDays } from '../../history/read-days';
import { limiter, mapLimited } from '../../limiter';
import { resolveTenants, type Tenant } from '../../tenants';
import { type BackfillRequest, daysOf } from './backfill-request';

/** Tenants whose records are read side by side. */
const TENANTS_AT_ONCE = 8;

/** Days around the range whose records tell what a day of a tenant is like. */
export const NEAR_DAYS = 31;

/** What of a published day's record tells how long another one takes. */
export interface KnownDay {
  readonly messages: number;
  readonly seconds?: number;
}

/** What there is to do for a tenant. */
export interface TenantWork {
  readonly tenant: string;
  readonly timeZone: string;
  /** Oldest first. */
  readonly days: readonly string[];
  /** Published days of the range that are left out. */
  readonly published: number;
  /** Days of the range that have not begun in its zone. */
  readonly notBegun: number;
  readonly known: readonly KnownDay[];
}

/** What a backfill has to do, from run records alone. */
export interface BackfillWork {
  readonly tenants: readonly TenantWork[];
  /** Tenants that cannot be run, by their failure. */
  readonly refused: readonly Failure[];
}

/**
 * Every tenant's days of the range, but for those that are published and those that have not begun. A day that was published before it was
 * over may lack messages: it is to be done again. A record that cannot be read says nothing: its day is done too, which is always safe.
 *
 * @param nearDays of how many days around the range the records are read too, for {@link TenantWork.known}
 * @throws TenantError, MetadataError. @throws InputError where the list of tenants is empty
 */
export async function findWork(
  platform: BatchPlatform,
  request: BackfillRequest,
  nearDays = NEAR_DAYS,
): Promise<BackfillWork> {
  const { settings, metadata, log } = platform;
  const requested = request.tenants ?? 'settings';
  const { tenants, refused } = await resolveTenants({ requested, settings, metadata, log });
  const look: Look = { request, nearDays, days: daysOf(request), endOf: dayEnds() };
  const found = await mapLimited(tenants, limiter(TENANTS_AT_ONCE), (tenant) => tenantWork(platform, look, tenant));
  return { tenants: found, refused };
}

interface Look {
  readonly request: BackfillRequest;
  readonly nearDays: number;
  readonly days: readonly string[];
  readonly endOf: (date: string, zone: string) => number;
}

async function tenantWork(
  { metadata, clock, log }: BatchPlatform,
  { request, nearDays, days, endOf }: Look,
  { id: tenant, timeZone }: Tenant,
): Promise<TenantWork> {
  const { force, from, to } = request;
  const today = businessDateAt(clock.now(), timeZone);
  const begun = days.filter((date) => date <= today);
  const notBegun = days.length - begun.length;
  if (begun.length === 0) return { tenant, timeZone, days: [], published: 0, notBegun, known: [] };
  // Nothing is known of days to come.
  const near = { from: addDays(from, -nearDays), to: to >= today ? today : addDays(to, nearDays) };
  const { days: records, unreadable } = await readDays(metadata, tenant, near);
  for (const problem of unreadable) log.warn(problem, { tenant, stage: 'backfill' });
  const sealed = records.filter(
    ({ status, date, processed_at: publishedAt }) =>
      status === 'completed' && !(Date.parse(publishedAt) < endOf(date, timeZone)),
  );
  const done = new Set(force ? [] : sealed.map(({ date }) => date));
  const left = begun.filter((date) => !done.has(date));
  return {
    tenant,
    timeZone,
    days: left,
    published: begun.length - left.length,
    notBegun,
    known: sealed.map(knownDay),
  };
}

/** Ends of days, each worked out once: tenants share zones, and the time zone database is slow to ask. */
function dayEnds(): (date: string, zone: string) => number {
  const known = new Map<string, number>();
  return (date, zone) => {
    const key = `${zone} ${date}`;
    const end = known.get(key) ?? businessDay(date, zone).end;
    known.set(key, end);
    return end;
  };
}

function knownDay({ message_count: messages, seconds }: DayRecord): KnownDay {
  return { messages, ...(seconds === undefined ? {} : { seconds }) };
}

/** The days with something to do, oldest first, each with its tenants. */
export function daysToRun({ tenants }: BackfillWork): { readonly date: string; readonly tenants: readonly string[] }[] {
  const byDay = new Map<string, string[]>();
  for (const { tenant, days } of tenants) {
    for (const date of days) {
      const there = byDay.get(date);
      if (there === undefined) byDay.set(date, [tenant]);
      else there.push(tenant);
    }
  }
  return [...byDay].map(([date, ids]) => ({ date, tenants: ids })).sort((a, b) => (a.date < b.date ? -1 : 1));
}

/** Tenant-days, all together. */
export function countWork({ tenants }: BackfillWork) {
  const sum = (of: (work: TenantWork) => number) => tenants.reduce((total, work) => total + of(work), 0);
  return {
    toDo: sum(({ days }) => days.length),
    published: sum(({ published }) => published),
    notBegun: sum(({ notBegun }) => notBegun),
  };
}
