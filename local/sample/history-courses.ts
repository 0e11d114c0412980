import type { Failure } from '../../shared/errors';
import type { HistoryPlan, PlannedTenant } from './history-tenants';
import { Random } from './random';

/** What became of a tenant's day, night by night; nights are days since 1970-01-01 in UTC. */
export interface DayCourse {
  /** When it was published first; undefined where it never was. */
  readonly publishedOn?: number;
  /** When it came out anew, with messages that came late. */
  readonly revisedOn?: number;
  /** Nights on which it failed, the first and the last. */
  readonly failedOn?: number;
  readonly lastFailedOn?: number;
  readonly failure?: Failure;
}

type Fate = 'published' | 'late' | 'mended' | 'failed' | 'missing' | 'troubled';

const FATES: readonly Fate[] = ['published', 'late', 'mended', 'failed', 'missing', 'troubled'];
const WEIGHTS = [9_400, 300, 200, 15, 25, 60];

/** What the first tenants of any history have close to its end, so that even a short one shows all there is. */
const STAGED: readonly (readonly [place: number, daysBefore: number, fate: Fate])[] = [
  [0, 3, 'late'],
  [1, 1, 'mended'],
  [1, 5, 'troubled'],
  [2, 4, 'missing'],
  [2, 0, 'failed'],
];

/** A failed day that no run could mend is tried again for as long. */
const CATCH_UP_NIGHTS = 7;

/** The course of a day up to the last night; undefined where no run ever came to it. */
export function courseOf(plan: HistoryPlan, tenant: PlannedTenant, day: number): DayCourse | undefined {
  if (day < tenant.sinceDay || day > plan.to) return undefined;
  const night = day + tenant.lag;
  const first = plan.outages.has(night) ? night + 1 : night;
  const course = courseFrom(plan, first, fateOf(plan, tenant, day), tenant, day);
  return course === undefined || first > plan.lastNight ? undefined : course;
}

function courseFrom(
  { seed, lastNight }: HistoryPlan,
  night: number,
  fate: Fate,
  { id }: PlannedTenant,
  day: number,
): DayCourse | undefined {
  if (fate === 'missing') return undefined;
  if (fate === 'published') return { publishedOn: night };
  const random = new Random(`${seed}/course/${id}/${day}`);
  switch (fate) {
    case 'late': {
      const revisedOn = night + random.integer(1, 2);
      return { publishedOn: night, ...(revisedOn <= lastNight ? { revisedOn } : {}) };
    }
    case 'mended': {
      const failed = { failedOn: night, lastFailedOn: night, failure: random.pick(PASSING) };
      return night + 1 <= lastNight ? { ...failed, publishedOn: night + 1 } : failed;
    }
    case 'failed':
      return {
        failedOn: night,
        lastFailedOn: Math.min(night + CATCH_UP_NIGHTS, lastNight),
        failure: random.pick(LASTING),
      };
    case 'troubled':
      if (night + 1 > lastNight) return { publishedOn: night };
      return { publishedOn: night, failedOn: night + 1, lastFailedOn: night + 1, failure: random.pick(PASSING) };
  }
}

function fateOf({ seed, to, lastNight }: HistoryPlan, { id, place, lag }: PlannedTenant, day: number): Fate {
  const before = Math.min(to, lastNight - lag) - day;
  const staged = STAGED.find(([who, when]) => who === place && when === before);
  if (staged !== undefined) return staged[2];
  return FATES[new Random(`${seed}/fate/${id}/${day}`).weighted(WEIGHTS)] ?? 'published';
}

/** Nights on which no run began at all: the next one makes up for them. There is none in the last week. */
export function outagesOf({ seed, from, lastNight }: Omit<HistoryPlan, 'outages'>): Set<number> {
  const outages = new Set<number>();
  for (let night = from; night < lastNight - CATCH_UP_NIGHTS; night++) {
    if (new Random(`${seed}/outage/${night}`).weighted([1, 250]) === 0) outages.add(night);
  }
  return outages;
}

const PASSING: readonly Failure[] = [
  {
    kind: 'transient',
    code: 'storage_throttled',
    message: 'Listing in the container makoto-messages was refused at each of 8 tries: the storage account is busy.',
    stage: 'plan',
  },
  {
    kind: 'transient',
    code: 'input_changed',
    message: 'An object was changed or removed while its day was being read.',
    stage: 'collect',
  },
  { kind: 'transient', code: 'step_cut_off', message: 'The host ended the step before it was done.', stage: 'collect' },
  {
    kind: 'transient',
    code: 'metadata_timeout',
    message: 'Reading the users of the tenant took longer than 30 s, at each of 8 tries.',
    stage: 'plan',
  },
];

const LASTING: readonly Failure[] = [
  {
    kind: 'configuration',
    code: 'access_denied',
    message: 'The identity may not read the container makoto-messages. Give it the role Storage Blob Data Contributor.',
    stage: 'plan',
  },
  {
    kind: 'permanent',
    code: 'object_not_found',
    message: 'A working paper of the day was removed while its shards were published.',
    stage: 'publish',
  },
];
