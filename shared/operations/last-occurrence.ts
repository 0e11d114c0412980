const MS_PER_DAY = 86_400_000;

/** The longest wait between two occurrences: from one 29 February over a century's end to the next. */
const DAYS_BACK = 8 * 366;

/**
 * The last instant at or before `atMs` that a schedule names; undefined where it named none in eight years.
 *
 * @param expression as `parseSchedule` spells it: six fields of numbers, in UTC
 */
export function lastOccurrence(expression: string, atMs: number): number | undefined {
  const [seconds, minutes, hours, days, months, weekdays] = fieldsOf(expression);
  const today = Math.floor(atMs / MS_PER_DAY) * MS_PER_DAY;
  for (let back = 0; back < DAYS_BACK; back++) {
    const midnight = today - back * MS_PER_DAY;
    const date = new Date(midnight);
    // Where both a day of the month and one of the week are named, both must hold: so NCrontab reads them, unlike cron.
    const isNamed =
      months?.has(date.getUTCMonth() + 1) && days?.has(date.getUTCDate()) && weekdays?.has(date.getUTCDay());
    if (!isNamed) continue;
    const found = lastTime([hours, minutes, seconds], back === 0 ? atMs - midnight : MS_PER_DAY - 1);
    if (found !== undefined) return midnight + found;
  }
  return undefined;
}

type Field = ReadonlySet<number> | undefined;

/** The last time of a day, in milliseconds since its midnight, that the fields name and that is not after `limit`. */
function lastTime([hours, minutes, seconds]: readonly [Field, Field, Field], limit: number): number | undefined {
  for (const hour of descending(hours)) {
    for (const minute of descending(minutes)) {
      const start = hour * 3_600_000 + minute * 60_000;
      const second = descending(seconds).find((value) => start + value * 1000 <= limit);
      if (second !== undefined) return start + second * 1000;
    }
  }
  return undefined;
}

function descending(field: Field): number[] {
  return [...(field ?? [])].sort((a, b) => b - a);
}

const RANGES = [
  [0, 59],
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 6],
] as const;

/** The values that each field of a schedule names, from seconds to days of the week. */
export function fieldsOf(expression: string): ReadonlySet<number>[] {
  const parts = expression.split(' ');
  return RANGES.map(([min, max], index) => valuesOf(parts[index] ?? '*', min, max));
}

function valuesOf(text: string, min: number, max: number): ReadonlySet<number> {
  const values = new Set<number>();
  for (const item of text.split(',')) {
    const [range = '', step = '1'] = item.split('/');
    const [first = '', last = first] = range === '*' ? [String(min), String(max)] : range.split('-');
    for (let value = Number(first); value <= Number(last); value += Number(step)) values.add(value);
  }
  return values;
}
