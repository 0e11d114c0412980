import type { BatchResult, DurableContext } from '@aws/durable-execution-sdk-js';
import { type BoundedReports, type JobReport, jobReport, type TenantReport } from '../shared/batch/report';
import type { BatchRequest } from '../shared/batch/request';
import { refusedTenants } from '../shared/batch/resolve-run';
import {
  endOfRun,
  type ResolvedRun,
  runChoices,
  type TenantDay,
  type TenantRun,
  tenantDays,
} from '../shared/batch/steps';
import { tenantFlow } from '../shared/batch/tenant-flow';
import { BatchError, type Failure, toFailure } from '../shared/errors';
import { boundedReport, fittedReport, joinedReports } from './bounded-report';
import { type DoneStep, doSteps, type StepRunner } from './durable-steps';
import { groupOf, runGroups, type TenantGroup } from './tenant-groups';

// The rules of replay hold for everything below: the same decisions from the same history, no input or output and no clock outside of steps.
// A failure is a value, so that one tenant's is never another's.

/** What the tenants of a run give back all together: well below the 256 KiB of a checkpoint, above which a map is replayed otherwise. */
const TENANTS_BYTES = 128 * 1024;

/** What the durable function works with. */
export interface DurableTools extends StepRunner {
  /** The request that an event asks for, by the clock of now. @throws EventError */
  readonly requestOf: (event: unknown) => BatchRequest;
  /** Tells the log how the run has ended. @throws RunNotCompletedError */
  readonly ended: (report: JobReport) => JobReport;
}

type Requested = { readonly request: BatchRequest } | { readonly failure: Failure };

/**
 * A run as a durable execution: which tenants it is for, then each of them in a context of its own, some at a time. Nothing but references
 * and figures is kept. Of very many tenants, other executions of the function run some each: those give the tenants' reports.
 *
 * @throws BatchError where the event asks for nothing, RunNotCompletedError where the run is not completed
 */
export async function dailyBatch(
  event: unknown,
  context: DurableContext,
  tools: DurableTools,
): Promise<JobReport | BoundedReports> {
  const group = groupOf(event);
  if (group !== undefined) return await runTenants(context, tools, group);
  // In a step, because "yesterday" must not become another day when the execution goes on after midnight.
  const requested = await context.step('request', () => readRequest(event, tools), {
    retryStrategy: () => ({ shouldRetry: false }),
  });
  if ('failure' in requested) throw new BatchError(requested.failure.message, requested.failure);
  const report = await runRequest(requested.request, context, tools);
  return boundedReport(tools.ended(report), TENANTS_BYTES);
}

async function readRequest(event: unknown, { requestOf }: DurableTools): Promise<Requested> {
  try {
    return { request: requestOf(event) };
  } catch (error) {
    return { failure: toFailure(error, { stage: 'start' }) };
  }
}

async function runRequest(request: BatchRequest, context: DurableContext, runner: StepRunner): Promise<JobReport> {
  const { job, date } = request;
  const [resolved] = await doSteps(context, runner, [{ name: 'resolveRun', input: request }]);
  if (resolved === undefined || !resolved.result.ok) {
    const failure = resolved?.result.ok === false ? resolved.result.failure : undefined;
    return { ...jobReport(job, date, []), ...(failure === undefined ? {} : { failure }) };
  }
  const run = resolved.result.value as ResolvedRun;
  const choices = runChoices(request, run);
  const whole = { tenants: tenantDays(run), choices, tenantsAtOnce: run.tenantsAtOnce };
  const ended = await runGroups(context, whole, (group) => runTenants(context, runner, group));
  const report = jobReport(job, date, [...refusedTenants(run.refused), ...ended.tenants], ended.unlisted);
  // A run whose end cannot be recorded has ended all the same: what it did stands in its days' own records.
  const end = endOfRun(request, run, report);
  if (end !== undefined) await doSteps(context, runner, [end]);
  return report;
}

async function runTenants(
  context: DurableContext,
  runner: StepRunner,
  { tenants, choices, tenantsAtOnce }: TenantGroup,
): Promise<BoundedReports> {
  const share = Math.floor(TENANTS_BYTES / Math.max(1, tenants.length));
  const batch = await context.map(
    'tenants',
    [...tenants],
    async (each, tenant) => fittedReport(await runTenant(each, runner, { ...tenant, ...choices }), share),
    { maxConcurrency: tenantsAtOnce, itemNamer: ({ tenant }) => tenant },
  );
  return joinedReports(reportsOf(batch, tenants));
}

function reportsOf({ all }: BatchResult<BoundedReports>, tenants: readonly TenantDay[]): BoundedReports[] {
  return tenants.map((tenant, at) => {
    const { result, error } = all[at] ?? {};
    if (result !== undefined) return result;
    return { tenants: [failedTenant(tenant, error)], unlisted: { completed: 0, failed: 0 } };
  });
}

async function runTenant(context: DurableContext, runner: StepRunner, tenant: TenantRun): Promise<TenantReport> {
  const times: DoneStep[] = [];
  try {
    // The flow tells how long it took by this clock, which is known only after its first step: so it is told again below.
    const flow = tenantFlow(tenant, () => times.at(-1)?.endedMs ?? 0);
    let next = flow.next([]);
    while (!next.done) {
      const done = await doSteps(context, runner, next.value);
      times.push(...done);
      next = flow.next(done.map(({ result }) => result));
    }
    return { ...next.value, seconds: secondsOf(times) };
  } catch (error) {
    // A defect in the flow of one tenant must not stop the others.
    return failedTenant(tenant, error);
  }
}

/** From the first step's begin to the last one's end. One that was cut off has told neither. */
function secondsOf(times: readonly DoneStep[]): number {
  const told = times.filter(({ endedMs }) => endedMs > 0);
  if (told.length === 0) return 0;
  const begun = Math.min(...told.map(({ begunMs }) => begunMs));
  const ended = Math.max(...told.map(({ endedMs }) => endedMs));
  return Math.round((ended - begun) / 100) / 10;
}

function failedTenant({ tenant, date }: TenantDay, error: unknown): TenantReport {
  return { tenant, date, status: 'failed', failure: toFailure(error, { tenant, stage: 'run' }), seconds: 0 };
}
