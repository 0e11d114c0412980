import type { BatchPlatform } from '../../batch/batch-platform';
import { exportContext } from '../../batch/export-steps';
import { BatchError, DayInUseError } from '../../errors';
import { batchPartition, LEASE_PREFIX } from '../../history/keys';
import { releaseDay, withDayLease } from '../../messages/day-lease';
import { allItems } from '../../messages/pages';
import { dropMonthsWith } from '../compact/drop-months';
import { type Month, monthOfKey, monthsOf } from '../compact/month';
import { type ErasedDay, eraseFromDay } from './erase-day';
import { type ErasureRecord, recordErased } from './erasure-record';
import { examineDay, holdsUser } from './examine-day';
import { findUser, objectsOfUser, type UserFound } from './find-user';
import { objectsOfDay } from './inventory';
import type { UserTraces } from './user-traces';

/** A day that another run has at work is tried again this often, so many times: ten minutes. */
const IN_USE_WAIT_MS = 15_000;
const IN_USE_TRIES = 40;
/** A run that began before the erasure was recorded may bring the user back once, while other days are rewritten. */
const MAX_PASSES = 3;

export interface EraseHooks {
  readonly onLooked?: (looked: number, of: number) => void;
  readonly onErased?: (date: string) => void;
  /** A day is in use, and will be tried again. */
  readonly onWaiting?: (date: string) => void;
}

/**
 * Takes a user out of every day that has something of theirs, and looks through everything in the end.
 *
 * @param found where the user was before
 * @returns the record with what was erased
 * @throws BatchError `erasure_incomplete`; DayInUseError
 */
export async function eraseEverywhere(
  platform: BatchPlatform,
  traces: UserTraces,
  record: ErasureRecord,
  found: UserFound,
  hooks: EraseHooks,
): Promise<ErasureRecord> {
  const analytics = platform.analyticsStore(traces.tenant);
  let erased = record;
  let left: UserFound = found;
  for (let pass = 1; ; pass++) {
    const dates = new Set(left.days.map(({ date }) => date));
    if (pass === 1) for (const date of await datesAtWork(platform, traces.tenant)) dates.add(date);
    const done: string[] = [];
    for (const date of [...dates].sort()) {
      const day = await patiently(platform, date, hooks, () => eraseUnderLease(platform, date, traces));
      if (day === undefined) continue;
      done.push(date);
      hooks.onErased?.(date);
      if (day.rows + day.quarantined > 0)
        erased = await recordErased(platform, traces.tenant, traces.user, erased, day);
    }
    const months = left.others.flatMap((key) => monthOfKey(key) ?? []);
    await dropMonths(platform, traces.tenant, [...months, ...monthsOf(done)], hooks);
    const keys = await objectsOfUser(analytics, traces);
    if (keys.length === 0) return erased;
    if (pass === MAX_PASSES) throw incomplete(analytics.name, keys);
    left = await findUser(analytics, traces);
  }
}

/** @returns undefined where the day has nothing of the user */
async function eraseUnderLease(
  platform: BatchPlatform,
  date: string,
  traces: UserTraces,
): Promise<ErasedDay | undefined> {
  const { tenant } = traces;
  const began = new Date(platform.clock.now()).toISOString();
  const chance = Math.floor(platform.random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0');
  const lease = { tenant, date, owner: `erase-${date}/${began}/${chance}` };
  try {
    return await withDayLease(platform, lease, async () => {
      const analytics = platform.analyticsStore(tenant);
      const findings = await examineDay(analytics, date, await objectsOfDay(analytics, tenant, date), traces);
      if (!holdsUser(findings)) return undefined;
      const timeZone = findings.published?.manifest.time_zone ?? platform.settings.businessTimeZone;
      return await eraseFromDay(exportContext(platform, { tenant, timeZone, date }, 'erase'), findings, traces);
    });
  } finally {
    await releaseDay(platform, lease);
  }
}

/** Waits for another run that has the day at work. */
async function patiently<T>(
  { clock }: BatchPlatform,
  date: string,
  { onWaiting }: EraseHooks,
  work: () => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      const inTheWay =
        error instanceof DayInUseError || (error instanceof BatchError && error.code === 'published_meanwhile');
      if (!inTheWay || tries === IN_USE_TRIES) throw error;
      onWaiting?.(date);
      await clock.sleep(IN_USE_WAIT_MS);
    }
  }
}

/** A whole month's files are made from its days: they are taken away, and the next compaction makes them anew. */
async function dropMonths(
  platform: BatchPlatform,
  tenant: string,
  months: readonly Month[],
  hooks: EraseHooks,
): Promise<void> {
  const context = { ...platform, tenant, analytics: platform.analyticsStore(tenant) };
  for (const month of [...new Set(months)].sort()) {
    await patiently(platform, month, hooks, () => dropMonthsWith(context, [`${month}-01`]));
  }
}

/** Days whose lease somebody holds: a run that planned its day before the erasure was recorded may be about to write it. */
async function datesAtWork({ metadata, clock }: BatchPlatform, tenant: string): Promise<string[]> {
  const dates: string[] = [];
  const query = { partition: batchPartition(tenant), sortKeyPrefix: LEASE_PREFIX, attributes: ['expires_at'] };
  for await (const { SK, expires_at: ends } of allItems(metadata, query)) {
    const date = SK.slice(LEASE_PREFIX.length);
    // Whole months have leases too.
    const isDay = /^\d{4}-\d\d-\d\d$/.test(date);
    if (isDay && typeof ends === 'string' && Date.parse(ends) > clock.now()) dates.push(date);
  }
  return dates;
}

function incomplete(store: string, keys: readonly string[]): BatchError {
  const shown = keys.slice(0, 10).join(', ');
  const more = keys.length > 10 ? `, and ${keys.length - 10} more` : '';
  return new BatchError(
    `${keys.length} objects in ${store} still name the user after every day was rewritten: ${shown}${more}. Run the erasure again; what is ` +
      'left after that is no object of the batch, and to be looked at by hand.',
    { code: 'erasure_incomplete', kind: 'transient' },
  );
}
