import { toFailure } from '../errors';
import { writeRun } from '../history/write-run';
import { maskText } from '../logging/masking';
import type { Log } from '../ports/log';
import type { TelemetrySpan } from '../ports/telemetry';
import type { BatchPlatform } from './batch-platform';
import { exportSteps } from './export-steps';
import { type BatchRequest, instanceId, type Job } from './request';
import { resolveRun } from './resolve-run';
import { recordFailedTenant } from './run-metrics';
import { summaryOf } from './run-summary';
import { stepDimensions } from './step-dimensions';
import type { ResolvedRun, StepName, StepResult, Steps } from './steps';
import { syncSteps } from './sync-steps';

export type StepHandlers = {
  readonly [Name in StepName]: (
    input: Steps[Name]['input'],
    /** The W3C traceparent of who asks for the step, where an engine knows it. */
    parent?: string,
  ) => Promise<StepResult<Steps[Name]['output']>>;
};

/** How steps are done, and the stage that their failures name. They throw. */
export type StepWorkers<Names extends StepName> = {
  readonly [Name in Names]: {
    readonly stage: string;
    readonly run: (input: Steps[Name]['input']) => Promise<Steps[Name]['output']>;
  };
};

/** The steps over a platform, each in a span. None of them throws: whatever goes wrong is a failure value, logged where it was caught. */
export function stepHandlers(platform: BatchPlatform): StepHandlers {
  const resolving: StepWorkers<'resolveRun' | 'recordRun'> = {
    resolveRun: { stage: 'resolve', run: (request) => resolveAndCount(platform, request) },
    recordRun: {
      stage: 'record',
      run: async (ended) => {
        await writeRun(platform.metadata, summaryOf(ended, platform.clock.now()));
        return null;
      },
    },
  };
  return {
    ...guarded(platform, undefined, resolving),
    ...guarded(platform, 'export', exportSteps(platform)),
    ...guarded(platform, 'youtube', syncSteps(platform)),
  };
}

/** A tenant that cannot be run is one that failed, and has no step of its own that would count it. */
async function resolveAndCount(platform: BatchPlatform, request: BatchRequest): Promise<ResolvedRun> {
  const resolved = await resolveRun(platform, request);
  const { job, date } = request;
  for (const failure of resolved.refused) {
    recordFailedTenant(platform, { job, tenant: failure.tenant, date, run: instanceId(request) }, failure);
  }
  return resolved;
}

function guarded<Names extends StepName>(
  { log, telemetry }: BatchPlatform,
  job: Job | undefined,
  workers: StepWorkers<Names>,
): Pick<StepHandlers, Names> {
  const entries = Object.entries<StepWorkers<Names>[Names]>(workers).map(([name, { stage, run }]) => [
    name,
    (input: Steps[Names]['input'], parent?: string) =>
      telemetry.span(
        name,
        stepDimensions(job, stage, input),
        (span) => settled({ stage, log, span }, input, () => run(input)),
        parent,
      ),
  ]);
  return Object.fromEntries(entries);
}

interface Watched {
  readonly stage: string;
  readonly log: Log;
  readonly span: TelemetrySpan;
}

/** Does a step's work, and gives what it throws as a value, logged and with secrets masked. */
export async function settled<Output>(
  { stage, log, span }: Watched,
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
    span.failed(failure, error);
    return { ok: false, failure };
  }
}
