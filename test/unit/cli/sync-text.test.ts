import { jobPlanLines } from '../../../local/cli/plan-text';
import { jobReportLines } from '../../../local/cli/report-text';
import type { TenantPreview } from '../../../shared/batch/preview-run';
import { jobReport, type TenantReport } from '../../../shared/batch/report';
import type { QuotaState } from '../../../shared/youtube/quota-ledger';

const FIGURES = { channels: 2, videos: 1308, streams: 1292, removed: 3, rowsWritten: 5241, quotaUnits: 56 };
const QUIET = { atListLimit: false, rereads: 0, replacedCharacters: 0, resumed: false };

const synced = (tenant: string, more: Partial<TenantReport> = {}): TenantReport => ({
  ...{ tenant, date: '2025-08-12', status: 'completed', seconds: 4.25 },
  ...{ ...FIGURES, csv: `${tenant}/youtube/csv/r/`, ...more },
});
const single = (lines: readonly string[]) => lines.map((line) => line.replace(/ {2,}/g, '  '));

describe('a sync’s report', () => {
  test('has a line a tenant, and a total', () => {
    const failure = { kind: 'quota', code: 'youtube_quota_spent', message: 'None is left.', stage: 'fetch' } as const;
    const failed: TenantReport = {
      tenant: 'c',
      date: '2025-08-12',
      status: 'failed',
      seconds: 1,
      quotaUnits: 0,
      failure,
    };

    const lines = jobReportLines(jobReport('youtube', '2025-08-12', [synced('a'), failed]));

    expect(single(lines)).toEqual([
      'youtube of 2025-08-12: partial',
      '',
      'tenant  date  status  channels  videos  streams  removed  rows written  quota units  seconds',
      expect.stringMatching(/^─/),
      'a  2025-08-12  completed  2  1,308  1,292  3  5,241  56  4.3',
      'c  2025-08-12  failed  –  –  –  –  –  0  1.0',
      'total  2  1,308  1,292  3  5,241  56',
      '',
      'c failed in fetch: youtube_quota_spent (quota)',
      '  None is left.',
      expect.stringMatching(/What to do: /),
    ]);
  });

  test('is stacked where the terminal is narrow', () => {
    const lines = jobReportLines(jobReport('youtube', '2025-08-12', [synced('a')]), 70);

    expect(lines.slice(2)).toEqual([
      'a  2025-08-12  completed  4.3 s',
      '  2 channels, 1,308 videos, 1,292 streams among them, 3 removed',
      '  5,241 rows written, 56 units of quota',
    ]);
  });

  test.each([
    [{ resumed: true }, /went on where an earlier run had stopped/],
    [{ rereads: 2 }, /changed while it was read, and was read again 2 times/],
    [{ replacedCharacters: 1 }, /1 character that no database can hold became U\+FFFD/],
    [{ atListLimit: true }, /as long as the API ever shows one/],
  ])('tells of %j', (notice, expected) => {
    const report = synced('a', { notices: [{ channel: '@maple', ...QUIET, ...notice }] });

    const lines = jobReportLines(jobReport('youtube', '2025-08-12', [report]));

    expect(lines.at(-1)).toMatch(/^a: @maple: /);
    expect(lines.at(-1)).toMatch(expected);
  });
});

describe('a sync’s plan', () => {
  const quota: QuotaState = {
    ...{ day: '2025-08-11', limit: 10_000, spent: 4, reserved: 0, left: 9_996, exhausted: false },
    resetsAt: '2025-08-12T07:00:00Z',
  };

  const preview = (more: Partial<QuotaState> = {}): TenantPreview[] => [
    {
      ...{ tenant: 'a', date: '2025-08-12' },
      sync: {
        channels: [
          { name: '@maple', channelId: 'UC1', videos: 1308, units: 55, known: true },
          { name: '@new', units: 3, known: false },
        ],
        units: 58,
        quota: { ...quota, ...more },
      },
    },
  ];
  const plan = (tenants: TenantPreview[]) => single(jobPlanLines({ job: 'youtube', date: '2025-08-12', tenants }));

  test('names every channel with what it costs, and what is left', () => {
    expect(plan(preview())).toEqual([
      'youtube of 2025-08-12 would read and write:',
      '',
      'tenant  channel  videos known  quota units',
      expect.stringMatching(/^─/),
      'a  @maple  1,308  55',
      'a  @new  never synced  at least 3',
      '',
      '58 units of quota; 9,996 of 10,000 are left until 2025-08-12T07:00:00Z: that is enough.',
      '',
      'Nothing was written.',
    ]);
  });

  test.each([{ left: 57 }, { left: 0, exhausted: true }])('says where that is not enough: %j', (state) => {
    expect(plan(preview(state)).at(-3)).toMatch(/that is not enough: the sync stops there/);
  });
});
