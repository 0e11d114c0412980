import { z } from 'zod';
import { dateRange, parseBusinessDate } from '../calendar';
import { InputError } from '../errors';
import type { Clock } from '../ports/clock';
import type { Settings } from '../settings';
import { assertTenantId } from '../tenant-id';
import { type JobSettings, missingSettings } from './configured-jobs';
import { type BatchRequest, JOBS } from './request';
import { scheduledRequest } from './scheduled-request';

/** Days that one call may ask for. */
export const MAX_DAYS = 31;

const VIDEO_EXPECTED = 'expected the id of a video, 11 characters such as dQw4w9WgXcQ';

const schema = z.strictObject({
  job: z.enum(JOBS, { error: `expected one of ${JOBS.join(', ')}` }),
  date: z.string({ error: 'expected a date as yyyy-mm-dd' }).optional(),
  from: z.string({ error: 'expected a date as yyyy-mm-dd' }).optional(),
  to: z.string({ error: 'expected a date as yyyy-mm-dd' }).optional(),
  tenants: z
    .array(z.string({ error: 'expected tenant ids' }), { error: 'expected an array of tenant ids' })
    .min(1, 'expected at least one tenant id')
    .optional(),
  force: z.boolean({ error: 'expected true or false' }).default(false),
  video: z
    .string({ error: VIDEO_EXPECTED })
    .regex(/^[A-Za-z0-9_-]{11}$/, VIDEO_EXPECTED)
    .optional(),
});

/**
 * What a caller asks to be run, as one request a day: the body of `POST /api/runs`, or the options of the command line.
 * Without a date it is the day that the schedule would run now.
 *
 * @throws InputError with a line for every bad field
 */
export function runRequests(
  input: unknown,
  settings: Pick<Settings, 'businessTimeZone' | 'targetDateOffset'> & JobSettings,
  clock: Pick<Clock, 'now'>,
): BatchRequest[] {
  const parsed = schema.safeParse(input);
  const problems = schemaProblems(parsed.error?.issues ?? []);
  const given = (typeof input === 'object' && input !== null ? input : {}) as Readonly<Record<string, unknown>>;
  const dates = datesOf(given, problems);
  checkJob(given, settings, problems);
  checkTenants(given.tenants, problems);
  if (Object.keys(problems).length > 0 || !parsed.success) throw new InputError(problems);

  const { job, tenants, force, video } = parsed.data;
  const common = {
    job,
    force,
    ...(tenants === undefined ? {} : { tenants: [...new Set(tenants)] }),
    ...(video === undefined ? {} : { video }),
  };
  if (dates !== undefined) return dates.map((date) => ({ ...common, date }));
  return [{ ...scheduledRequest(job, { settings, clock }), ...common }];
}

/** Fields that only one of the jobs knows, and settings that only one needs. */
function checkJob(
  given: Readonly<Record<string, unknown>>,
  settings: JobSettings,
  problems: Record<string, string>,
): void {
  if (given.job === 'export' && given.video !== undefined) problems.video ??= 'belongs to the job youtube';
  if (given.job !== 'youtube') return;
  const missing = missingSettings('youtube', settings);
  if (missing.length > 0) problems.job ??= `the job youtube is not set up: ${missing.join(', ')}`;
  for (const name of ['date', 'from', 'to']) {
    if (given[name] === undefined) continue;
    problems[name] = 'the job youtube takes no date: it reads the channels as they are now';
  }
}

export function schemaProblems(issues: readonly z.core.$ZodIssue[]): Record<string, string> {
  // Without a prototype: a field may be called __proto__.
  const problems: Record<string, string> = Object.create(null);
  for (const issue of issues) {
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) problems[key] = 'is not a known field';
    } else if (issue.path.length === 0) {
      problems.body = 'expected a JSON object';
    } else {
      problems[String(issue.path[0])] ??= issue.message;
    }
  }
  return problems;
}

function datesOf(given: Readonly<Record<string, unknown>>, problems: Record<string, string>): string[] | undefined {
  const { date, from, to } = given;
  const text = (value: unknown): value is string => typeof value === 'string';
  if (date !== undefined && (from !== undefined || to !== undefined)) {
    problems.date ??= 'expected either date, or from and to, not both';
    return undefined;
  }
  if (text(date)) return collecting(problems, () => [parseBusinessDate(date, 'date')]);
  if (from === undefined && to === undefined) return undefined;
  if (to === undefined) problems.to ??= 'is missing: from needs it';
  if (from === undefined) problems.from ??= 'is missing: to needs it';
  if (text(from)) collecting(problems, () => [parseBusinessDate(from, 'from')]);
  if (text(to)) collecting(problems, () => [parseBusinessDate(to, 'to')]);
  const bothGood = text(from) && text(to) && problems.from === undefined && problems.to === undefined;
  return bothGood ? collecting(problems, () => dateRange(from, to, MAX_DAYS)) : undefined;
}

export function checkTenants(tenants: unknown, problems: Record<string, string>): void {
  if (!Array.isArray(tenants)) return;
  for (const tenant of tenants) {
    if (typeof tenant !== 'string') continue;
    try {
      assertTenantId(tenant);
    } catch (error) {
      problems.tenants ??= error instanceof Error ? error.message : String(error);
    }
  }
}

export function collecting(problems: Record<string, string>, read: () => string[]): string[] | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    for (const [field, problem] of Object.entries(error.fields)) problems[field] ??= problem;
    return undefined;
  }
}
