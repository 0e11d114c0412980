import type {
  DurableExecutionInvocationInput,
  DurableExecutionInvocationOutput,
  DurableLambdaHandler,
} from '@aws/durable-execution-sdk-js';
import type { Context } from 'aws-lambda';
import type * as DurableFunctionModule from './durable-function';
import type { DoneStep } from './durable-steps';
import { functionEnvironment } from './environment';
import type * as PlatformModule from './platform';
import type * as StepRunnerModule from './step-runner';

// As in handler.ts, nothing is loaded until there is an event.

let wrapped: DurableLambdaHandler | undefined;

/** The durable function. See events.ts for what it takes. */
export async function durableHandler(
  event: DurableExecutionInvocationInput,
  context: Context,
): Promise<DurableExecutionInvocationOutput> {
  const { flushTelemetry, functionPlatform } = require('./platform') as typeof PlatformModule;
  if (wrapped === undefined) {
    const { durableFunction } = require('./durable-function') as typeof DurableFunctionModule;
    wrapped = durableFunction(functionPlatform, functionEnvironment().worker);
  }
  try {
    return await wrapped(event, context);
  } finally {
    await flushTelemetry();
  }
}

/** The function that does single steps of the durable one's runs. */
export async function workerHandler(event: unknown): Promise<DoneStep> {
  const { flushTelemetry, functionPlatform } = require('./platform') as typeof PlatformModule;
  const { runStep, stepCallOf } = require('./step-runner') as typeof StepRunnerModule;
  const call = stepCallOf(event);
  try {
    return await runStep(functionPlatform(), call);
  } finally {
    await flushTelemetry();
  }
}
