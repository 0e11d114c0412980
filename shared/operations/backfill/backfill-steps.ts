import type { BatchPlatform } from '../../batch/batch-platform';
import { settled } from '../../batch/step-handlers';
import type { StepResult } from '../../batch/steps';
import type { Failure } from '../../errors';
import { type BackfillRequest, type Stretch, stretchesOf } from './backfill-request';
import { countWork, daysToRun, findWork } from './backfill-work';

/** What an orchestrator needs to know of a backfill, small enough for its history whatever the number of tenants and days. */
export interface PlannedBackfill {
  readonly days: number;
  readonly stretches: readonly Stretch[];
  readonly tenantDays: number;
  /** As many as are worth reading. */
  readonly refused: readonly Failure[];
}

export interface BackfillDayInput {
  readonly request: BackfillRequest;
  readonly date: string;
}

/** Its tenants that are not done. */
export interface PlannedBackfillDay {
  readonly tenants: readonly string[];
}

/** The units of work of a backfill beside those of its days' runs. None of them throws. */
export interface BackfillSteps {
  planBackfill(request: BackfillRequest, parent?: string): Promise<StepResult<PlannedBackfill>>;
  planBackfillDay(input: BackfillDayInput, parent?: string): Promise<StepResult<PlannedBackfillDay>>;
}

const MOST_REFUSED = 20;

export function backfillSteps(platform: BatchPlatform): BackfillSteps {
  const { log, telemetry } = platform;
  const step = <Output>(name: string, input: object, run: () => Promise<Output>, parent?: string) =>
    telemetry.span(
      name,
      { job: 'export', stage: 'backfill' },
      (span) => settled({ stage: 'backfill', log, span }, input, run),
      parent,
    );
  return {
    planBackfill: (request, parent) => step('planBackfill', request, () => planBackfill(platform, request), parent),
    planBackfillDay: (input, parent) => step('planBackfillDay', input, () => planBackfillDay(platform, input), parent),
  };
}

async function planBackfill(platform: BatchPlatform, request: BackfillRequest): Promise<PlannedBackfill> {
  const work = await findWork(platform, request, 0);
  const days = daysToRun(work).map(({ date }) => date);
  return {
    days: days.length,
    stretches: stretchesOf(days),
    tenantDays: countWork(work).toDo,
    refused: work.refused.slice(0, MOST_REFUSED),
  };
}

async function planBackfillDay(
  platform: BatchPlatform,
  { request, date }: BackfillDayInput,
): Promise<PlannedBackfillDay> {
  const [day] = daysToRun(await findWork(platform, { ...request, from: date, to: date }, 0));
  return { tenants: day?.tenants ?? [] };
}
