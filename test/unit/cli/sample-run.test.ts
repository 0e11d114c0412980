import { portNumber } from '../../../local/cli/local-command';
import { type SampleRunReport, sampleRunLines } from '../../../local/cli/sample-run';
import { jobReport, runReport } from '../../../shared/batch/report';

const SQL = "SELECT tenant, title\nFROM 'x/*.parquet';";

test('what runs came to ends with the queries, their rows and where the files are', () => {
  const figures = { listed: 5, outside: 1, exported: 3, duplicates: 0, quarantined: 1, parts: 4, bytes: 900 };
  const tenants = [
    { tenant: 'a', date: '2025-08-11', status: 'completed', seconds: 1, ...figures, quarantined: 0 },
    { tenant: 'b', date: '2025-08-10', status: 'completed', seconds: 1, ...figures },
  ] as const;
  const rows = [
    ['a', 1200, '夕飯の相談 🍲'],
    ['b', 7, null],
  ];
  const query = { sql: SQL, columns: ['tenant', 'messages', 'title'], rows };
  const csv = 'b/youtube/csv/2025-08-12T00-00-03/';
  const synced = [
    { tenant: 'b', date: '2025-08-12', status: 'completed', seconds: 1, csv, videos: 3, quotaUnits: 3 },
  ] as const;
  const jobs = [jobReport('export', '2025-08-11', tenants), jobReport('youtube', '2025-08-12', synced)];
  const second = { sql: 'SELECT 1 AS one;', columns: ['one'], rows: [[1]] };
  const report: SampleRunReport = { ...runReport(jobs), queries: [query, second], output: 'out' };

  const lines = sampleRunLines(report, 100);

  const from = lines.indexOf('SELECT tenant, title');
  expect(lines.slice(from)).toEqual([
    'SELECT tenant, title',
    "FROM 'x/*.parquet';",
    '',
    'tenant  messages  title',
    '──────  ────────  ─────────────',
    'a          1,200  夕飯の相談 🍲',
    'b              7',
    '',
    'SELECT 1 AS one;',
    '',
    'one',
    '───',
    '  1',
    '',
    'A copy of what was written:  out/',
    'A manifest, with the proof:  out/a/analytics/_manifests/2025-08-11.json',
    'Messages kept out, and why:  out/b/analytics/_quarantine/2025-08-10/',
    "A channel's videos, as CSV:  out/b/youtube/csv/2025-08-12T00-00-03/",
  ]);
});

test('where no tenant was completed there is nothing to be asked', () => {
  const failure = { kind: 'transient', code: 'storage_timeout', message: 'No answer.' } as const;
  const report = runReport([{ job: 'export', date: '2025-08-11', status: 'failed', failure, tenants: [] }]);

  const lines = sampleRunLines({ ...report, queries: [], output: 'out' });

  expect(lines.at(0)).toBe('export of 2025-08-11: failed');
  expect(lines.at(-1)).toBe('A copy of what was written:  out/');
});

test('a port is a number of a port', () => {
  expect([portNumber('0'), portNumber('65535')]).toEqual([0, 65_535]);
  for (const text of ['', '-1', '65536', '80a', '1e3']) expect(() => portNumber(text)).toThrow('expected a port');
});
