import * as df from 'durable-functions';
import { STEP_NAMES, type StepName, type StepResult } from '../shared/batch/steps';
import { appSteps } from './platform';

for (const name of STEP_NAMES) {
  df.app.activity(name, {
    handler: (input: unknown, { traceContext }) => runStep(name, input, traceContext?.traceParent),
  });
}

function runStep(name: StepName, input: unknown, parent: string | undefined): Promise<StepResult> {
  const handlers = appSteps();
  return (handlers[name] as (input: unknown, parent: string | undefined) => Promise<StepResult>)(input, parent);
}
