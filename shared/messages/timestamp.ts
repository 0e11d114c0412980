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
