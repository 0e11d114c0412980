import {
  type BoundedReports,
  boundedReports,
  type JobReport,
  jobReport,
  sumOfUnlisted,
  type TenantReport,
} from '../shared/batch/report';

/** A run's report in at most about `maxBytes` of JSON: tenants for whom there is no room are counted. Failed ones come first. */
export function boundedReport(report: JobReport, maxBytes: number): JobReport {
  const { job, date, failure } = report;
  const { tenants, unlisted } = boundedReports(report.tenants, report.unlisted, maxBytes);
  const bounded = jobReport(job, date, tenants, unlisted);
  return failure === undefined ? bounded : { ...bounded, failure };
}

/** Characters of a failure's message that are kept where the whole of a report has no room. */
const SHORT_MESSAGE = 120;

/**
 * One tenant's report in at most `maxBytes` of JSON: whole, else what is needed to name a failed tenant and why, else only counted. What a
 * map gives back is kept as one checkpoint, so that each of its items has a share of that.
 */
export function fittedReport(report: TenantReport, maxBytes: number): BoundedReports {
  const whole = boundedReports([report], undefined, maxBytes);
  if (whole.tenants.length > 0 || report.failure === undefined) return whole;
  const { tenant, status, failure } = report;
  const { kind, code, message } = failure;
  const short = { kind, code, message: message.slice(0, SHORT_MESSAGE), tenant };
  return boundedReports([{ tenant, status, failure: short, seconds: report.seconds }], undefined, maxBytes);
}

/** The reports of several, in order, as one. */
export function joinedReports(all: readonly BoundedReports[]): BoundedReports {
  return {
    tenants: all.flatMap(({ tenants }) => tenants),
    unlisted: sumOfUnlisted(all),
  };
}
