import type { JobReport, TenantReport } from '../shared/batch/report';
import { instanceId } from '../shared/batch/request';
import { BatchError, type Failure } from '../shared/errors';
import { errorDimensions } from '../shared/logging/error-dimensions';
import type { Log } from '../shared/ports/log';

/** As many failed tenants as an error's message has room for. */
const MOST_NAMED = 20;
const LONGEST_MESSAGE = 300;
const MOST_DAYS = 7;

/**
 * A run that is not completed, told by failing: what counts errors of a function counts it, and who invoked it sees it. The message
 * names the tenants that failed and why, the first ones of many; the log and the run records have all of them.
 */
export class RunNotCompletedError extends BatchError {
  constructor({ job, date, status, failure, tenants, unlisted }: JobReport) {
    const failures = [...(failure === undefined ? [] : [{ failure, days: '' }]), ...tenants.flatMap(failureOf)];
    const named = failures.slice(0, MOST_NAMED).map((each) => `${shortly(each.failure)}${each.days}`);
    const more = failures.length - named.length + (unlisted?.failed ?? 0);
    const rest = more > 0 ? [`and ${more} more`] : [];
    const completed = tenants.filter((tenant) => tenant.status === 'completed').length + (unlisted?.completed ?? 0);
    const count = `${completed} of ${tenants.length + (unlisted?.completed ?? 0) + (unlisted?.failed ?? 0)} tenants completed`;
    super(`${job}-${date} is ${status}, ${count}. ${[...named, ...rest].join('; ')}`, {
      code: 'run_not_completed',
      kind: failures.every((each) => each.failure.kind === 'transient') ? 'transient' : 'permanent',
    });
  }
}

/** A run that has ended, told to the log. @throws RunNotCompletedError where it is not completed */
export function completedRun(report: JobReport, log: Log): JobReport {
  const { job, date, status, tenants, unlisted } = report;
  const dimensions = { job, date, run: instanceId(report), stage: 'run' };
  if (status === 'completed') {
    log.info('The run is completed.', { ...dimensions, tenants: tenants.length + (unlisted?.completed ?? 0) });
    return report;
  }
  const error = new RunNotCompletedError(report);
  log.error('The run is not completed.', { ...dimensions, ...errorDimensions(error) });
  throw error;
}

interface NamedFailure {
  readonly failure: Failure;
  /** The days before the run's own that are left too, in words. */
  readonly days: string;
}

function failureOf({ tenant, failure, caughtUp = [], lateDays = [] }: TenantReport): readonly NamedFailure[] {
  if (failure === undefined) return [];
  const left = [...caughtUp, ...lateDays].filter(({ status }) => status === 'failed').map(({ date }) => date);
  return [{ failure: { ...failure, tenant }, days: left.length > 0 ? ` (${daysBefore(left)})` : '' }];
}

function daysBefore(dates: readonly string[]): string {
  const more = dates.length > MOST_DAYS ? ` and ${dates.length - MOST_DAYS} more` : '';
  return `days before it that are left: ${dates.slice(0, MOST_DAYS).join(', ')}${more}`;
}

function shortly({ tenant, stage, code, message }: Failure): string {
  const place = [tenant, stage].filter((name) => name !== undefined && name !== '').join(' ');
  const said = message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message;
  return `${place === '' ? '' : `${place}: `}${code}: ${said}`;
}
