import { addDays } from '../../calendar';
import { InputError } from '../../errors';

/** A month of business days, as `2025-08`. */
export type Month = string;

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

/** @throws InputError naming the field */
export function parseMonth(text: string, field = 'month'): Month {
  if (MONTH.test(text)) return text;
  throw new InputError({ [field]: `expected a month as yyyy-mm, got ${JSON.stringify(text)}` });
}

/** The month that a business date lies in. */
export function monthOf(date: string): Month {
  return date.slice(0, 7);
}

/** The months that dates lie in, each once, in order. */
export function monthsOf(dates: Iterable<string>): Month[] {
  return [...new Set([...dates].map(monthOf))].sort();
}

/** Every date of a month, in order. */
export function datesOf(month: Month): string[] {
  const dates: string[] = [];
  for (let date = `${month}-01`; monthOf(date) === month; date = addDays(date, 1)) dates.push(date);
  return dates;
}

const KEY = /\/analytics\/(?:monthly\/[a-z]+\/year=(\d{4})\/month=(\d\d)\/|_manifests\/months\/(\d{4})-(\d\d)\.json$)/;

/** The month that an object is of; undefined for what is no month's. */
export function monthOfKey(key: string): Month | undefined {
  const [, year, ofYear, manifestYear, manifestMonth] = KEY.exec(key) ?? [];
  const month = `${year ?? manifestYear}-${ofYear ?? manifestMonth}`;
  return MONTH.test(month) ? month : undefined;
}
