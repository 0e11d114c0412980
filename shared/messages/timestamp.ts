import { digitAt, twoDigitsAt } from './digits';

/**
 * ISO 8601 as the writers in the field produce it: `T` or a space, seconds optional, any number of fraction digits,
 * `Z`, an offset, or no zone at all.
 */
const ISO = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?:Z|([+-])(\d\d)(?::?(\d\d))?)?$/iu;

/**
 * Reads a message's timestamp. One without a zone is UTC; what is below a millisecond is cut off.
 *
 * Date.parse is not used on the text as it is: it takes free text ("Aug 11"), reads a missing zone as local time and
 * turns 30 February into 1 March.
 *
 * @returns epoch ms, or undefined where the text is no timestamp of a real date and time
 */
export function parseTimestamp(text: string): number | undefined {
  return instantOfPlainText(text) ?? instantOfAnyText(text);
}

/** The same for any text. */
export function instantOfAnyText(text: string): number | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second = '00', fraction = '', sign, offsetHour = '00', offsetMinute = '00'] =
    match;
  const ms = fraction.slice(0, 3).padEnd(3, '0');
  const wallClock = `${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`;
  const instant = Date.parse(wallClock);
  if (Number.isNaN(instant) || new Date(instant).toISOString() !== wallClock) return undefined;
  if (Number(offsetHour) > 23 || Number(offsetMinute) > 59) return undefined;
  const offsetMs = (Number(offsetHour) * 60 + Number(offsetMinute)) * 60_000;
  return sign === '+' ? instant - offsetMs : sign === '-' ? instant + offsetMs : instant;
}

/** Days in the months that every year has alike: one of 29 to 31 days in February is left to the others. */
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * What nearly all texts are, `2025-08-11T09:15:02.481Z`, at a tenth of the cost; undefined where it is anything else, be it a good
 * timestamp. Years before 1000 are anything else too: Date.UTC takes some of them for years of the 20th century.
 */
function instantOfPlainText(text: string): number | undefined {
  if (text.length !== 24 || text[4] !== '-' || text[7] !== '-' || text[10] !== 'T') return undefined;
  if (text[13] !== ':' || text[16] !== ':' || text[19] !== '.' || text[23] !== 'Z') return undefined;
  const year = twoDigitsAt(text, 0) * 100 + twoDigitsAt(text, 2);
  const month = twoDigitsAt(text, 5);
  const day = twoDigitsAt(text, 8);
  const hour = twoDigitsAt(text, 11);
  const minute = twoDigitsAt(text, 14);
  const second = twoDigitsAt(text, 17);
  const ms = twoDigitsAt(text, 20) * 10 + digitAt(text, 22);
  // What is no digit makes NaN, of which no comparison holds.
  const isReal =
    year >= 1000 && day >= 1 && day <= (DAYS[month - 1] ?? 0) && hour <= 23 && minute <= 59 && second <= 59;
  return isReal && ms >= 0 ? Date.UTC(year, month - 1, day, hour, minute, second, ms) : undefined;
}
