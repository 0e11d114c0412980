import type { DurableContext } from '@aws/durable-execution-sdk-js';
import type { BoundedReports, TenantReport } from '../shared/batch/report';
import type { RunChoices, TenantDay } from '../shared/batch/steps';
import { type Failure, toFailure } from '../shared/errors';
import { fittedReport, joinedReports } from './bounded-report';

/**
 * Operations that the tenants of one execution are expected to take. It may have 3,000 (Lambda user guide, "Monitoring durable functions"): the
 * rest is for further shards and channels, and for retries.
 */
const MOST_OPERATIONS = 1_600;

/** Channels that a tenant is expected to have at the most. */
const CHANNELS = 10;

/** The operations that a tenant takes where all that there may be to be done is: its context, and its steps. */
function operationsOf({ job, lookBack }: RunChoices): number {
  // planSync, loadSync, pruneSync and recordSync
  if (job === 'youtube') return 1 + 4 + CHANNELS;
  // planExport, exportShard and publishExport
  const ofDay = 3;
  if (lookBack === undefined) return 1 + ofDay;
  // surveyDays, and days of the past: each of them is either made up for or late.
  return 1 + 1 + (1 + Math.max(lookBack.catchUpDays, lookBack.lateWindowDays)) * ofDay;
}

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
  const mostTenants = Math.max(1, Math.floor(MOST_OPERATIONS / operationsOf(whole.choices)));
  if (whole.tenants.length <= mostTenants) return runHere(whole);
  const { invokedFunctionArn } = context.lambdaContext;
  const ended: BoundedReports[] = [];
  for (let from = 0; from < whole.tenants.length; from += mostTenants) {
    const group = { ...whole, tenants: whole.tenants.slice(from, from + mostTenants) };
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
