import type { BatchPlatform } from '../../batch/batch-platform';
import { InputError } from '../../errors';
import { assertTenantId } from '../../tenant-id';
import { cleanRecords } from './clean-records';
import { type EraseHooks, eraseEverywhere } from './erase-everywhere';
import { beginErasure, completeErasure } from './erasure-record';
import type { DayFindings } from './examine-day';
import { findUser } from './find-user';
import { type LeftBehind, leftBehind } from './left-behind';
import { UserTraces } from './user-traces';

export type { EraseHooks } from './erase-everywhere';

export interface EraseRequest {
  readonly tenant: string;
  readonly user: string;
  /** Whether to change nothing, and only say what would be changed. */
  readonly dryRun: boolean;
}

/** What of a day is rewritten, or would be. `bytes` are those of the parts as they were. */
export interface DayToErase {
  readonly date: string;
  readonly parts: number;
  readonly rows: number;
  readonly bytes: number;
  readonly quarantined: number;
  /** Working papers, corrected copies and leftovers of interrupted runs. */
  readonly others: number;
}

export interface ErasureReport {
  readonly tenant: string;
  readonly dryRun: boolean;
  readonly daysLooked: number;
  readonly days: readonly DayToErase[];
  /** Objects of no single day. */
  readonly otherObjects: number;
  /** Records of days and runs whose failures named the user. */
  readonly records: number;
  readonly left: LeftBehind;
}

/**
 * Takes everything of a user out of a tenant's analytics: rows, quarantine lines, corrected copies, working papers, and failures in records
 * that name them. The messages themselves are the chat product's to delete, and need not be there any more.
 *
 * First it is recorded, in a record that names nobody, that the user is being erased, so that no run takes them in again; then every day that has
 * something of theirs is published without it, one after the other; in the end everything is looked through for what may be left.
 * Interrupted anywhere, doing it again completes it.
 *
 * @throws InputError, TenantError; BatchError `erasure_incomplete`; DayInUseError where another run has had a day at work all the time
 */
export async function eraseUser(
  platform: BatchPlatform,
  { tenant, user, dryRun }: EraseRequest,
  hooks: EraseHooks = {},
): Promise<ErasureReport> {
  assertTenantId(tenant);
  if (user === '' || user.includes('/')) {
    throw new InputError({ user: 'expected the id of a user, which is not empty and holds no slash' });
  }
  const traces = new UserTraces(tenant, user);
  const analytics = platform.analyticsStore(tenant);
  const record = dryRun ? undefined : await beginErasure(platform, tenant, user);
  const found = await findUser(analytics, traces, hooks.onLooked);
  const report = {
    tenant,
    dryRun,
    daysLooked: found.looked,
    days: found.days.map(toErase),
    otherObjects: found.others.length,
    left: await leftBehind(platform, traces),
  };
  if (record === undefined) return { ...report, records: await cleanRecords(platform.metadata, traces, true) };
  const erased = await eraseEverywhere(platform, traces, record, found, hooks);
  const records = await cleanRecords(platform.metadata, traces, false);
  await completeErasure(platform, tenant, user, erased);
  return { ...report, records };
}

function toErase({ date, parts, quarantine, papers, latePapers, repairs, leftovers }: DayFindings): DayToErase {
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
  const files = [...parts, ...quarantine].map(({ part }) => part);
  return {
    date,
    parts: files.length,
    rows: sum(parts.filter(({ dataset }) => dataset === 'messages').map(({ rows }) => rows)),
    bytes: sum(files.map(({ bytes }) => bytes)),
    quarantined: sum(quarantine.map(({ lines }) => lines)),
    others: papers.length + latePapers.length + repairs.length + leftovers.length,
  };
}
