import { toFailure } from '../errors';
import { maskText } from '../logging/masking';
import type { Log } from '../ports/log';
import type { BatchPlatform } from './batch-platform';
import { exportSteps } from './export-steps';
import { resolveRun } from './resolve-run';
import type { StepName, StepResult, Steps } from './steps';
import { syncSteps } from './sync-steps';

export type StepHandlers = {
  readonly [Name in StepName]: (input: Steps[Name]['input']) => Promise<StepResult<Steps[Name]['output']>>;
};

/** How steps are done, and the stage that their failures name. They throw. */
export type StepWorkers<Names extends StepName> = {
  readonly [Name in Names]: {
    readonly stage: string;
    readonly run: (input: Steps[Name]['input']) => Promise<Steps[Name]['output']>;
  };
};

/** The steps over a platform. None of them throws: whatever goes wrong is a failure value, logged where it was caught. */
export function stepHandlers(platform: BatchPlatform): StepHandlers {
  const workers: StepWorkers<StepName> = {
    resolveRun: { stage: 'resolve', run: (request) => resolveRun(platform, request) },
    ...exportSteps(platform),
    ...syncSteps(platform),
  };
  const guarded = Object.entries(workers).map(([name, { stage, run }]) => [
    name,
    (input: object) => settled(stage, platform.log, input, () => (run as (input: object) => Promise<unknown>)(input)),
  ]);
  return Object.fromEntries(guarded);
}

async function settled<Output>(
  stage: string,
  log: Log,
  input: object,
  run: () => Promise<Output>,
): Promise<StepResult<Output>> {
  try {
    return { ok: true, value: await run() };
  } catch (error) {
    const tenant = 'tenant' in input && typeof input.tenant === 'string' ? { tenant: input.tenant } : {};
    const told = toFailure(error, { ...tenant, stage });
    // A failure travels on, into histories, records and answers, where no logger masks it.
    const failure = { ...told, message: maskText(told.message) };
    const stack = failure.code === 'internal_error' && error instanceof Error ? { stack: error.stack } : {};
    log.error(failure.message, { ...tenant, stage, error_code: failure.code, kind: failure.kind, ...stack });
    return { ok: false, failure };
  }
}
