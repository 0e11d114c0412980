import type { Failure } from '../errors';
import type { ChannelNotices } from '../youtube/fetched-channel';
import type { PrunedSync } from '../youtube/prune-sync';
import type { Job } from './request';

/** Only `completed` is a success, everywhere: status, exit code, HTTP answer, alert. */
export type RunStatus = 'completed' | 'partial' | 'failed';

/** What the export of a tenant's day came to. `bytes` and `parts` are of the four datasets. */
export interface ExportFigures {
  readonly listed: number;
  readonly outside: number;
  readonly exported: number;
  readonly duplicates: number;
  readonly quarantined: number;
  readonly parts: number;
  readonly bytes: number;
  /** Where the messages' parts are, in the tenant's analytics container. */
  readonly output: string;
}

/** What the sync of a tenant's channels came to. */
export interface SyncFigures {
  readonly channels: number;
  /** All videos, streams among them. */
  readonly videos: number;
  readonly streams: number;
  /** Videos that were there before and are gone now. */
  readonly removed: number;
  /** Rows of the database that were inserted, changed or deleted. */
  readonly rowsWritten: number;
  /** Requests to the API, of one unit each. */
  readonly quotaUnits: number;
  /** The folder of the CSV files, in the tenant's analytics container. */
  readonly csv: string;
}

/** What a person should know of a channel's sync though it did not fail. */
export interface ChannelNotice extends ChannelNotices {
  readonly channel: string;
}

/** A day before the run's that was not published, and that the run made up for. */
export interface CaughtUpDay {
  readonly date: string;
  readonly status: 'completed' | 'failed';
  readonly exported?: number;
  readonly failure?: Failure;
}

/** An earlier day that has other messages by now than it was published with. */
export interface LateDayReport {
  readonly date: string;
  readonly status: 'completed' | 'failed' | 'not_published';
  /** Rooms that the audit found. */
  readonly rooms: number;
  /** Messages that the day has more than before; fewer, where it is below 0. Missing where it was not published anew. */
  readonly added?: number;
  /** Messages of the day that came from such rooms. */
  readonly late?: number;
  readonly failure?: Failure;
}

export interface TenantReport extends Partial<ExportFigures>, Partial<SyncFigures> {
  readonly tenant: string;
  readonly status: 'completed' | 'failed';
  readonly date?: string;
  readonly failure?: Failure;
  readonly seconds: number;
  readonly caughtUp?: readonly CaughtUpDay[];
  readonly lateDays?: readonly LateDayReport[];
  readonly notices?: readonly ChannelNotice[];
  /** What a sync has deleted because it was too old; missing where nothing is deleted. */
  readonly pruned?: PrunedSync;
}

/** Tenants that a report has no room to list one by one. */
export interface UnlistedTenants extends UnlistedFigures {
  readonly completed: number;
  readonly failed: number;
}

/** What these tenants came to altogether; missing where it is nothing. */
export interface UnlistedFigures {
  readonly exported?: number;
  readonly bytes?: number;
  readonly videos?: number;
  readonly quotaUnits?: number;
  readonly caughtUp?: number;
  readonly lateDays?: number;
}

export interface JobReport {
  readonly job: Job;
  readonly date: string;
  readonly status: RunStatus;
  /** What failed before any tenant was begun. */
  readonly failure?: Failure;
  readonly tenants: readonly TenantReport[];
  readonly unlisted?: UnlistedTenants;
}

export interface RunReport {
  readonly status: RunStatus;
  readonly jobs: readonly JobReport[];
}

/** A job's report from its tenants': partial where some failed, failed where all did or there was none to run. */
export function jobReport(
  job: Job,
  date: string,
  tenants: readonly TenantReport[],
  unlisted: UnlistedTenants = NONE,
): JobReport {
  const failed = tenants.filter(({ status }) => status === 'failed').length + unlisted.failed;
  const completed = tenants.length - (failed - unlisted.failed) + unlisted.completed;
  const status = failed === 0 && completed > 0 ? 'completed' : completed > 0 ? 'partial' : 'failed';
  const rest = unlisted.completed + unlisted.failed > 0 ? { unlisted } : {};
  const nothing = failed + completed === 0 ? { failure: NOTHING_TO_RUN } : {};
  return { job, date, status, ...nothing, tenants: [...tenants].sort(byTenant), ...rest };
}

const NOTHING_TO_RUN: Failure = {
  kind: 'configuration',
  code: 'no_tenants',
  message: 'There is no tenant to run: none is listed, or none that is registered is enabled.',
  stage: 'resolve',
};

export function runReport(jobs: readonly JobReport[]): RunReport {
  return { status: combined(jobs.map(({ status }) => status)), jobs };
}

function combined(statuses: readonly RunStatus[]): RunStatus {
  if (statuses.length > 0 && statuses.every((status) => status === 'completed')) return 'completed';
  return statuses.some((status) => status !== 'failed') ? 'partial' : 'failed';
}

function byTenant(a: TenantReport, b: TenantReport): number {
  return a.tenant < b.tenant ? -1 : a.tenant > b.tenant ? 1 : 0;
}

const NONE: UnlistedTenants = { completed: 0, failed: 0 };

/** A tenant that is not listed, as what it adds to those that are not. */
function asUnlisted({ status, caughtUp = [], lateDays = [], ...report }: TenantReport): UnlistedTenants {
  const { exported, bytes, videos, quotaUnits } = report;
  const counted = { exported, bytes, videos, quotaUnits, caughtUp: caughtUp.length, lateDays: lateDays.length };
  return addUnlisted({ ...NONE, [status]: 1 }, { ...NONE, ...positive(counted) });
}

/** The tenants that none of several reports lists, added up. */
export function sumOfUnlisted(all: readonly Pick<BoundedReports, 'unlisted'>[]): UnlistedTenants {
  return all.reduce((sum, { unlisted }) => addUnlisted(sum, unlisted), NONE);
}

function addUnlisted(a: UnlistedTenants, b: UnlistedTenants): UnlistedTenants {
  const names = ['exported', 'bytes', 'videos', 'quotaUnits', 'caughtUp', 'lateDays'] as const;
  const sums = Object.fromEntries(names.map((name) => [name, (a[name] ?? 0) + (b[name] ?? 0)]));
  return { completed: a.completed + b.completed, failed: a.failed + b.failed, ...positive(sums) };
}

function positive(figures: Readonly<Record<string, number | undefined>>): UnlistedFigures {
  return Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== undefined && value > 0));
}

export interface BoundedReports {
  readonly tenants: readonly TenantReport[];
  readonly unlisted: UnlistedTenants;
}

/**
 * As many reports as fit into `maxBytes` of JSON, failed tenants first; the rest is counted. What crosses an orchestrator's history must
 * stay small; the whole of every tenant's day stands in its run record.
 */
export function boundedReports(
  reports: readonly TenantReport[],
  earlier: UnlistedTenants = NONE,
  maxBytes = 32 * 1024,
): BoundedReports {
  const tenants: TenantReport[] = [];
  let unlisted = earlier;
  let bytes = 0;
  const failedFirst = [...reports].sort((a, b) => Number(b.status === 'failed') - Number(a.status === 'failed'));
  for (const report of failedFirst) {
    const size = Buffer.byteLength(JSON.stringify(report)) + 1;
    if (bytes + size > maxBytes) {
      unlisted = addUnlisted(unlisted, asUnlisted(report));
      continue;
    }
    bytes += size;
    tenants.push(report);
  }
  return { tenants, unlisted };
}
