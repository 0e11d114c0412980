import { toFailure } from '../errors';
import { type Limiter, limiter, mapLimited } from '../limiter';
import type { Clock } from '../ports/clock';
import { waitBeforeNextTry } from './attempts';
import type { BatchPlatform } from './batch-platform';
import type { Flow } from './flow';
import { type JobReport, jobReport, type TenantReport } from './report';
import { type BatchRequest, instanceId } from './request';
import { refusedTenants } from './resolve-run';
import { type StepHandlers, stepHandlers } from './step-handlers';
import {
  endOfRun,
  type ResolvedRun,
  runChoices,
  type StepCall,
  type StepResult,
  type TenantRun,
  tenantDays,
} from './steps';
import { tenantFlow } from './tenant-flow';
import { stepOutOfTime, TimeBudget, tenantOutOfTime } from './time-budget';

/**
 * Steps that run side by side in one process, whatever tenant they are of: each shard holds its own buffers. As many as on an instance
 * of the function app (host.json, maxConcurrentActivityFunctions).
 */
export const STEPS_AT_ONCE = 4;

export interface InlineHooks {
  /** Called before a step is tried, and after it settled. */
  readonly onStep?: (call: StepCall, result: StepResult | undefined) => void;
  readonly onTenant?: (report: TenantReport) => void;
  /**
   * The milliseconds until something ends this process. A step that may not be over by then is not begun; what is under way is waited for,
   * and what is left has failed with `out_of_time`. Without it there is time for everything.
   */
  readonly timeLeftMs?: () => number;
  /** Shared by runs side by side: how many of their steps may be at work at a time. Without it, {@link STEPS_AT_ONCE}. */
  readonly steps?: Limiter;
}

/** What a run is carried out with. */
interface Engine {
  readonly handlers: StepHandlers;
  readonly clock: Clock;
  readonly hooks: InlineHooks;
  readonly budget: TimeBudget;
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
  const { clock } = platform;
  const engine = { handlers: stepHandlers(platform), clock, hooks, budget: new TimeBudget(hooks.timeLeftMs) };
  const resolved = await attempt(engine, { name: 'resolveRun', input: request });
  if (!resolved.ok)
    return { job: request.job, date: request.date, status: 'failed', failure: resolved.failure, tenants: [] };
  const plan = resolved.value as ResolvedRun;
  const choices = runChoices(request, plan);
  const { steps = limiter(STEPS_AT_ONCE) } = hooks;
  const runs = await mapLimited(tenantDays(plan), limiter(plan.tenantsAtOnce), async (tenant) => {
    const carryOut = (calls: readonly StepCall[]) => mapLimited(calls, steps, (call) => attempt(engine, call));
    const report = await runTenant(engine, { ...tenant, ...choices }, carryOut);
    hooks.onTenant?.(report);
    return report;
  });
  const report = jobReport(request.job, request.date, [...refusedTenants(plan.refused), ...runs]);
  // A run whose end cannot be recorded has ended all the same: what it did stands in its days' own records.
  const end = endOfRun(request, plan, report);
  if (end !== undefined) await attempt(engine, end);
  return report;
}

type CarryOut = (calls: readonly StepCall[]) => Promise<StepResult[]>;

async function runTenant({ clock, budget }: Engine, tenant: TenantRun, carryOut: CarryOut): Promise<TenantReport> {
  const begun = clock.now();
  if (!budget.hasTimeFor(tenant.job === 'youtube' ? 'planSync' : 'planExport')) {
    const failure = tenantOutOfTime(tenant);
    return { tenant: tenant.tenant, date: tenant.date, status: 'failed', failure, seconds: 0 };
  }
  try {
    return await drive(
      tenantFlow(tenant, () => clock.now()),
      carryOut,
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

async function drive<Result>(flow: Flow<Result>, carryOut: CarryOut): Promise<Result> {
  let next = flow.next([]);
  while (!next.done) next = flow.next(await carryOut(next.value));
  return next.value;
}

async function attempt({ handlers, clock, hooks, budget }: Engine, call: StepCall): Promise<StepResult> {
  const run = handlers[call.name] as (input: StepCall['input']) => Promise<StepResult>;
  if (!budget.hasTimeFor(call.name)) return { ok: false, failure: stepOutOfTime(call) };
  for (let tries = 1; ; tries++) {
    const begun = clock.now();
    hooks.onStep?.(call, undefined);
    const result = await run(call.input);
    hooks.onStep?.(call, result);
    budget.took(call.name, clock.now() - begun);
    const waitMs = result.ok ? undefined : waitBeforeNextTry(result.failure, tries);
    if (waitMs === undefined || !budget.hasTimeFor(call.name, waitMs)) return result;
    await clock.sleep(waitMs);
  }
}
