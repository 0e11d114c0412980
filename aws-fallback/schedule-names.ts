import { JOBS, type Job } from '../shared/batch/request';

/**
 * The job that the name of a rule or a schedule tells: `makoto-daily-batch-export` is the export's.
 *
 * @param resources ARNs as in the `resources` of an event: `arn:aws:events:REGION:ACCOUNT:rule/NAME` and
 *   `arn:aws:scheduler:REGION:ACCOUNT:schedule/GROUP/NAME`
 * @returns undefined where the name has no job in it, or more than one
 */
export function jobOfSchedule(resources: unknown): Job | undefined {
  const arns: readonly unknown[] = Array.isArray(resources) ? resources : [];
  const words = arns
    .filter((arn) => typeof arn === 'string')
    .flatMap((arn) => (arn.split('/').at(-1) ?? '').toLowerCase().split(/[^a-z0-9]+/));
  const jobs = JOBS.filter((job) => words.includes(job));
  return jobs.length === 1 ? jobs[0] : undefined;
}
