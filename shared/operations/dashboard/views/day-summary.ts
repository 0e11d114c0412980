import type { DayRecord, RecordedStage } from '../../../history/day-record';
import type { DayState } from './day-state';

/** What a list of days says of one: the figures of its record, as far as the record has them. */
export interface DaySummary {
  readonly date: string;
  readonly state: DayState;
  readonly messages?: number;
  readonly bytes?: number;
  readonly seconds?: number;
  /** US dollars. */
  readonly cost?: number;
  readonly quarantined?: number;
  readonly lateMessages?: number;
}

/** Estimates what a day cost, in US dollars; undefined where its record does not say enough. */
export type CostOf = (record: DayRecord) => number | undefined;

export function daySummary(date: string, state: DayState, record: DayRecord | undefined, costOf: CostOf): DaySummary {
  if (record === undefined || record.status === 'failed') return { date, state };
  const { message_count: messages, bytes, seconds, proof, late_messages: lateMessages } = record;
  const cost = costOf(record);
  return {
    date,
    state,
    messages,
    ...(bytes !== undefined && { bytes }),
    ...(seconds !== undefined && { seconds }),
    ...(cost !== undefined && { cost }),
    ...(proof !== undefined && { quarantined: proof.quarantined }),
    ...(lateMessages !== undefined && lateMessages > 0 && { lateMessages }),
  };
}

/** How a stage went, as ISO instants. */
export interface DayStage {
  readonly stage: RecordedStage['stage'];
  readonly begun_at: string;
  readonly ended_at: string;
}

/** The stages of the run that published a day. The last one ends with the record. */
export function stagesOf({ stages = [], processed_at }: Pick<DayRecord, 'stages' | 'processed_at'>): DayStage[] {
  return stages.map(({ ended_at = processed_at, ...stage }) => ({ ...stage, ended_at }));
}
