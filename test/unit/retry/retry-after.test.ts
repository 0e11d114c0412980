import { createHttpHeaders } from '@azure/core-rest-pipeline';
import { retryAfterMs } from '../../../shared/retry/retry-after';

describe('retryAfterMs', () => {
  const now = Date.parse('2025-08-12T17:00:00Z');
  const asked = (headers: Record<string, string>) => retryAfterMs(createHttpHeaders(headers), now);

  test.each([
    ['nothing', {}, undefined],
    ['seconds', { 'Retry-After': '12' }, 12_000],
    ['no seconds', { 'Retry-After': '0' }, 0],
    ['a date', { 'Retry-After': 'Tue, 12 Aug 2025 17:01:00 GMT' }, 60_000],
    ['a date that is over', { 'Retry-After': 'Tue, 12 Aug 2025 16:00:00 GMT' }, 0],
    [
      "a date by the service's clock",
      { 'Retry-After': 'Tue, 12 Aug 2025 09:00:05 GMT', Date: 'Tue, 12 Aug 2025 09:00:00 GMT' },
      5000,
    ],
    ['milliseconds', { 'x-ms-retry-after-ms': '250' }, 250],
    ['milliseconds before seconds', { 'retry-after-ms': '250', 'Retry-After': '9' }, 250],
    ['gibberish', { 'Retry-After': 'soon' }, undefined],
    ['a negative number', { 'Retry-After': '-5' }, undefined],
    ['gibberish milliseconds', { 'x-ms-retry-after-ms': 'NaN', 'Retry-After': '2' }, 2000],
  ] as [string, Record<string, string>, number | undefined][])('reads %s', (_, headers, expected) => {
    expect(asked(headers)).toBe(expected);
  });
});
