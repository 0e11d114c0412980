/** What the API says of a broadcast that is upcoming or live: there is no duration yet. */
export const NO_DURATION_YET = 'P0D';

/** 68 years: what a 32-bit column of seconds holds. */
export const LONGEST_DURATION_SECONDS = 2 ** 31 - 1;

/** Weeks, days, hours, minutes, seconds. Years and months are left out: they have no fixed length. */
const ISO_DURATION = /^P(?=\d|T\d)(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,]\d+)?S)?)?$/u;

const SECONDS_OF_UNITS = [604_800, 86_400, 3_600, 60, 1] as const;

/**
 * Whole seconds of an ISO 8601 duration; a fraction of a second is cut off.
 *
 * @param iso for example `PT1M1S`, `P1DT2H3M4S`, `P1W`
 * @returns null where there is none, none yet ({@link NO_DURATION_YET}), or none that can be read
 */
export function durationSeconds(iso: string | null | undefined): number | null {
  if (iso === null || iso === undefined || iso === NO_DURATION_YET) return null;
  const match = ISO_DURATION.exec(iso);
  if (match === null) return null;
  const seconds = SECONDS_OF_UNITS.reduce((sum, unit, index) => sum + unit * Number(match[index + 1] ?? 0), 0);
  return seconds <= LONGEST_DURATION_SECONDS ? seconds : null;
}

/** Whether a duration was given that cannot be read: of these null is no answer, only the lack of one. */
export function isUnreadableDuration(iso: string | null | undefined): boolean {
  return iso !== null && iso !== undefined && iso !== NO_DURATION_YET && durationSeconds(iso) === null;
}

/** `HH:MM:SS`, with as many digits of hours as it takes (`200:00:00`). @param seconds whole, not negative */
export function clockText(seconds: number): string {
  const hours = Math.floor(seconds / 3_600);
  const parts = [hours, Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}
