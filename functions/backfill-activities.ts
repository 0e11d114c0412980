import * as df from 'durable-functions';
import type { StepResult } from '../shared/batch/steps';
import type { BackfillStatus } from '../shared/operations/backfill/backfill-progress';
import type { BackfillRequest } from '../shared/operations/backfill/backfill-request';
import type * as BackfillStepsModule from '../shared/operations/backfill/backfill-steps';
import type { BackfillDayInput } from '../shared/operations/backfill/backfill-steps';
import { LOOK_AT_DAY, PLAN_BACKFILL, PLAN_BACKFILL_DAY } from './names';
import { appPlatform } from './platform';
import { isRunning, isUnderWay, statusOf } from './start-run';

function steps(): BackfillStepsModule.BackfillSteps {
  const { backfillSteps } = require('../shared/operations/backfill/backfill-steps') as typeof BackfillStepsModule;
  return backfillSteps(appPlatform());
}

df.app.activity(PLAN_BACKFILL, {
  handler: (request: unknown, { traceContext }) =>
    steps().planBackfill(request as BackfillRequest, traceContext?.traceParent),
});

df.app.activity(PLAN_BACKFILL_DAY, {
  handler: (input: unknown, { traceContext }) =>
    steps().planBackfillDay(input as BackfillDayInput, traceContext?.traceParent),
});

export interface DayStateInput {
  /** The instance id of the day's run. */
  readonly run: string;
  /** Those of the backfill, and of the lane that asks. */
  readonly backfill: string;
  readonly lane: string;
}

export interface DayState {
  /** Whether the day is being run. */
  readonly running: boolean;
  /** Whether the lane's days are still to be done: not where the backfill was ended, with its lanes left behind. */
  readonly wanted: boolean;
}

df.app.activity(LOOK_AT_DAY, {
  extraInputs: [df.input.durableClient()],
  handler: async (input: unknown, context): Promise<StepResult<DayState>> => {
    const { run, backfill, lane } = input as DayStateInput;
    const client = df.getClient(context);
    const running = await isRunning(client, run);
    const instance = await statusOf(client, backfill);
    const status = (instance?.customStatus ?? undefined) as BackfillStatus | undefined;
    // Until its status is stored, a backfill does not name its lanes.
    const named = status === undefined || !('lanes' in status) || status.lanes.includes(lane);
    return { ok: true, value: { running, wanted: instance !== undefined && isUnderWay(instance) && named } };
  },
});
