import fc from 'fast-check';
import { displayWidth } from '../../../local/cli/display-width';
import { jobReportLines } from '../../../local/cli/report-text';
import { jobReport, type TenantReport } from '../../../shared/batch/report';
import type { Failure } from '../../../shared/errors';

const FIGURES = { listed: 1140, outside: 12, exported: 1110, duplicates: 3, quarantined: 15, parts: 4, bytes: 64_151 };

function completed(tenant: string, more: Partial<TenantReport> = {}): TenantReport {
  return { tenant, date: '2025-08-11', status: 'completed', seconds: 1.25, output: 'x/', ...FIGURES, ...more };
}

function failed(tenant: string, failure: Partial<Failure> = {}): TenantReport {
  const whole = {
    kind: 'transient',
    code: 'storage_timeout',
    message: 'No answer.',
    stage: 'collect',
    ...failure,
  } as const;
  return { tenant, date: '2025-08-11', status: 'failed', seconds: 30, failure: whole };
}

test('every tenant has a line, and the total adds up what adds up', () => {
  const lines = jobReportLines(jobReport('export', '2025-08-11', [completed('b'), completed('a'), failed('c')]));

  expect(lines.map((line) => line.replace(/ {2,}/g, '  ')).slice(0, 8)).toEqual([
    'export of 2025-08-11: partial',
    '',
    'tenant  date  status  listed  = outside  + exported  + duplicates  + quarantined  parts  bytes  seconds',
    expect.stringMatching(/^─/),
    'a  2025-08-11  completed  1,140  12  1,110  3  15  4  64.2 kB  1.3',
    'b  2025-08-11  completed  1,140  12  1,110  3  15  4  64.2 kB  1.3',
    'c  2025-08-11  failed  –  –  –  –  –  –  –  30.0',
    'total  2,280  24  2,220  6  30  8  128.3 kB',
  ]);
});

test('one tenant needs no total', () => {
  const lines = jobReportLines(jobReport('export', '2025-08-11', [completed('a')]));

  expect(lines).toHaveLength(5);
});

test('what fits the terminal is a table, what does not two lines a tenant, of any width down to 60', () => {
  fc.assert(
    fc.property(fc.integer({ min: 60, max: 200 }), (width) => {
      const lines = jobReportLines(
        jobReport('export', '2025-08-11', [completed('hinata-books'), completed('a')]),
        width,
      );

      expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(width);
      expect(lines.join(' ').replace(/\s+/g, ' ')).toContain(width > 130 ? '+ quarantined' : 'quarantined');
    }),
  );
});

test.each<[Partial<Failure>, string]>([
  [{ kind: 'transient' }, 'Run the day again; running a day again is always safe.'],
  [{ kind: 'quota', code: 'q' }, 'when the quota is renewed'],
  [{ kind: 'permanent', code: 'p' }, 'look at the log'],
  [{ kind: 'configuration', code: 'c' }, 'Correct what the message names'],
  [{ kind: 'configuration', code: 'container_not_found' }, 'Create the container'],
  [{ kind: 'configuration', code: 'metadata_not_found' }, 'COSMOS_DATABASE_NAME'],
])('a failure %j is named with what to do about it', (failure, advice) => {
  const text = jobReportLines(jobReport('export', '2025-08-11', [failed('acme', failure)])).join('\n');

  expect(text).toContain(`acme failed in collect: ${failure.code ?? 'storage_timeout'} (${failure.kind})`);
  expect(text).toContain('\n  No answer.\n');
  expect(text).toContain(advice);
});

test('a run that failed before any tenant says so', () => {
  const failure: Failure = { kind: 'configuration', code: 'tenant_registry_empty', message: 'None.', stage: 'resolve' };

  const lines = jobReportLines({ job: 'export', date: '2025-08-11', status: 'failed', failure, tenants: [] });

  expect(lines).toEqual([
    'export of 2025-08-11: failed',
    '',
    'The run failed in resolve: tenant_registry_empty (configuration)',
    '  None.',
    expect.stringContaining('What to do: List the tenants'),
  ]);
});

test('what the audit found in earlier days is told, and tenants that the report has no room for are counted', () => {
  const lateDays = [
    { date: '2025-08-08', status: 'completed', rooms: 1, late: 2 },
    { date: '2025-08-09', status: 'not_published', rooms: 2 },
    {
      date: '2025-08-10',
      status: 'failed',
      rooms: 3,
      failure: { kind: 'permanent', code: 'part_invalid', message: '' },
    },
  ] as const;

  const report = jobReport('export', '2025-08-11', [completed('a', { lateDays })], { completed: 7, failed: 1 });
  const text = jobReportLines(report).join('\n');

  expect(text).toContain('1 room with messages of 2025-08-08');
  expect(text).toContain('the day was published again, with 2 late messages');
  expect(text).toContain('never published: run it with --date 2025-08-09');
  expect(text).toContain('publishing it again failed: part_invalid');
  expect(text).toContain('and 8 tenants more: 7 completed, 1 failed');
});

test('days that were made up for, and days that have changed, are told with what came of them', () => {
  const failure = { kind: 'permanent', code: 'proof_failed', message: '' } as const;
  const caughtUp = [
    { date: '2025-08-06', status: 'completed', exported: 1 },
    { date: '2025-08-07', status: 'failed', failure },
  ] as const;
  const lateDays = [
    { date: '2025-08-08', status: 'completed', rooms: 0, late: 0, added: -1 },
    { date: '2025-08-09', status: 'completed', rooms: 0, late: 0 },
    { date: '2025-08-10', status: 'completed', rooms: 0, late: 0, added: 3 },
  ] as const;

  const lines = jobReportLines(jobReport('export', '2025-08-11', [completed('a', { caughtUp, lateDays })]));

  expect(lines.slice(-5)).toEqual([
    'a: 2025-08-06 was not published; it was made up for, with 1 message',
    'a: 2025-08-07 was not published; making up for it failed: proof_failed',
    'a: the messages of 2025-08-08 have changed since it was published; the day was published again, with 1 message fewer',
    'a: the messages of 2025-08-09 have changed since it was published; what is published is right',
    'a: the messages of 2025-08-10 have changed since it was published; the day was published again, with 3 late messages',
  ]);
});
