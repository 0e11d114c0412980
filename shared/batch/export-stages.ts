import type { RecordedStage } from '../history/day-record';
import type { Timed } from './steps';

/**
 * The stages of a day before it is published, from what its steps tell: planning, then its shards, from the first that began to the last that
 * ended. Nothing where they tell nothing, as the steps of earlier versions.
 */
export function stagesOf(planned: Timed, shards: readonly Timed[]): { readonly stages?: readonly RecordedStage[] } {
  if (planned.took === undefined) return {};
  const times = shards.flatMap(({ took }) => (took === undefined ? [] : [took]));
  const stages = [stage('plan', planned.took.begunMs, planned.took.endedMs)];
  if (times.length > 0) {
    const begun = Math.min(...times.map(({ begunMs }) => begunMs));
    const ended = Math.max(...times.map(({ endedMs }) => endedMs));
    stages.push(stage('collect', begun, ended));
  }
  return { stages };
}

function stage(name: RecordedStage['stage'], begunMs: number, endedMs: number): RecordedStage {
  return { stage: name, begun_at: new Date(begunMs).toISOString(), ended_at: new Date(endedMs).toISOString() };
}
