import { createHash } from 'node:crypto';
import { z } from 'zod';
import { checkTenants, collecting, schemaProblems } from '../../batch/run-arguments';
import { addDays, dateRange, parseBusinessDate } from '../../calendar';
import { InputError } from '../../errors';

/** Days that one backfill may be of: ten years. */
export const MAX_BACKFILL_DAYS = 3660;

/** Days that are run side by side, where nothing is said, and at most. */
export const DAYS_AT_ONCE = { usual: 2, most: 16 } as const;

/** What a backfill is asked for: exports of every tenant's days of a range. */
export interface BackfillRequest {
  readonly from: string;
  readonly to: string;
  /** Tenant ids, each once and in order; without it, those of the settings. */
  readonly tenants?: readonly string[];
  /** Days that are run side by side. */
  readonly concurrency: number;
  /** Whether days that are published are run too, and everything in them read again. */
  readonly force: boolean;
  /** As in BatchRequest. */
  readonly requestedBy?: string;
}

const CONCURRENCY_EXPECTED = `expected a whole number from 1 to ${DAYS_AT_ONCE.most}`;
const DATE_EXPECTED = 'expected a date as yyyy-mm-dd';

const schema = z.strictObject({
  from: z.string({ error: DATE_EXPECTED }),
  to: z.string({ error: DATE_EXPECTED }),
  tenants: z
    .array(z.string({ error: 'expected tenant ids' }), { error: 'expected an array of tenant ids' })
    .min(1, 'expected at least one tenant id')
    .optional(),
  concurrency: z
    .int({ error: CONCURRENCY_EXPECTED })
    .min(1, CONCURRENCY_EXPECTED)
    .max(DAYS_AT_ONCE.most, CONCURRENCY_EXPECTED)
    .default(DAYS_AT_ONCE.usual),
  force: z.boolean({ error: 'expected true or false' }).default(false),
});

/**
 * What a caller asks to be backfilled: the options of the command line, or what of the body of `POST /api/backfills` says it.
 *
 * @throws InputError with a line for every bad field
 */
export function backfillRequest(input: unknown): BackfillRequest {
  const parsed = schema.safeParse(input);
  const problems = schemaProblems(parsed.error?.issues ?? []);
  const given = (typeof input === 'object' && input !== null ? input : {}) as Readonly<Record<string, unknown>>;
  const { from, to } = given;
  if (typeof from === 'string') collecting(problems, () => [parseBusinessDate(from, 'from')]);
  if (typeof to === 'string') collecting(problems, () => [parseBusinessDate(to, 'to')]);
  checkTenants(given.tenants, problems);
  if (Object.keys(problems).length === 0 && typeof from === 'string' && typeof to === 'string') {
    collecting(problems, () => dateRange(from, to, MAX_BACKFILL_DAYS));
  }
  if (Object.keys(problems).length > 0 || !parsed.success) throw new InputError(problems);
  const { tenants, ...rest } = parsed.data;
  return { ...rest, ...(tenants === undefined ? {} : { tenants: [...new Set(tenants)].sort() }) };
}

/** The days of the range, oldest first. */
export function daysOf({ from, to }: Pick<BackfillRequest, 'from' | 'to'>): string[] {
  return dateRange(from, to, MAX_BACKFILL_DAYS);
}

/** A backfill's instance id: the same range of the same tenants is one at a time. */
export function backfillId({ from, to, tenants }: BackfillRequest): string {
  const digest =
    tenants === undefined ? '' : `-${createHash('sha256').update(tenants.join('\n')).digest('hex').slice(0, 8)}`;
  return `backfill-${from}-${to}${digest}`;
}

/** A first and a last day, both included. */
export type Stretch = readonly [from: string, to: string];

/** Ascending days as stretches without gaps: what thousands of days take little room as. */
export function stretchesOf(days: readonly string[]): Stretch[] {
  const stretches: [string, string][] = [];
  for (const day of days) {
    const last = stretches.at(-1);
    if (last !== undefined && addDays(last[1], 1) === day) last[1] = day;
    else stretches.push([day, day]);
  }
  return stretches;
}

const MS_PER_DAY = 86_400_000;

/** The days of stretches. Cheap: an orchestrator asks again in each of its turns. */
export function daysOfStretches(stretches: readonly Stretch[]): string[] {
  const days: string[] = [];
  for (const [from, to] of stretches) {
    for (let ms = Date.parse(from); ms <= Date.parse(to); ms += MS_PER_DAY)
      days.push(new Date(ms).toISOString().slice(0, 10));
  }
  return days;
}
