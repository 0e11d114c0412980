import type { Failure } from '../errors';
import type { RunSummary } from '../history/run-summary';
import type { TenantReport } from './report';
import { instanceId } from './request';
import type { EndedRun } from './steps';

/** Failures of a run that its summary names; the days' own records have them all. */
const MOST_FAILURES = 50;

/** What a run's record says of it, from its report. @param nowMs the end of the run, epoch ms */
export function summaryOf({ startedAt, report, ...request }: EndedRun, nowMs: number): RunSummary {
  const { tenants, unlisted } = report;
  const ended = (status: TenantReport['status']) => tenants.filter((tenant) => tenant.status === status).length;
  return {
    run: instanceId(request),
    job: request.job,
    date: request.date,
    status: report.status,
    started_at: startedAt,
    ended_at: new Date(nowMs).toISOString(),
    requested_by: request.requestedBy ?? (request.scheduledAt === undefined ? 'request' : 'schedule'),
    tenants: {
      completed: ended('completed') + (unlisted?.completed ?? 0),
      failed: ended('failed') + (unlisted?.failed ?? 0),
    },
    figures: {
      ...figure('exported', tenants, unlisted?.exported),
      ...figure('bytes', tenants, unlisted?.bytes),
      ...figure('videos', tenants, unlisted?.videos),
      ...figure('quotaUnits', tenants, unlisted?.quotaUnits),
    },
    caught_up: count(tenants, ({ caughtUp = [] }) => caughtUp.length) + (unlisted?.caughtUp ?? 0),
    late_days: count(tenants, ({ lateDays = [] }) => lateDays.length) + (unlisted?.lateDays ?? 0),
    failures: failuresOf(report).slice(0, MOST_FAILURES),
  };
}

type Figure = 'exported' | 'bytes' | 'videos' | 'quotaUnits';

function figure(name: Figure, tenants: readonly TenantReport[], unlisted = 0): Partial<Record<Figure, number>> {
  const known = tenants.some((tenant) => tenant[name] !== undefined) || unlisted > 0;
  return known ? { [name]: count(tenants, (tenant) => tenant[name] ?? 0) + unlisted } : {};
}

function count(tenants: readonly TenantReport[], of: (tenant: TenantReport) => number): number {
  return tenants.reduce((sum, tenant) => sum + of(tenant), 0);
}

function failuresOf({ failure, tenants }: EndedRun['report']): Failure[] {
  const own = failure === undefined ? [] : [failure];
  return [
    ...own,
    ...tenants.flatMap((tenant) =>
      tenant.failure === undefined ? [] : [{ tenant: tenant.tenant, ...tenant.failure }],
    ),
  ];
}
