import * as df from 'durable-functions';
import { waitBeforeNextTry } from '../shared/batch/attempts';
import { divideIntoLanes } from '../shared/batch/lanes';
import {
  type BoundedReports,
  boundedReports,
  type JobReport,
  jobReport,
  sumOfUnlisted,
  type TenantReport,
} from '../shared/batch/report';
import type { BatchRequest } from '../shared/batch/request';
import { refusedTenants } from '../shared/batch/resolve-run';
import {
  endOfRun,
  type ResolvedRun,
  type RunChoices,
  runChoices,
  type StepCall,
  type StepResult,
  type TenantDay,
  type TenantRun,
  tenantDays,
} from '../shared/batch/steps';
import { tenantFlow } from '../shared/batch/tenant-flow';
import { type Failure, toFailure } from '../shared/errors';
import { firstLine } from './first-line';
import { ATTEMPT, DAILY_BATCH, TENANT_BATCH, TENANT_LANE } from './names';

// The rules of replay hold for everything below: the same decisions from the same history, no clock but the context's, no
// input or output. A fan-out's children never throw: Task.all would go on while siblings are still at work, and what
// is yielded then would be given a sibling's result.

interface Lane extends RunChoices {
  readonly tenants: readonly TenantDay[];
}

df.app.orchestration(DAILY_BATCH, function* dailyBatch(context: df.OrchestrationContext): Generator<
  df.Task,
  JobReport
> {
  const request = context.df.getInput() as BatchRequest;
  const { job, date } = request;
  const call: StepCall = { name: 'resolveRun', input: request };
  const resolved = (yield context.df.callSubOrchestrator(ATTEMPT, call)) as StepResult<ResolvedRun>;
  if (!resolved.ok) return { job, date, status: 'failed', failure: resolved.failure, tenants: [] };

  const { refused, tenantsAtOnce } = resolved.value;
  const tenants = tenantDays(resolved.value);
  context.df.setCustomStatus({ tenants: tenants.length, refused: refused.length });
  const choices = runChoices(request, resolved.value);
  const lanes = divideIntoLanes(tenants, tenantsAtOnce);
  const tasks = lanes.map((lane) =>
    context.df.callSubOrchestrator(TENANT_LANE, { tenants: lane, ...choices } satisfies Lane),
  );
  const ended = tasks.length === 0 ? [] : ((yield context.df.Task.all(tasks)) as BoundedReports[]);
  const all = boundedReports(
    [...refusedTenants(refused), ...ended.flatMap(({ tenants: reports }) => reports)],
    sumOfUnlisted(ended),
  );
  const report = jobReport(job, date, all.tenants, all.unlisted);
  // A run whose end cannot be recorded has ended all the same: what it did stands in its days' own records.
  const end = endOfRun(request, resolved.value, report);
  if (end !== undefined) yield context.df.callSubOrchestrator(ATTEMPT, end);
  return report;
});

/** Runs its tenants one after the other: as many lanes as tenants may run at a time keep that bound without a running window. */
df.app.orchestration(TENANT_LANE, function* tenantLane(context: df.OrchestrationContext): Generator<
  df.Task,
  BoundedReports
> {
  const { tenants, ...choices } = context.df.getInput() as Lane;
  const reports: TenantReport[] = [];
  for (const tenant of tenants) {
    reports.push(yield* runTenant(context, { ...tenant, ...choices }));
  }
  return boundedReports(reports);
});

/** A tenant that was stopped from outside, or met a defect, must not take the lane's other tenants with it. */
function* runTenant(context: df.OrchestrationContext, run: TenantRun): Generator<df.Task, TenantReport> {
  try {
    return (yield context.df.callSubOrchestrator(TENANT_BATCH, run)) as TenantReport;
  } catch (error) {
    const message = firstLine(error);
    const failure: Failure = { kind: 'transient', code: 'run_cut_off', message, tenant: run.tenant, stage: 'run' };
    return { tenant: run.tenant, date: run.date, status: 'failed', failure, seconds: 0 };
  }
}

df.app.orchestration(TENANT_BATCH, function* tenantBatch(context: df.OrchestrationContext): Generator<
  df.Task,
  TenantReport
> {
  const run = context.df.getInput() as TenantRun;
  const now = () => context.df.currentUtcDateTime.getTime();
  const begun = now();
  try {
    const flow = tenantFlow(run, now);
    let next = flow.next([]);
    while (!next.done) {
      const tasks = next.value.map((call) => context.df.callSubOrchestrator(ATTEMPT, call));
      next = flow.next((yield context.df.Task.all(tasks)) as StepResult[]);
    }
    return next.value;
  } catch (error) {
    const failure = toFailure(error, { tenant: run.tenant, stage: 'run' });
    return { tenant: run.tenant, date: run.date, status: 'failed', failure, seconds: (now() - begun) / 1000 };
  }
});

df.app.orchestration(ATTEMPT, function* attempt(context: df.OrchestrationContext): Generator<df.Task, StepResult> {
  const call = context.df.getInput() as StepCall;
  for (let tries = 1; ; tries++) {
    const result: StepResult = yield* runOnce(context, call);
    const waitMs = result.ok ? undefined : waitBeforeNextTry(result.failure, tries);
    if (waitMs === undefined) return result;
    yield context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + waitMs));
  }
});

/** Steps give their failures as values. One that throws all the same was cut off by the host: a timeout, a lost worker. */
function* runOnce(context: df.OrchestrationContext, { name, input }: StepCall): Generator<df.Task, StepResult> {
  try {
    return (yield context.df.callActivity(name, input)) as StepResult;
  } catch (error) {
    return { ok: false, failure: { kind: 'transient', code: 'step_cut_off', message: firstLine(error), stage: name } };
  }
}
