import type { BatchPlatform } from '../shared/batch/batch-platform';
import { STEP_NAMES, type StepCall, type StepResult } from '../shared/batch/steps';
import { BatchError } from '../shared/errors';
import type { DoneStep } from './durable-steps';
import { stepsOf } from './platform';

/** Does a step on a platform, timed by its clock. Never rejects for what the step meets. */
export async function runStep(platform: BatchPlatform, { name, input }: StepCall): Promise<DoneStep> {
  const { clock } = platform;
  const begunMs = clock.now();
  const run = stepsOf(platform)[name] as (input: StepCall['input']) => Promise<StepResult>;
  const result = await run(input);
  return { result, begunMs, endedMs: clock.now() };
}

/** The step that the durable function asks its worker for. @throws BatchError for anything else */
export function stepCallOf(event: unknown): StepCall {
  const { name, input } = (typeof event === 'object' && event !== null ? event : {}) as Partial<StepCall>;
  const isStep = STEP_NAMES.some((each) => each === name) && typeof input === 'object' && input !== null;
  if (isStep) return event as StepCall;
  const message =
    'This function does single steps for the durable function, which invokes it by itself: invoke that one instead.';
  throw new BatchError(message, { code: 'input_invalid', kind: 'permanent' });
}
