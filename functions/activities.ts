import * as df from 'durable-functions';
import { STEP_NAMES, type StepName, type StepResult } from '../shared/batch/steps';
import { appSteps } from './platform';

for (const name of STEP_NAMES) {
  df.app.activity(name, { handler: (input: unknown) => runStep(name, input) });
}

function runStep(name: StepName, input: unknown): Promise<StepResult> {
  const handlers = appSteps();
  return (handlers[name] as (input: unknown) => Promise<StepResult>)(input);
}
