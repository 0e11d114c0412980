import { type DurableLambdaHandler, InvocationStatus } from '@aws/durable-execution-sdk-js';
import { durableFunction } from '../../aws-fallback/durable-function';
import { requestOfEvent } from '../../aws-fallback/events';
import { runInvocation } from '../../aws-fallback/inline-run';
import { RunNotCompletedError } from '../../aws-fallback/run-not-completed';
import { runStep, stepCallOf } from '../../aws-fallback/step-runner';
import type { BatchPlatform } from '../../shared/batch/batch-platform';
import { runInline } from '../../shared/batch/inline-engine';
import type { JobReport } from '../../shared/batch/report';
import type { Job } from '../../shared/batch/request';
import { STEP_NAMES } from '../../shared/batch/steps';
import { DurableMemory } from '../support/durable-memory';

/** What is run, as an event of AWS says it. */
export interface RunEvent {
  readonly job: Job;
  readonly target_date?: string;
  readonly tenants?: readonly string[];
}

/** One way of carrying out a run. @throws an error with the message that names what failed, where the run is not completed */
export type Engine = (platform: BatchPlatform, event: RunEvent) => Promise<JobReport>;

/** The engine that runs on Azure without an orchestrator. */
export const inlineEngine: Engine = async (platform, event) => {
  const report = await runInline(platform, requestOfEvent(event, platform));
  if (report.status !== 'completed') throw new RunNotCompletedError(report);
  return report;
};

export const plainLambda: Engine = (platform, event) =>
  runInvocation(event, { getRemainingTimeInMillis: () => 900_000 }, platform);

export const durableInPlace: Engine = (platform, event) =>
  endOf(
    durableFunction(() => platform, undefined),
    event,
  );

const WORKER = 'arn:aws:lambda:ap-northeast-1:123456789012:function:worker:live';

export const durableWithWorker: Engine = (platform, event) => endOf(workerOf(platform), event);

/**
 * The durable function and its worker, each for what the service sends to it.
 *
 * @param worked is told when the worker has done a step, and cuts it off by throwing
 */
export function workerOf(platform: BatchPlatform, worked: () => void = () => undefined): DurableLambdaHandler {
  const durable = durableFunction(() => platform, WORKER);
  return async (input, context) => {
    const [execution] = input.InitialExecutionState.Operations;
    const asked: unknown = JSON.parse(execution?.ExecutionDetails?.InputPayload ?? 'null');
    if (!isStep(asked)) return await durable(input, context);
    const done = await runStep(platform, stepCallOf(asked));
    try {
      worked();
    } catch (error) {
      return { Status: InvocationStatus.FAILED, Error: { ErrorMessage: String(error) } };
    }
    return { Status: InvocationStatus.SUCCEEDED, Result: JSON.stringify(done) };
  };
}

function isStep(event: unknown): boolean {
  return STEP_NAMES.some((name) => name === (event as { readonly name?: unknown } | null)?.name);
}

/** Runs an execution to its end, over a service in memory. */
export async function endOf(
  handler: DurableLambdaHandler,
  event: RunEvent,
  service = new DurableMemory(),
): Promise<JobReport> {
  const { output } = await service.run(handler, event);
  if (output.Status === 'SUCCEEDED') return JSON.parse(output.Result ?? '') as JobReport;
  throw new Error(output.Status === 'FAILED' ? output.Error.ErrorMessage : `The execution is ${output.Status}.`);
}

/** A run that is not completed, by what it says. */
export async function failureOf(run: Promise<JobReport>): Promise<string> {
  try {
    const { status } = await run;
    return `the run is ${status}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
