import { toFailure } from '../errors';
import { orderedMap } from '../ordered-map';
import type { Clock } from '../ports/clock';
import { waitBeforeNextTry } from './attempts';
import type { BatchPlatform } from './batch-platform';
import type { Flow } from './flow';
import { type JobReport, jobReport, type TenantReport } from './report';
import { type BatchRequest, instanceId } from './request';
import { refusedTenants } from './resolve-run';
import { type StepHandlers, stepHandlers } from './step-handlers';
import { type ResolvedRun, runChoices, type StepCall, type StepResult, type TenantRun, tenantDays } from './steps';
import { tenantFlow } from './tenant-flow';

/** Shards of one tenant that run side by side in one process: each holds its own buffers. */
const STEPS_AT_ONCE = 2;

export interface InlineHooks {
  /** Called before a step is tried, and after it settled. */
  readonly onStep?: (call: StepCall, result: StepResult | undefined) => void;
  readonly onTenant?: (report: TenantReport) => void;
}

/**
 * Runs a request in this process, without an orchestrator: for the command line, and wherever one function is all there is. The
 * decisions are the same as in the durable engine; what it has not is a memory of its own, so a run that was killed starts
 * over, and finds by listing what is already published.
 */
export function runInline(platform: BatchPlatform, request: BatchRequest, hooks: InlineHooks = {}): Promise<JobReport> {
  const { job, date } = request;
  return platform.telemetry.span('run', { job, date, run: instanceId(request) }, () => run(platform, request, hooks));
}

async function run(platform: BatchPlatform, request: BatchRequest, hooks: InlineHooks): Promise<JobReport> {
  const handlers = stepHandlers(platform);
  const resolved = await attempt(handlers, platform.clock, { name: 'resolveRun', input: request }, hooks);
  if (!resolved.ok)
    return { job: request.job, date: request.date, status: 'failed', failure: resolved.failure, tenants: [] };
  const plan = resolved.value as ResolvedRun;
  const reports: TenantReport[] = refusedTenants(plan.refused);
  const choices = runChoices(request, plan);
  const runs = orderedMap(tenantDays(plan), plan.tenantsAtOnce, async (tenant) => {
    const report = await runTenant(handlers, platform.clock, { ...tenant, ...choices }, hooks);
    hooks.onTenant?.(report);
    return report;
  });
  for await (const report of runs) reports.push(report);
  return jobReport(request.job, request.date, reports);
}

async function runTenant(
  handlers: StepHandlers,
  clock: Clock,
  tenant: TenantRun,
  hooks: InlineHooks,
): Promise<TenantReport> {
  const begun = clock.now();
  try {
    return await drive(
      tenantFlow(tenant, () => clock.now()),
      async (calls) => {
        const results: StepResult[] = [];
        for await (const result of orderedMap(calls, STEPS_AT_ONCE, (call) => attempt(handlers, clock, call, hooks)))
          results.push(result);
        return results;
      },
    );
  } catch (error) {
    // A defect in the flow of one tenant must not stop the others.
    const failure = toFailure(error, { tenant: tenant.tenant, stage: 'run' });
    return {
      tenant: tenant.tenant,
      date: tenant.date,
      status: 'failed',
      failure,
      seconds: (clock.now() - begun) / 1000,
    };
  }
}

async function drive<Result>(
  flow: Flow<Result>,
  carryOut: (calls: readonly StepCall[]) => Promise<StepResult[]>,
): Promise<Result> {
  let next = flow.next([]);
  while (!next.done) next = flow.next(await carryOut(next.value));
  return next.value;
}

async function attempt(handlers: StepHandlers, clock: Clock, call: StepCall, hooks: InlineHooks): Promise<StepResult> {
  const run = handlers[call.name] as (input: StepCall['input']) => Promise<StepResult>;
  for (let tries = 1; ; tries++) {
    hooks.onStep?.(call, undefined);
    const result = await run(call.input);
    hooks.onStep?.(call, result);
    const waitMs = result.ok ? undefined : waitBeforeNextTry(result.failure, tries);
    if (waitMs === undefined) return result;
    await clock.sleep(waitMs);
  }
}
