import { fieldsOf } from '../last-occurrence';

const MS_PER_DAY = 86_400_000;
/** The longest wait between two occurrences: from one 29 February over a century's end to the next. */
const DAYS_AHEAD = 8 * 366;

/**
 * The instants after `afterMs` that a schedule names, in order; fewer than `count` where it names no more in eight years.
 *
 * @param expression as `parseSchedule` spells it: six fields of numbers, in UTC
 */
export function nextOccurrences(expression: string, afterMs: number, count: number): number[] {
  const [seconds = NONE, minutes = NONE, hours = NONE, days, months, weekdays] = fieldsOf(expression);
  const today = Math.floor(afterMs / MS_PER_DAY) * MS_PER_DAY;
  const found: number[] = [];
  for (let ahead = 0; ahead < DAYS_AHEAD && found.length < count; ahead++) {
    const midnight = today + ahead * MS_PER_DAY;
    const date = new Date(midnight);
    // Where both a day of the month and one of the week are named, both must hold: so NCrontab reads them, unlike cron.
    const isNamed =
      months?.has(date.getUTCMonth() + 1) && days?.has(date.getUTCDate()) && weekdays?.has(date.getUTCDay());
    if (!isNamed) continue;
    for (const time of timesOfDay(hours, minutes, seconds)) {
      if (midnight + time > afterMs) found.push(midnight + time);
      if (found.length === count) break;
    }
  }
  return found;
}

const NONE: ReadonlySet<number> = new Set();

function* timesOfDay(
  hours: ReadonlySet<number>,
  minutes: ReadonlySet<number>,
  seconds: ReadonlySet<number>,
): Generator<number, void, undefined> {
  for (const hour of ascending(hours))
    for (const minute of ascending(minutes))
      for (const second of ascending(seconds)) yield hour * 3_600_000 + minute * 60_000 + second * 1000;
}

function ascending(values: ReadonlySet<number>): number[] {
  return [...values].sort((a, b) => a - b);
}
