import { type DurableLambdaHandler, withDurableExecution } from '@aws/durable-execution-sdk-js';
import type { BatchPlatform } from '../shared/batch/batch-platform';
import type { JobReport } from '../shared/batch/report';
import type { StepCall } from '../shared/batch/steps';
import { dailyBatch } from './durable-batch';
import { requestOfEvent } from './events';
import { completedRun } from './run-not-completed';
import { runStep } from './step-runner';

/**
 * The durable function over a platform: an execution of it is one run.
 *
 * @param platform made by the first step that needs it
 * @param worker the function that does steps for it, where there is one
 */
export function durableFunction(platform: () => BatchPlatform, worker: string | undefined): DurableLambdaHandler {
  const tools = {
    requestOf: (event: unknown) => requestOfEvent(event, platform()),
    ended: (report: JobReport) => completedRun(report, platform().log),
    run: (call: StepCall) => runStep(platform(), call),
    worker,
  };
  return withDurableExecution<unknown>((event, context) => dailyBatch(event, context, tools));
}
