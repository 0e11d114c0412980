import fc from 'fast-check';
import type { BatchRequest } from '../../../shared/batch/request';
import { MAX_DAYS, runRequests } from '../../../shared/batch/run-arguments';
import { addDays } from '../../../shared/calendar';
import { InputError } from '../../../shared/errors';
import { loadSettings } from '../../../shared/settings';

/** 01:30 on 12 August in Tokyo, where yesterday is the 11th; in UTC it is still the 11th. */
const now = Date.UTC(2025, 7, 11, 16, 30);
const { youtube, database, ...bare } = loadSettings({
  AZURE_STORAGE_CONNECTION_STRING: 'UseDevelopmentStorage=true',
  COSMOS_ENDPOINT: 'http://127.0.0.1:1',
  YOUTUBE_API_KEY: 'a key of a test',
  DB_HOST: 'localhost',
});
const settings = { ...bare, youtube, ...(database && { database }) };
const clock = { now: () => now };

const requests = (input: unknown): BatchRequest[] => runRequests(input, settings, clock);

function problemsOf(input: unknown): Record<string, string> {
  try {
    requests(input);
  } catch (error) {
    if (error instanceof InputError) return { ...error.fields };
    throw error;
  }
  throw new Error('Nothing was found wrong.');
}

const dates = fc
  .date({ min: new Date('1970-01-01T00:00:00Z'), max: new Date('2100-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const tenants = fc.array(fc.stringMatching(/^[A-Za-z0-9]([A-Za-z0-9_-]{0,20}[A-Za-z0-9])?$/), {
  minLength: 1,
  maxLength: 5,
});
const common = fc.record({ job: fc.constant('export'), tenants, force: fc.boolean() }, { requiredKeys: ['job'] });

/** What a request must carry of what was asked for. */
function carried(asked: { job: string; tenants?: string[]; force?: boolean }) {
  return {
    job: asked.job,
    force: asked.force ?? false,
    ...(asked.tenants === undefined ? {} : { tenants: [...new Set(asked.tenants)] }),
  };
}

describe('a run asked for', () => {
  test('without a date is that of the schedule, with every tenant’s date its own', () => {
    fc.assert(
      fc.property(common, (asked) => {
        expect(requests(asked)).toEqual([
          { ...carried(asked), date: '2025-08-11', scheduledAt: new Date(now).toISOString() },
        ]);
      }),
    );
  });

  test('for a date is for that one, the same for every tenant', () => {
    fc.assert(
      fc.property(common, dates, (asked, date) => {
        expect(requests({ ...asked, date })).toEqual([{ ...carried(asked), date }]);
      }),
    );
  });

  test('for a range is one request a day, both ends included', () => {
    fc.assert(
      fc.property(common, dates, fc.integer({ min: 1, max: MAX_DAYS }), (asked, from, days) => {
        const each = Array.from({ length: days }, (_, i) => ({ ...carried(asked), date: addDays(from, i) }));

        expect(requests({ ...asked, from, to: addDays(from, days - 1) })).toEqual(each);
      }),
    );
  });

  test('of the channels means now, on the date of the business zone', () => {
    const asked = { job: 'youtube', tenants: ['acme'], video: 'dQw4w9WgXcQ' };

    expect(requests(asked)).toEqual([
      { ...asked, force: false, date: '2025-08-12', scheduledAt: new Date(now).toISOString() },
    ]);
  });

  test('of the channels is refused where the settings for it are missing, each of them named', () => {
    const { apiKey: _apiKey, ...keyless } = youtube;

    const asking = () => runRequests({ job: 'youtube' }, { ...bare, youtube: keyless }, clock);

    expect(asking).toThrow(/not set up: DB_HOST is not set, neither YOUTUBE_API_KEY nor KEY_VAULT_URL is set/);
  });

  test.each<[unknown, Record<string, RegExp>]>([
    [undefined, { body: /expected a JSON object/ }],
    [null, { body: /expected a JSON object/ }],
    ['export', { body: /expected a JSON object/ }],
    [[{ job: 'export' }], { body: /expected a JSON object/ }],
    [{}, { job: /expected one of export/ }],
    [{ job: 'all' }, { job: /expected one of export, youtube/ }],
    [{ job: 'youtube', date: '2025-08-11' }, { date: /takes no date/ }],
    [
      { job: 'youtube', from: '2025-08-11', to: '2025-08-12' },
      { from: /takes no date/, to: /takes no date/ },
    ],
    [{ job: 'youtube', video: 'https://youtu.be/dQw4w9WgXcQ' }, { video: /expected the id of a video/ }],
    [{ job: 'youtube', video: 7 }, { video: /expected the id of a video/ }],
    [{ job: 'export', video: 'dQw4w9WgXcQ' }, { video: /belongs to the job youtube/ }],
    [{ job: 'export', date: '2025-02-30' }, { date: /expected a date that exists, got "2025-02-30"/ }],
    [{ job: 'export', date: '11.8.2025' }, { date: /expected a date as yyyy-mm-dd, got "11.8.2025"/ }],
    [{ job: 'export', date: null }, { date: /expected a date as yyyy-mm-dd/ }],
    [{ job: 'export', date: 20250811 }, { date: /expected a date as yyyy-mm-dd/ }],
    [
      { job: 'export', date: '2025-08-11', from: '2025-08-10', to: '2025-08-11' },
      { date: /either date, or from and to/ },
    ],
    [{ job: 'export', from: '2025-08-11' }, { to: /is missing: from needs it/ }],
    [{ job: 'export', to: '2025-08-11' }, { from: /is missing: to needs it/ }],
    [
      { job: 'export', from: '2025-08-12', to: '2025-08-11' },
      { from: /expected a date not after 2025-08-11, got 2025-08-12/ },
    ],
    [
      { job: 'export', from: '2025-08-01', to: '2025-09-01' },
      { to: /expected at most 31 days from 2025-08-01, got 32/ },
    ],
    [
      { job: 'export', from: 'x', to: 'y' },
      { from: /yyyy-mm-dd, got "x"/, to: /yyyy-mm-dd, got "y"/ },
    ],
    [{ job: 'export', tenants: [] }, { tenants: /expected at least one tenant id/ }],
    [{ job: 'export', tenants: 'acme' }, { tenants: /expected an array of tenant ids/ }],
    [{ job: 'export', tenants: ['acme', 7] }, { tenants: /expected tenant ids/ }],
    [{ job: 'export', tenants: ['acme', '../other'] }, { tenants: /The tenant id "..\/other"/ }],
    [{ job: 'export', tenants: [''] }, { tenants: /The tenant id "" is empty/ }],
    [{ job: 'export', force: 'yes' }, { force: /expected true or false/ }],
    [{ job: 'export', dates: [] }, { dates: /is not a known field/ }],
    [
      JSON.parse('{"job":"export","__proto__":1,"constructor":2}'),
      { ['__proto__']: /is not a known/, constructor: /is not a known/ },
    ],
    [
      { date: 'x', tenants: [1], force: 0, more: 1 },
      { job: /export/, date: /"x"/, tenants: /ids/, force: /true/, more: /known/ },
    ],
  ])('as %j is refused, with a line for every bad field', (input, expected) => {
    const problems = problemsOf(input);

    expect(Object.keys(problems).sort()).toEqual(Object.keys(expected).sort());
    for (const [field, problem] of Object.entries(problems)) expect(problem).toMatch(expected[field] ?? /^$/);
  });

  test('is never refused without naming a field, and never answered with anything but requests', () => {
    const junk = fc.anything({ withNullPrototype: true });
    const fields = fc.record(
      {
        job: fc.oneof(fc.constant('export'), junk),
        date: fc.oneof(dates, junk),
        from: junk,
        to: junk,
        tenants: junk,
        force: junk,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(junk, fields), (input) => {
        let asked: BatchRequest[];
        try {
          asked = requests(input);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          expect(Object.keys((error as InputError).fields).length).toBeGreaterThan(0);
          return;
        }
        expect(asked.length).toBeGreaterThan(0);
        for (const request of asked)
          expect(request).toMatchObject({ job: 'export', date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) });
      }),
      { numRuns: 1000 },
    );
  });
});
