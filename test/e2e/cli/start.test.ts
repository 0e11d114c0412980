import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SampleRunReport } from '../../../local/cli/sample-run';
import { sampleCatalogue } from '../../../local/cli/sample-services';
import { makeSample } from '../../../local/sample/sample';
import { SAMPLE_TENANTS } from '../../../local/sample/tenants';
import type { TenantReport } from '../../../shared/batch/report';
import type { Manifest } from '../../../shared/messages/manifest';
import { estimatedUnits } from '../../../shared/youtube/estimate';
import { queryDuckDb } from '../../support/parquet-readers';
import { type Ended, lastJson, Program, readJson } from './program';

let folder: string;
/** The child's own temporary folder, to see what it leaves there. */
let temporary: string;
let program: Program | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'makoto-e2e-'));
  temporary = join(folder, 'tmp');
  await mkdir(temporary);
});

afterAll(async () => {
  program?.kill();
  await rm(folder, { recursive: true, force: true });
});

function start(...args: string[]): Program {
  program = new Program('start', ['--folder', folder, ...args], { TMPDIR: temporary });
  return program;
}

describe('npm start -- --json', () => {
  let ended: Ended;
  let report: SampleRunReport;
  let tenants: readonly TenantReport[];

  beforeAll(async () => {
    ended = await start('--json').ended;
    report = lastJson<SampleRunReport>(ended);
    tenants = report.jobs[0]?.tenants ?? [];
  });

  test('completes, with one line of JSON on standard output', () => {
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(report.status).toBe('completed');
    expect(report.jobs).toMatchObject([
      { job: 'export', status: 'completed' },
      { job: 'youtube', status: 'completed' },
    ]);
  });

  test('each tenant’s counts are those that the sample was made with', () => {
    const dates = new Map(tenants.map(({ tenant, date }) => [tenant, date ?? '']));
    const dateIn = (zone: string) =>
      dates.get(SAMPLE_TENANTS.find(({ timeZone }) => timeZone === zone)?.id ?? '') ?? '';

    const { expected } = makeSample({ dateIn });

    expect(tenants.map(({ tenant }) => tenant)).toEqual(Object.keys(expected));
    for (const tenant of tenants) expect(tenant).toMatchObject(expected[tenant.tenant] ?? {});
  });

  test('the copy of the output holds every part that the manifests name, and why messages were kept out', async () => {
    for (const { tenant, date, exported, quarantined, parts } of tenants) {
      const manifest = await readJson<Manifest>(report.output, `${tenant}/analytics/_manifests/${date}.json`);
      const refs = [...Object.values(manifest.datasets).flat(), ...manifest.quarantine];
      const copied = new Set(await readdir(join(report.output, tenant, 'analytics'), { recursive: true }));

      expect(manifest.proof).toMatchObject({ exported, quarantined });
      expect(Object.values(manifest.datasets).flat()).toHaveLength(parts ?? 0);
      expect(manifest.quarantine).toHaveLength(1);
      for (const { key } of refs) expect(copied).toContain(key.slice(`${tenant}/analytics/`.length));
    }
  });

  test('two rooms a tenant are found by the audit only', async () => {
    for (const { tenant, date } of tenants) {
      const manifest = await readJson<Manifest>(report.output, `${tenant}/analytics/_manifests/${date}.json`);
      const plan = await readJson<{ rooms: { fromAudit: number } }>(report.output, manifest.plan);

      expect(plan.rooms.fromAudit).toBe(2);
      expect(manifest.notices.late).toBeGreaterThan(0);
    }
  });

  test('the query can be run by anybody, and comes to the same', async () => {
    const { sql = '', columns, rows } = report.queries[0] ?? {};

    const again = await queryDuckDb(sql);

    expect(rows?.length).toBeGreaterThan(0);
    expect(again.columns.map(({ name }) => name)).toEqual(columns);
    expect(again.rows.map((row) => row.map((value) => (typeof value === 'bigint' ? Number(value) : value)))).toEqual(
      rows,
    );
  });

  test('all messages are rows in the Parquet', async () => {
    const { rows } = await queryDuckDb(`
      SELECT tenant_id, count(*) FROM '${report.output}/*/analytics/messages/**/*.parquet' GROUP BY 1 ORDER BY 1`);

    expect(rows).toEqual(tenants.map(({ tenant, exported }) => [tenant, BigInt(exported ?? 0)]));
  });

  test('the channels of every tenant that has one are synced, each video once, for what it costs at most', async () => {
    const catalogue = sampleCatalogue(Date.parse(`${report.jobs[1]?.date}T12:00:00+09:00`));
    const expected = SAMPLE_TENANTS.filter(({ channels }) => channels.length > 0).map(({ id, channels }) => {
      const ids = channels.map((handle) => catalogue.channelByHandle(handle)?.id ?? '');
      const counts = ids.map((channel) => catalogue.uploads(channel).length);
      const units = counts.reduce((sum, count) => sum + estimatedUnits(count), 0);
      return { tenant: id, channels: ids.length, videos: counts.reduce((a, b) => a + b, 0), quotaUnits: units };
    });

    expect(report.jobs[1]?.tenants).toMatchObject(expected);
  });

  test('the CSV files of a sync hold what it reported', async () => {
    for (const { csv, videos, streams, channels } of report.jobs[1]?.tenants ?? []) {
      const rows = async (dataset: string) => {
        const { rows: found } = await queryDuckDb(`
          SELECT count(*)::INT FROM read_csv('${report.output}/${csv}${dataset}.csv', header = true, all_varchar = true)`);
        return found[0]?.[0];
      };

      expect(await rows('channels')).toBe(channels);
      expect(await rows('videos')).toBe(videos);
      expect(await rows('stream_details')).toBe(streams);
    }
  });

  test('the database’s newest streams are those of the stand-in', () => {
    const { columns, rows = [] } = report.queries[1] ?? {};
    const starts = rows.map(([started]) => started as string);

    expect(columns).toEqual(['started', 'duration', 'views', 'title']);
    expect(rows).toHaveLength(5);
    expect(starts).toEqual([...starts].sort().reverse());
  });

  test('leaves no process and no temporary file', async () => {
    expect(program?.hasProcesses).toBe(false);
    expect(await readdir(temporary)).toEqual([]);
  });
});

test('Ctrl-C in the middle of a run stops everything and cleans up', async () => {
  const interrupted = start();
  await interrupted.says('planned,');
  const before = { processes: interrupted.hasProcesses, files: await readdir(temporary) };

  const { code, stderr } = await interrupted.interrupt();

  expect(before).toEqual({ processes: true, files: expect.arrayContaining([expect.stringMatching(/^makoto-start-/)]) });
  expect(code).toBe(130);
  expect(stderr).toContain('Stopping');
  expect(interrupted.hasProcesses).toBe(false);
  expect(await readdir(temporary)).toEqual([]);
});

test.each([
  [{ PLAN_AUDIT_SHARE: 'some' }, [], 'PLAN_AUDIT_SHARE: expected 0, or a number from 0.001 to 1'],
  [{}, ['--fast'], "unknown option '--fast'"],
])('wrong settings or arguments %j %j end with exit code 2', async (env, args, said) => {
  program = new Program('start', ['--json', '--folder', folder, ...args], { TMPDIR: temporary, ...env });

  const ended = await program.ended;

  expect(ended.code).toBe(2);
  expect(ended.stderr).toContain(said);
  expect(ended.stderr).not.toMatch(/^ +at /m);
  expect(lastJson(ended)).toMatchObject({ status: 'failed' });
  expect(program.hasProcesses).toBe(false);
});
