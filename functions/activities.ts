import * as df from 'durable-functions';
import { stepHandlers } from '../shared/batch/step-handlers';
import { STEP_NAMES, type StepName, type StepResult } from '../shared/batch/steps';
import { appPlatform } from './platform';

let handlers: ReturnType<typeof stepHandlers> | undefined;

for (const name of STEP_NAMES) {
  df.app.activity(name, { handler: (input: unknown) => runStep(name, input) });
}

function runStep(name: StepName, input: unknown): Promise<StepResult> {
  handlers ??= stepHandlers(appPlatform());
  return (handlers[name] as (input: unknown) => Promise<StepResult>)(input);
}
