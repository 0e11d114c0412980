import type { DurableContext } from '@aws/durable-execution-sdk-js';
import type { BoundedReports, TenantReport } from '../shared/batch/report';
import type { RunChoices, TenantDay } from '../shared/batch/steps';
import { type Failure, toFailure } from '../shared/errors';
import { fittedReport, joinedReports } from './bounded-report';

/**
 * The tenants of one execution, which may have 3,000 operations (Lambda user guide, "Monitoring durable functions"): a tenant takes four,
 * and one more for each shard and each retry.
 */
const MOST_TENANTS = 400;

/** Tenants of a run, and how many of them run at a time. */
export interface TenantGroup {
  readonly tenants: readonly TenantDay[];
  readonly choices: RunChoices;
  readonly tenantsAtOnce: number;
}

/** The event by which an execution has another one run a part of its tenants. */
interface GroupEvent {
  readonly group: TenantGroup;
}

/** The group that an execution asks for; undefined for whatever else an event is. */
export function groupOf(event: unknown): TenantGroup | undefined {
  const { group } = (typeof event === 'object' && event !== null ? event : {}) as Partial<GroupEvent>;
  return Array.isArray(group?.tenants) ? group : undefined;
}

/**
 * Runs the tenants of a run: here, or, where there are too many for one execution, in executions of the same function, one after the other, so
 * that no more tenants run at a time than may.
 */
export async function runGroups(
  context: DurableContext,
  whole: TenantGroup,
  runHere: (group: TenantGroup) => Promise<BoundedReports>,
): Promise<BoundedReports> {
  if (whole.tenants.length <= MOST_TENANTS) return runHere(whole);
  const { invokedFunctionArn } = context.lambdaContext;
  const ended: BoundedReports[] = [];
  for (let from = 0; from < whole.tenants.length; from += MOST_TENANTS) {
    const group = { ...whole, tenants: whole.tenants.slice(from, from + MOST_TENANTS) };
    const name = `tenants from ${from + 1}`;
    try {
      ended.push(await context.invoke<GroupEvent, BoundedReports>(name, invokedFunctionArn, { group }));
    } catch (error) {
      // The other groups' tenants are not to wait for another day.
      ended.push(joinedReports(group.tenants.map((tenant) => fittedReport(cutOff(tenant, error), SHORT_REPORT))));
    }
  }
  return joinedReports(ended);
}

const SHORT_REPORT = 512;

/** A tenant whose execution ended without a report: it was stopped, or took longer than an execution may. */
function cutOff({ tenant, date }: TenantDay, error: unknown): TenantReport {
  const [message = ''] = toFailure(error).message.split('\n', 1);
  const failure: Failure = { kind: 'transient', code: 'run_cut_off', message, tenant, stage: 'run' };
  return { tenant, date, status: 'failed', failure, seconds: 0 };
}
