import { addDays, epochDay, parseBusinessDate } from '../../shared/calendar';
import { InputError } from '../../shared/errors';

/** Days that are looked at where none are asked for: as long as anybody still remembers what happened. */
const DAYS_BACK = 30;

/** Dates as they were typed. */
export interface DateOptions {
  readonly date?: string;
  readonly from?: string;
  readonly to?: string;
}

/**
 * The dates that options ask for, both included: one date, a range, or the last 30 days up to today.
 *
 * @throws InputError where a date is none, a range is half or turned round, or both forms are used
 */
export function dateSpan(options: DateOptions, today: string): { readonly from: string; readonly to: string } {
  const { date, from, to } = options;
  if (date !== undefined) {
    if (from !== undefined || to !== undefined)
      throw new InputError({ date: 'expected either date, or from and to, not both' });
    return { from: parseBusinessDate(date, 'date'), to: date };
  }
  if (from === undefined && to === undefined) return { from: addDays(today, -DAYS_BACK), to: today };
  if (from === undefined) throw new InputError({ from: 'is missing: to needs it' });
  if (to === undefined) throw new InputError({ to: 'is missing: from needs it' });
  const span = { from: parseBusinessDate(from, 'from'), to: parseBusinessDate(to, 'to') };
  if (epochDay(span.from) > epochDay(span.to))
    throw new InputError({ to: `expected a date from ${from} on, got ${to}` });
  return span;
}
