/** The headers in which services say when to come back, the finest first. */
const MILLISECOND_HEADERS = ['x-ms-retry-after-ms', 'retry-after-ms'];

export interface AnswerHeaders {
  get(name: string): string | undefined;
}

/**
 * How long a service asks to wait before the next try, in milliseconds: `x-ms-retry-after-ms`, or `Retry-After` as seconds
 * or as an HTTP date (RFC 9110, 10.2.3). A date is compared with the answer's own `Date`, so that a wrong clock on this
 * machine does not matter.
 *
 * @returns undefined where the service asks for nothing that can be read
 */
export function retryAfterMs(headers: AnswerHeaders, now: number = Date.now()): number | undefined {
  for (const name of MILLISECOND_HEADERS) {
    const ms = wholeNumber(headers.get(name));
    if (ms !== undefined) return ms;
  }
  const value = headers.get('retry-after')?.trim();
  if (value === undefined || value === '') return undefined;
  const seconds = wholeNumber(value);
  if (seconds !== undefined) return seconds * 1000;
  // Date.parse takes almost anything for a date, "-5" too; an HTTP date begins with the day's name.
  const date = /^[A-Z][a-z]+, /.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(date)) return undefined;
  const answeredAt = Date.parse(headers.get('date') ?? '');
  return Math.max(0, date - (Number.isNaN(answeredAt) ? now : answeredAt));
}

function wholeNumber(value: string | undefined): number | undefined {
  return value !== undefined && /^\s*\d+(\.\d+)?\s*$/.test(value) ? Math.ceil(Number(value)) : undefined;
}
