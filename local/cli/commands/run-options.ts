import { Argument, type Command } from 'commander';
import { configuredJobs, missingSettings } from '../../../shared/batch/configured-jobs';
import { type BatchRequest, JOBS, type Job } from '../../../shared/batch/request';
import { runRequests } from '../../../shared/batch/run-arguments';
import type { Settings } from '../../../shared/settings';
import { collect } from '../cli-command';
import type { CliSession } from '../cli-session';

/** What `run` and `plan` are given, as it was typed. */
export interface RunOptions {
  readonly date?: string;
  readonly from?: string;
  readonly to?: string;
  readonly tenant?: readonly string[];
  readonly force?: boolean;
  readonly video?: string;
}

/** The argument and options that `run` and `plan` share. */
export function addRunOptions(command: Command): Command {
  return command
    .addArgument(new Argument('<job>', 'which job').choices([...JOBS, 'all']))
    .option(
      '--date <date>',
      'export: the business date, as yyyy-mm-dd; without one, the day that the schedule would run now',
    )
    .option('--from <date>', 'export: the first of several business dates')
    .option('--to <date>', 'export: the last of several business dates')
    .option('--tenant <id>', 'a tenant, instead of those in TENANT_ID; may be given more than once', collect);
}

/** All jobs means every job that the settings are complete for. Dates are the export's: a sync knows only now. */
export function requestsOf(
  job: Job | 'all',
  { date, from, to, tenant, force, video }: RunOptions,
  settings: Settings,
  { display, edges: { clock } }: CliSession,
): BatchRequest[] {
  const days = defined({ date, from, to });
  const options = defined({ tenants: tenant, force, video });
  if (job !== 'all') return runRequests({ job, ...days, ...options }, settings, clock);
  const jobs = configuredJobs(settings);
  for (const left of JOBS.filter((each) => !jobs.includes(each))) {
    display.step(`${left} is left out: ${missingSettings(left, settings).join(', ')}`);
  }
  return jobs.flatMap((each) =>
    runRequests({ job: each, ...(each === 'export' ? days : {}), ...options }, settings, clock),
  );
}

function defined(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
