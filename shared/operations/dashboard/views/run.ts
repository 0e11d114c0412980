import type { BusinessDate } from '../../../calendar';
import type { DayRecord } from '../../../history/day-record';
import type { RecordedFailure } from '../../../history/recorded-failure';
import type { RunSummary } from '../../../history/run-summary';
import { type DayStage, stagesOf } from './day-summary';
import type { SyncHistory } from './youtube';

/** What a run did for one tenant's day, by the record that the day has now. */
export interface RunTenantDay {
  readonly tenant: string;
  readonly date: BusinessDate;
  readonly status: 'completed' | 'failed';
  readonly messages?: number;
  readonly seconds?: number;
  readonly stages: readonly DayStage[];
  readonly failure?: RecordedFailure;
}

/** A tenant's sync of a run. */
export interface RunTenantSync {
  readonly tenant: string;
  readonly status: 'completed' | 'failed';
  readonly videos: number;
  readonly quotaUnits: number;
  readonly at: string;
}

export interface RunView extends RunSummary {
  readonly view: 'run';
  readonly seconds: number;
  /** Of an export. A day that was published anew since names the later run, and is not among them. */
  readonly tenantDays: readonly RunTenantDay[];
  /** Of a sync. */
  readonly tenantSyncs: readonly RunTenantSync[];
}

export interface RunParts {
  readonly summary: RunSummary;
  readonly days: readonly DayRecord[];
  readonly syncs: readonly SyncHistory[];
}

export function runView({ summary, days, syncs }: RunParts): RunView {
  const { started_at: from, ended_at: to } = summary;
  return {
    view: 'run',
    ...summary,
    seconds: (Date.parse(to) - Date.parse(from)) / 1000,
    tenantDays: summary.job === 'export' ? days.flatMap((record) => tenantDay(record, summary)).sort(byBegin) : [],
    tenantSyncs: summary.job === 'youtube' ? syncs.flatMap((history) => tenantSyncs(history, from, to)) : [],
  };
}

function tenantDay(record: DayRecord, { run, started_at, ended_at }: RunSummary): RunTenantDay[] {
  const { tenant, date, last_failure: failure } = record;
  const failed = failure !== undefined && failure.at >= started_at && failure.at <= ended_at;
  const published =
    record.status === 'completed' &&
    record.run === run &&
    record.processed_at >= started_at &&
    record.processed_at <= ended_at;
  if (failed) return [{ tenant, date, status: 'failed', stages: [], failure }];
  if (!published) return [];
  const { message_count: messages, seconds } = record;
  const stages = stagesOf(record);
  return [{ tenant, date, status: 'completed', messages, ...(seconds !== undefined && { seconds }), stages }];
}

function tenantSyncs({ tenant, syncs }: SyncHistory, from: string, to: string): RunTenantSync[] {
  return syncs
    .filter(({ at }) => at >= from && at <= to)
    .map(({ status, videos, quotaUnits, at }) => ({ tenant, status, videos, quotaUnits, at }));
}

function byBegin(a: RunTenantDay, b: RunTenantDay): number {
  const [first, second] = [a.stages[0]?.begun_at ?? '', b.stages[0]?.begun_at ?? ''];
  if (first !== second) return first < second ? -1 : 1;
  return a.tenant < b.tenant ? -1 : 1;
}
