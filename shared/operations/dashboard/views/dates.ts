import { addDays, type BusinessDate } from '../../../calendar';

/** Every date from `from` to `to`, both included. */
export function datesBetween(from: BusinessDate, to: BusinessDate): BusinessDate[] {
  const dates: BusinessDate[] = [];
  for (let date = from; date <= to; date = addDays(date, 1)) dates.push(date);
  return dates;
}

export function earliest(first: BusinessDate, ...others: readonly BusinessDate[]): BusinessDate {
  return [first, ...others].sort()[0] ?? first;
}

export function latest(first: BusinessDate, ...others: readonly BusinessDate[]): BusinessDate {
  return [first, ...others].sort().at(-1) ?? first;
}
