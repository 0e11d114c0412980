import { type DurableContext, NestingType, type RetryDecision } from '@aws/durable-execution-sdk-js';
import { waitBeforeNextTry } from '../shared/batch/attempts';
import type { StepCall, StepName, StepResult } from '../shared/batch/steps';
import { type Failure, toFailure } from '../shared/errors';

/** A step's result, and when it began and ended by the clock of whoever did it, in epoch ms: what is replayed has no clock of its own. */
export interface DoneStep {
  readonly result: StepResult;
  readonly begunMs: number;
  readonly endedMs: number;
}

/** How steps are done outside of what is replayed. */
export interface StepRunner {
  /** Does a step, here. Never rejects. */
  readonly run: (call: StepCall) => Promise<DoneStep>;
  /** The function that does {@link FANNED_OUT} steps, where there is one. */
  readonly worker: string | undefined;
}

/** The steps that a run has many of side by side: a function of its own for each, where there is a worker. */
const FANNED_OUT: readonly StepName[] = ['exportShard', 'fetchChannel'];

/** Steps of a tenant that are under way at a time: in this process, where each holds its own buffers, or in workers. */
const HERE_AT_ONCE = 2;
const WORKERS_AT_ONCE = 16;

/** A step is not begun in the last minute of an invocation: it is put off to the next one, as it would be cut off. */
const LEAST_MS = 60_000;
const PUT_OFF_SECONDS = 30;

class PutOff extends Error {}

/** Steps that may run side by side, with their results in the same order. Never rejects. */
export async function doSteps(
  context: DurableContext,
  runner: StepRunner,
  calls: readonly StepCall[],
): Promise<DoneStep[]> {
  const [first] = calls;
  if (first === undefined) return [];
  if (calls.length === 1) return [await attempt(context, runner, first)];
  const maxConcurrency = isFannedOut(runner, first) ? WORKERS_AT_ONCE : HERE_AT_ONCE;
  const batch = await context.map(first.name, [...calls], (each, call) => attempt(each, runner, call), {
    maxConcurrency,
    // An execution has 3,000 operations at most (Lambda user guide, "Monitoring durable functions"), and contexts count.
    nesting: NestingType.FLAT,
    itemNamer: (call, index) => nameOf(call, index),
  });
  return batch.all.map(({ result, error }, at) => result ?? cutOff(calls[at] ?? first, error));
}

/** A step with the retries that it is worth. Between them nothing runs, and nothing is paid. */
async function attempt(context: DurableContext, runner: StepRunner, call: StepCall): Promise<DoneStep> {
  let begunMs: number | undefined;
  for (let tries = 1; ; tries++) {
    const done = await runOnce(context, runner, call, tries);
    begunMs ??= done.begunMs;
    const { result } = done;
    const waitMs = result.ok ? undefined : waitBeforeNextTry(result.failure, tries);
    if (waitMs === undefined) return { ...done, begunMs };
    await context.wait(`${call.name} again`, { seconds: Math.ceil(waitMs / 1_000) });
  }
}

/** Steps give their failures as values. One that fails all the same was cut off: a timeout, too little memory. */
async function runOnce(context: DurableContext, runner: StepRunner, call: StepCall, tries: number): Promise<DoneStep> {
  const name = tries === 1 ? call.name : `${call.name} ${tries}`;
  try {
    const { worker } = runner;
    if (worker !== undefined && isFannedOut(runner, call)) {
      return await context.invoke<StepCall, DoneStep>(name, worker, call);
    }
    return await context.step(name, () => runHere(context, runner, call), { retryStrategy });
  } catch (error) {
    return cutOff(call, error);
  }
}

function runHere({ lambdaContext }: DurableContext, runner: StepRunner, call: StepCall): Promise<DoneStep> {
  if (lambdaContext.getRemainingTimeInMillis() < LEAST_MS)
    throw new PutOff('There is no time for the step in this invocation.');
  return runner.run(call);
}

/** The SDK's own retries are for what never began. */
function retryStrategy(error: Error): RetryDecision {
  return error instanceof PutOff ? { shouldRetry: true, delay: { seconds: PUT_OFF_SECONDS } } : { shouldRetry: false };
}

function isFannedOut({ worker }: StepRunner, { name }: StepCall): boolean {
  return worker !== undefined && FANNED_OUT.includes(name);
}

function nameOf({ name, input }: StepCall, index: number): string {
  return `${name} ${'shard' in input ? input.shard : index}`;
}

function cutOff({ name, input }: StepCall, error: unknown): DoneStep {
  const [message = ''] = toFailure(error).message.split('\n', 1);
  const tenant = 'tenant' in input ? { tenant: input.tenant } : {};
  const failure: Failure = { kind: 'transient', code: 'step_cut_off', message, ...tenant, stage: name };
  return { result: { ok: false, failure }, begunMs: 0, endedMs: 0 };
}
