import type { Failure } from '../errors';
import type { RecordedStage } from '../history/day-record';
import type { RecordedDay } from '../messages/look-back';
import type { PlannedDay } from '../messages/plan';
import type { PublishInput } from '../messages/publish';
import type { Revision } from '../messages/run-record';
import type { ExportedShard } from '../messages/shard';
import type { FetchedChannel } from '../youtube/fetched-channel';
import type { LoadedSync } from '../youtube/load-sync';
import type { PrunedSync } from '../youtube/prune-sync';
import type { SyncOutcome } from '../youtube/sync-record';
import type { ExportFigures, JobReport } from './report';
import { type BatchRequest, instanceId, type Job } from './request';

/** A tenant's business day, as every step names it: of an export the day that is exported, of a sync the day on which it began. */
export interface TenantDay {
  readonly tenant: string;
  readonly timeZone: string;
  readonly date: string;
  /** The id of the run that the step is a part of, for telemetry. */
  readonly runId?: string;
  /** Under which name the run holds the leases of the days that it writes. */
  readonly lease?: string;
}

/** How far back a scheduled run looks, in days before the one that it is for. */
export interface LookBack {
  readonly catchUpDays: number;
  readonly lateWindowDays: number;
}

/** Tenants with the same zone and date. Said once for all of them: a run of thousands must fit into a history. */
export interface ResolvedDay {
  readonly timeZone: string;
  readonly date: string;
  readonly tenants: readonly string[];
}

export interface ResolvedRun {
  readonly days: readonly ResolvedDay[];
  readonly refused: readonly Failure[];
  /** Tenants that run side by side. Read here once, so that a changed setting does not change a run under way. */
  readonly tenantsAtOnce: number;
  /** The ISO instant at which the run began: it names a sync, and the duration of an export counts from it. */
  readonly startedAt?: string;
  /** As in {@link TenantDay}. Missing, as what follows, in runs that were begun by earlier versions: those go on as they were begun. */
  readonly lease?: string;
  /** Of scheduled exports. */
  readonly lookBack?: LookBack;
  /** Of syncs: after how many days without being read again the API's data is deleted; missing where it is kept for good. */
  readonly retentionDays?: number;
  /** Whether the run's end is to be recorded. */
  readonly recorded?: boolean;
}

/** What of a request the run of each of its tenants needs to know. */
export interface RunChoices {
  /** Missing in runs that were begun when there was only the export. */
  readonly job?: Job;
  readonly force: boolean;
  readonly video?: string;
  /** As in {@link ResolvedRun}. */
  readonly startedAt?: string;
  /** As in {@link TenantDay}. */
  readonly runId?: string;
  readonly lease?: string;
  /** As in {@link ResolvedRun}. */
  readonly lookBack?: LookBack;
  readonly retentionDays?: number;
}

/** The choices of a run, from its request and how that was resolved. */
export function runChoices(
  request: BatchRequest,
  {
    startedAt,
    lease,
    lookBack,
    retentionDays,
  }: Pick<ResolvedRun, 'startedAt' | 'lease' | 'lookBack' | 'retentionDays'>,
): RunChoices {
  const { job, force, video } = request;
  return {
    job,
    force,
    ...(video === undefined ? {} : { video }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(lease === undefined ? {} : { lease }),
    ...(lookBack === undefined ? {} : { lookBack }),
    ...(retentionDays === undefined ? {} : { retentionDays }),
    runId: instanceId(request),
  };
}

/** One tenant of a run. */
export type TenantRun = TenantDay & RunChoices;

/** A tenant's sync, as each of its steps names it. */
export interface SyncStep extends TenantDay {
  /** See sync-run.ts. */
  readonly run: string;
}

/** Every tenant's day of a run, by tenant id. */
export function tenantDays({ days }: Pick<ResolvedRun, 'days'>): TenantDay[] {
  const all = days.flatMap(({ timeZone, date, tenants }) => tenants.map((tenant) => ({ tenant, timeZone, date })));
  return all.sort((a, b) => (a.tenant < b.tenant ? -1 : 1));
}

export interface PublishedDayFigures extends ExportFigures {
  /** Messages of rooms that only the audit found. */
  readonly late: number;
  /** What the day has more, or fewer, than when it was published before; missing where it was not, or nothing has changed. */
  readonly revision?: Revision;
}

/** What a tenant's days of the past are like: those to be made up for, and those to be listed again. */
export interface SurveyedDays {
  /** Oldest first. */
  readonly missing: readonly string[];
  readonly lookBack: readonly RecordedDay[];
}

/**
 * The units of work that an engine runs and repeats. Each is safe to run again, and what it takes and gives is plain data, small
 * enough for an orchestrator's history.
 */
export interface Steps {
  readonly resolveRun: { readonly input: BatchRequest; readonly output: ResolvedRun };
  readonly surveyDays: { readonly input: TenantDay & LookBack; readonly output: SurveyedDays };
  readonly planExport: {
    readonly input: TenantDay & { readonly lookBack?: readonly RecordedDay[] };
    readonly output: PlannedDay & Timed;
  };
  readonly exportShard: {
    readonly input: TenantDay & { readonly plan: string; readonly shard: number; readonly force: boolean };
    readonly output: ExportedShard & Timed;
  };
  readonly publishExport: {
    readonly input: TenantDay &
      PublishInput &
      Pick<RunChoices, 'startedAt'> & { readonly stages?: readonly RecordedStage[] };
    readonly output: PublishedDayFigures;
  };
  readonly recordFailure: { readonly input: TenantDay & { readonly failure: Failure }; readonly output: null };
  readonly planSync: { readonly input: SyncStep; readonly output: PlannedSync };
  readonly fetchChannel: {
    readonly input: SyncStep & { readonly channel: string; readonly force: boolean };
    readonly output: FetchedChannel;
  };
  readonly fetchVideo: {
    readonly input: SyncStep & { readonly video: string; readonly channels: readonly string[] };
    readonly output: FetchedChannel;
  };
  readonly loadSync: {
    readonly input: SyncStep & { readonly fetched: readonly FetchedChannel[] };
    readonly output: LoadedSync;
  };
  readonly pruneSync: { readonly input: SyncStep & { readonly retentionDays: number }; readonly output: PrunedSync };
  readonly recordRun: { readonly input: EndedRun; readonly output: null };
  readonly recordSync: { readonly input: SyncStep & { readonly outcome: SyncOutcome }; readonly output: null };
}

/** When a step was at work, by the clock of whoever did it, in epoch ms. Missing in what earlier versions gave. */
export interface Timed {
  readonly took?: { readonly begunMs: number; readonly endedMs: number };
}

/** The end of a run, as the step that records it; undefined of a run that an earlier version has begun. */
export function endOfRun(
  request: BatchRequest,
  { recorded, startedAt }: Pick<ResolvedRun, 'recorded' | 'startedAt'>,
  report: JobReport,
): StepCall | undefined {
  if (recorded !== true || startedAt === undefined) return undefined;
  return { name: 'recordRun', input: { ...request, startedAt, report } };
}

/** A run that has come to its end. */
export interface EndedRun extends BatchRequest {
  readonly startedAt: string;
  readonly report: JobReport;
}

export interface PlannedSync {
  /** Ids or handles, as they are written in settings. */
  readonly channels: readonly string[];
}

export type StepName = keyof Steps;

export const STEP_NAMES: readonly StepName[] = [
  'resolveRun',
  'surveyDays',
  'planExport',
  'exportShard',
  'publishExport',
  'recordFailure',
  'planSync',
  'fetchChannel',
  'fetchVideo',
  'loadSync',
  'pruneSync',
  'recordSync',
  'recordRun',
];

export interface StepCall<Name extends StepName = StepName> {
  readonly name: Name;
  readonly input: Steps[Name]['input'];
}

/** How a step ended: failures are values, so that nobody has to read an error's text to know what it was. */
export type StepResult<Output = unknown> =
  | { readonly ok: true; readonly value: Output }
  | { readonly ok: false; readonly failure: Failure };
