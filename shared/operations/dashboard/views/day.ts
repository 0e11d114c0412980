import { addDays, type BusinessDate } from '../../../calendar';
import type { DayRecord } from '../../../history/day-record';
import type { RecordedFailure } from '../../../history/recorded-failure';
import { type DayState, dayState, type TenantHistory } from './day-state';
import { type CostOf, type DayStage, type DaySummary, daySummary, stagesOf } from './day-summary';

export interface QuarantineReasonCount {
  readonly reason: string;
  readonly count: number;
}

export interface DriftingField {
  readonly field: string;
  readonly count: number;
  /** An ISO instant. */
  readonly firstSeen?: string;
}

export interface DayProof {
  readonly listed: number;
  readonly outside: number;
  readonly exported: number;
  readonly duplicates: number;
  readonly quarantined: number;
  readonly holds: boolean;
}

/** All that the record of a tenant's day says. */
export interface DayView extends DaySummary {
  readonly view: 'day';
  readonly tenant: string;
  readonly state: DayState;
  readonly previous: BusinessDate;
  readonly next?: BusinessDate;
  readonly timeZone: string;
  readonly publishedAt?: string;
  readonly firstPublishedAt?: string;
  readonly run?: string;
  readonly parts?: number;
  readonly output?: string;
  readonly manifest?: string;
  readonly revisions: number;
  readonly lastRevision?: DayRecord['last_revision'];
  readonly proof?: DayProof;
  readonly stages: readonly DayStage[];
  readonly quarantine: readonly QuarantineReasonCount[];
  readonly drift: readonly DriftingField[];
  readonly driftUnnamed: number;
  readonly clockSkew: number;
  readonly replacedSurrogates: number;
  readonly repaired: number;
  readonly failure?: RecordedFailure;
  /** Of a record that cannot be read, what is wrong with it. */
  readonly problem?: string;
}

export interface DayParts {
  readonly tenant: string;
  readonly date: BusinessDate;
  readonly timeZone: string;
  readonly lastDue: BusinessDate;
  readonly newest: BusinessDate;
  readonly history: TenantHistory;
  readonly costOf: CostOf;
}

export function dayView({ tenant, date, timeZone, lastDue, newest, history, costOf }: DayParts): DayView {
  const record = history.days.get(date);
  const problem = history.unreadable.get(date);
  return {
    view: 'day',
    tenant,
    ...daySummary(date, dayState(date, history, lastDue), record, costOf),
    previous: addDays(date, -1),
    ...(date < newest && { next: addDays(date, 1) }),
    timeZone: record?.time_zone ?? timeZone,
    ...publication(record),
    ...notices(record?.notices),
    ...(record?.last_failure && { failure: record.last_failure }),
    ...(problem !== undefined && { problem }),
  };
}

function publication(record: DayRecord | undefined) {
  if (record === undefined || record.status === 'failed') return { revisions: 0, stages: [] };
  const { processed_at, first_published_at, run, parts, output_path, manifest, proof, revisions } = record;
  return {
    publishedAt: processed_at,
    ...(first_published_at !== undefined && { firstPublishedAt: first_published_at }),
    ...(run !== undefined && { run }),
    ...(parts !== undefined && { parts }),
    ...(output_path !== '' && { output: output_path }),
    ...(manifest !== undefined && { manifest }),
    ...(proof !== undefined && { proof: { ...proof, holds: holds(proof) } }),
    revisions: revisions ?? 0,
    ...(record.last_revision && { lastRevision: record.last_revision }),
    stages: stagesOf(record),
  };
}

function holds({ listed, outside, exported, duplicates, quarantined }: NonNullable<DayRecord['proof']>): boolean {
  return listed === outside + exported + duplicates + quarantined;
}

function notices(recorded: DayRecord['notices']) {
  const { quarantine = {}, drift = {}, driftFirstSeen = {} } = recorded ?? {};
  return {
    quarantine: Object.entries(quarantine)
      .map(([reason, count]) => ({ reason, count }))
      .sort((a, b) => b.count - a.count),
    drift: Object.entries(drift)
      .map(([field, count]) => {
        const firstSeen = driftFirstSeen[field];
        return { field, count, ...(firstSeen !== undefined && { firstSeen }) };
      })
      .sort((a, b) => b.count - a.count),
    driftUnnamed: recorded?.driftUnnamed ?? 0,
    clockSkew: recorded?.clockSkew ?? 0,
    replacedSurrogates: recorded?.replacedSurrogates ?? 0,
    repaired: recorded?.repaired ?? 0,
  };
}
