import { Temporal } from 'temporal-polyfill';
import { InputError } from './errors';

/** A date as `yyyy-mm-dd`, years 0000 to 9999. {@link parseBusinessDate} makes one from anything a person typed. */
export type BusinessDate = string;

/**
 * `[start, end)` of one date in one zone, in milliseconds since 1970-01-01T00:00:00Z. `hours` is 24, at a clock change
 * mostly 23 or 25 (half hours and up to three hours either way are on record), and 0 where the zone skipped the date.
 */
export interface BusinessDay {
  readonly date: BusinessDate;
  readonly zone: string;
  readonly start: number;
  readonly end: number;
  readonly hours: number;
}

const MS_PER_HOUR = 3_600_000;
const MS_PER_DAY = 86_400_000;
const EPOCH = Temporal.PlainDate.from('1970-01-01');

/**
 * The date that `text` names, exactly as `yyyy-mm-dd`.
 *
 * @throws InputError under the name `field`, where the text has another form or names no real date
 */
export function parseBusinessDate(text: string, field = 'date'): BusinessDate {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) {
    throw new InputError({ [field]: `expected a date as yyyy-mm-dd, got ${JSON.stringify(text)}` });
  }
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString();
  } catch (error) {
    if (error instanceof RangeError) {
      throw new InputError({ [field]: `expected a date that exists, got ${JSON.stringify(text)}` });
    }
    throw error;
  }
}

/**
 * The name that the IANA time zone database spells for `text` (letter case does not matter), or undefined where it has
 * none. A raw offset such as `+09:00` is not a zone here: a zone is a name, whose rules can change without the settings
 * changing; whoever wants a fixed offset says `Etc/GMT-9`.
 */
export function timeZoneName(text: string): string | undefined {
  if (!/^[A-Za-z]/.test(text)) return undefined;
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text).timeZoneId;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Whether `text` is the name of an IANA time zone; see {@link timeZoneName}. */
export function isTimeZone(text: string): boolean {
  return timeZoneName(text) !== undefined;
}

/**
 * The business day of a date: from its first midnight in the zone to the next date's.
 *
 * Where a clock change takes midnight away, the day begins when the clocks land; where midnight comes twice, at the first.
 * A date that the zone skipped (Pacific/Apia, 2011-12-30) is an empty day. So the days of a zone abut, and every instant
 * lies in exactly one.
 *
 * @throws InputError where `date` is no date; RangeError where `zone` is no zone
 */
export function businessDay(date: BusinessDate, zone: string): BusinessDay {
  const first = plainDate(date);
  const start = midnight(first, zone);
  const end = midnight(first.add({ days: 1 }), zone);
  return { date, zone, start, end, hours: (end - start) / MS_PER_HOUR };
}

/**
 * The date of the business day that holds the instant.
 *
 * It is the wall clock's date, but for what follows a change that sets clocks back over midnight: 23:30 comes again after
 * midnight was, and belongs to the day that has begun.
 */
export function businessDateAt(instantMs: number, zone: string): BusinessDate {
  const wall = Temporal.Instant.fromEpochMilliseconds(instantMs).toZonedDateTimeISO(zone).toPlainDate();
  const next = wall.add({ days: 1 });
  return (instantMs < midnight(next, zone) ? wall : next).toString();
}

/** The business date `offsetDays` from the one that holds `nowMs`: -1 is yesterday. */
export function targetDate(nowMs: number, zone: string, offsetDays: number): BusinessDate {
  return addDays(businessDateAt(nowMs, zone), offsetDays);
}

export function addDays(date: BusinessDate, days: number): BusinessDate {
  return plainDate(date).add({ days }).toString();
}

/** Days since 1970-01-01, as Parquet's DATE counts them. */
export function epochDay(date: BusinessDate): number {
  return EPOCH.until(plainDate(date)).days;
}

/**
 * Every date from `from` to `to`, both included.
 *
 * @throws InputError where `from` is after `to`, or where there are more than `maxDays`
 */
export function dateRange(from: BusinessDate, to: BusinessDate, maxDays: number): BusinessDate[] {
  const first = parseBusinessDate(from, 'from');
  const count = epochDay(parseBusinessDate(to, 'to')) - epochDay(first) + 1;
  if (count < 1) {
    throw new InputError({ from: `expected a date not after ${to}, got ${from}` });
  }
  if (count > maxDays) {
    throw new InputError({ to: `expected at most ${maxDays} days from ${from}, got ${count} with ${to}` });
  }
  return Array.from({ length: count }, (_, index) => addDays(first, index));
}

/**
 * The UTC dates, as `yyyy/mm/dd`, on which the day has instants, in ascending order: one to three, and none for an empty
 * day. These are the folders into which writers put the day's messages.
 */
export function utcFolders(day: BusinessDay): string[] {
  const folders: string[] = [];
  for (let ms = Math.floor(day.start / MS_PER_DAY) * MS_PER_DAY; ms < day.end; ms += MS_PER_DAY) {
    folders.push(new Date(ms).toISOString().slice(0, 10).replaceAll('-', '/'));
  }
  return day.start === day.end ? [] : folders;
}

/** The hour (0 to 23) that the zone's clocks show at the instant. In a loop over one day's messages, use {@link HourOfDay}. */
export function hourOfDay(instantMs: number, zone: string): number {
  return Temporal.Instant.fromEpochMilliseconds(instantMs).toZonedDateTimeISO(zone).hour;
}

/**
 * {@link hourOfDay} bound to one business day, cheap enough for every message: the zone is asked once for the day's clock
 * changes, after which an instant of the day costs an addition and a division. An instant outside of the day (a writer's
 * clock that ran ahead over midnight) is answered too, by asking the zone.
 */
export class HourOfDay {
  readonly #day: BusinessDay;
  /** The stretches between the day's clock changes, in order; each ends where the next begins. */
  readonly #stretches: readonly { readonly end: number; readonly offsetMs: number }[];

  constructor(day: BusinessDay) {
    this.#day = day;
    this.#stretches = stretches(day);
  }

  at(instantMs: number): number {
    if (instantMs >= this.#day.start) {
      for (const { end, offsetMs } of this.#stretches) {
        if (instantMs < end) {
          // The offset can put an instant near 1970-01-01 before zero, where the remainder would be negative.
          return Math.floor(((((instantMs + offsetMs) % MS_PER_DAY) + MS_PER_DAY) % MS_PER_DAY) / MS_PER_HOUR);
        }
      }
    }
    return hourOfDay(instantMs, this.#day.zone);
  }
}

function stretches(day: BusinessDay): { end: number; offsetMs: number }[] {
  const found: { end: number; offsetMs: number }[] = [];
  let at = Temporal.Instant.fromEpochMilliseconds(day.start).toZonedDateTimeISO(day.zone);
  while (at.epochMilliseconds < day.end) {
    const change = at.getTimeZoneTransition('next');
    const end = change === null ? day.end : Math.min(change.epochMilliseconds, day.end);
    found.push({ end, offsetMs: at.offsetNanoseconds / 1e6 });
    if (change === null) break;
    at = change;
  }
  return found;
}

function plainDate(date: BusinessDate): Temporal.PlainDate {
  return Temporal.PlainDate.from(parseBusinessDate(date));
}

/** The first instant of the date; for a date that the zone skipped, of the one after. */
function midnight(date: Temporal.PlainDate, zone: string): number {
  return date.toZonedDateTime(zone).epochMilliseconds;
}
