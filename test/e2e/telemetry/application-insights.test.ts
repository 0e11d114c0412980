import type { TenantReport } from '../../../shared/batch/report';
import type { Envelope } from '../../support/ingestion-endpoint';
import {
  loadTelemetryRecording,
  RECORDING,
  recordingOf,
  writeTelemetryRecording,
} from '../../support/telemetry-recording';
import { CALLER, MESSAGES, type TelemetryRun, telemetryRun, VIDEOS } from './telemetry-run';

// What the compiled app, on the local host, sends to Application Insights.

let run: TelemetryRun;

beforeAll(async () => {
  run = await telemetryRun();
}, 240_000);

function ofType(baseType: string): Envelope[] {
  return run.envelopes.filter(({ data }) => data.baseType === baseType);
}

function named(baseType: string, name: string): Envelope[] {
  return ofType(baseType).filter(({ data }) => data.baseData.name === name);
}

function properties({ data }: Envelope): Readonly<Record<string, string>> {
  return data.baseData.properties;
}

function operation({ tags }: Envelope): string | undefined {
  return tags['ai.operation.id'];
}

function tenant(reports: readonly TenantReport[], id: string): TenantReport {
  const found = reports.find((report) => report.tenant === id);
  if (found === undefined) throw new Error(`There is no report of ${id}.`);
  return found;
}

/** The sum of a metric over all its points of a tenant. */
/** Days that were run by request. */
const BY_REQUEST = ['2025-07-01', '2025-07-02'];

function sum(metric: string, tenant: string): number {
  return ofType('MetricData')
    .filter(
      (envelope) => properties(envelope).tenant === tenant && !BY_REQUEST.includes(properties(envelope).date ?? ''),
    )
    .flatMap(({ data }) => data.baseData.metrics ?? [])
    .filter(({ name }) => name === metric)
    .reduce((total, { value }) => total + value, 0);
}

test('the runs came out as they were meant to', () => {
  expect(run.exported).toMatchObject({ status: 'partial' });
  expect(run.exported.tenants.map(({ tenant, status }) => [tenant, status])).toEqual([
    ['acme', 'completed'],
    ['broken', 'failed'],
    ['confused', 'failed'],
  ]);
  expect(run.synced.tenants.map(({ tenant, status }) => [tenant, status])).toEqual([
    ['acme', 'completed'],
    ['broken', 'failed'],
    ['confused', 'failed'],
  ]);
  expect(tenant(run.exported.tenants, 'acme')).toMatchObject({ exported: MESSAGES + 1, quarantined: 1 });
});

test('everything is of the role makoto-daily-batch, and goes to the one endpoint', () => {
  expect(new Set(run.envelopes.map(({ tags }) => tags['ai.cloud.role']))).toEqual(new Set(['makoto-daily-batch']));
  expect(new Set(run.paths)).toEqual(new Set(['/v2.1/track']));
  expect(new Set(run.envelopes.map(({ iKey }) => iKey))).toEqual(new Set([run.instrumentationKey]));
});

describe.each([
  ['exportTimer', ['surveyDays', 'planExport', 'exportShard', 'publishExport', 'recordFailure']],
  ['youtubeTimer', ['planSync', 'fetchChannel', 'loadSync', 'recordSync']],
])('the run that %s started', (timer, steps) => {
  const all = () => {
    const trace = named('RequestData', timer).map(operation)[0];
    return run.envelopes.filter((envelope) => operation(envelope) === trace);
  };

  test('is one trace, from the timer to the last step, in which everything hangs together', () => {
    const items = all();
    const ids = new Set(items.map(({ data }) => data.baseData.id));
    const root = items.filter(({ tags }) => tags['ai.operation.parentId'] === undefined);

    const loose = items.filter((item) => !root.includes(item) && !ids.has(item.tags['ai.operation.parentId']));

    expect(root.map(({ data }) => data.baseData.name)).toEqual([timer]);
    expect(loose).toEqual([]);
    for (const step of ['resolveRun', ...steps]) {
      const found = items.filter(({ data }) => data.baseData.name === step).map(({ data }) => data.baseType);
      expect(new Set(found)).toEqual(new Set(['RequestData', 'RemoteDependencyData']));
    }
    expect(items.map(({ data }) => data.baseData.name)).toContain('orchestration:dailyBatch@(1.2)');
  });

  test('tells of every step which tenant, job, date, run and stage it is of', () => {
    const job = timer === 'exportTimer' ? 'export' : 'youtube';
    const report = job === 'export' ? run.exported : run.synced;
    const done = all().filter(
      ({ data }) => steps.includes(data.baseData.name ?? '') && data.baseData.type === 'InProc',
    );

    expect(done.length).toBeGreaterThanOrEqual(steps.length);
    for (const step of done) {
      expect(properties(step)).toMatchObject({
        tenant: expect.stringMatching(/^(acme|broken)$/),
        job,
        date: report.date,
        run: `${job}-${report.date}`,
        stage: expect.any(String),
      });
    }
  });
});

test('a run by request is a part of its caller’s trace', () => {
  const [asked] = named('RequestData', 'startRuns');
  const shards = named('RemoteDependencyData', 'publishExport').filter(
    (envelope) => properties(envelope).run === 'export-2025-07-01',
  );

  expect(asked?.tags).toMatchObject({ 'ai.operation.id': CALLER.traceId, 'ai.operation.parentId': CALLER.spanId });
  expect(shards.map(operation)).toEqual([CALLER.traceId]);
});

test('every log line carries its severity, job, date, run and stage, and its tenant where it has one', () => {
  const lines = ofType('MessageData');
  const ofTenants = lines.filter((line) => properties(line).stage !== 'start' && properties(line).stage !== 'resolve');

  expect(lines.length).toBeGreaterThan(10);
  for (const line of lines) {
    expect(line.data.baseData.severityLevel).toMatch(/^(Information|Warning|Error)$/);
    expect(Object.keys(properties(line))).toEqual(expect.arrayContaining(['stage']));
    expect(operation(line)).toMatch(/^[0-9a-f]{32}$/);
  }
  for (const line of ofTenants) {
    expect(Object.keys(properties(line))).toEqual(expect.arrayContaining(['tenant', 'job', 'date', 'run', 'stage']));
  }
  const published = lines.find(({ data }) => data.baseData.message === 'The day is published.');
  expect(published?.data.baseData).toMatchObject({
    severityLevel: 'Information',
    properties: {
      tenant: 'acme',
      job: 'export',
      run: `export-${run.exported.date}`,
      stage: 'publish',
      quarantined: '1',
    },
  });
});

test('metrics are what the reports say', () => {
  const exported = tenant(run.exported.tenants, 'acme');
  const synced = tenant(run.synced.tenants, 'acme');
  const [duration] = ofType('MetricData')
    .filter((envelope) => properties(envelope).date === run.exported.date)
    .flatMap(({ data }) => data.baseData.metrics ?? [])
    .filter(({ name }) => name === 'export_duration_seconds');

  const sums = Object.fromEntries(
    ['messages_exported', 'messages_quarantined', 'export_bytes', 'day_sealed', 'tenant_failures'].map((metric) => [
      metric,
      sum(metric, 'acme'),
    ]),
  );

  expect(sums).toEqual({
    messages_exported: exported.exported,
    messages_quarantined: exported.quarantined,
    export_bytes: exported.bytes,
    day_sealed: 1,
    tenant_failures: 0,
  });
  expect(sum('youtube_videos_upserted', 'acme')).toBe(synced.videos);
  expect(synced.videos).toBe(VIDEOS);
  expect(sum('youtube_quota_used', 'acme')).toBe(synced.quotaUnits);
  expect(duration?.count).toBe(1);
  expect(duration?.value).toBeGreaterThan(0);
  expect(duration?.value).toBeLessThan(120);
  const late = ofType('MetricData').filter(({ data }) => data.baseData.metrics?.[0]?.name === 'messages_late');
  expect(late.map((envelope) => [properties(envelope).date, envelope.data.baseData.metrics?.[0]?.value])).toEqual([
    ['2025-07-02', 1],
  ]);
  // One of each of the two jobs.
  expect(sum('tenant_failures', 'broken')).toBe(2);
  expect(sum('tenant_failures', 'confused')).toBe(2);
  expect(sum('day_sealed', 'broken')).toBe(0);
});

test('calls of services are dependencies; the many are added up by the step', () => {
  const shards = named('RemoteDependencyData', 'blob read').filter(
    (envelope) =>
      properties(envelope).stage === 'collect' && properties(envelope).run === `export-${run.exported.date}`,
  );
  const calls = shards.reduce((total, envelope) => total + Number(properties(envelope).calls), 0);
  const steps = named('RemoteDependencyData', 'exportShard').filter(
    (envelope) => properties(envelope).run === `export-${run.exported.date}`,
  );
  const requests = ofType('RemoteDependencyData').filter(
    (envelope) => properties(envelope).system === 'youtube' && properties(envelope).tenant === 'acme',
  );

  expect(steps.length).toBeGreaterThan(1);
  // The plan and the published day are read too, and no read is told by itself.
  expect(calls).toBeGreaterThanOrEqual(MESSAGES + 2);
  expect(shards.length).toBeLessThanOrEqual(2 * steps.length);
  expect(shards[0]?.data.baseData).toMatchObject({ type: 'Azure blob', target: expect.stringContaining('127.0.0.1') });
  expect(requests).toHaveLength(tenant(run.synced.tenants, 'acme').quotaUnits ?? 0);
  expect(named('RemoteDependencyData', 'postgresql load')[0]?.data.baseData).toMatchObject({
    type: 'postgresql',
    success: true,
  });
  expect(named('RemoteDependencyData', 'cosmos query').length).toBeGreaterThan(0);
});

test('a failed step is seen: its span, the exception below it, and the log line', () => {
  const failed = ofType('RemoteDependencyData').filter(
    ({ data }) => data.baseData.success === false && data.baseData.type === 'InProc',
  );
  const spans = new Map(failed.map((envelope) => [envelope.data.baseData.id, envelope]));
  const exceptions = ofType('ExceptionData');

  expect(new Set(failed.map(({ data }) => data.baseData.name))).toEqual(new Set(['planExport', 'fetchChannel']));
  for (const envelope of failed) {
    expect(properties(envelope)).toMatchObject({ tenant: 'broken', error_code: expect.any(String) });
  }
  expect(exceptions).toHaveLength(failed.length);
  for (const exception of exceptions) {
    const span = spans.get(exception.tags['ai.operation.parentId'] ?? '');
    expect(properties(exception)).toMatchObject({
      tenant: 'broken',
      error_code: span && properties(span).error_code,
      error_kind: 'permanent',
    });
    expect(exception.data.baseData.exceptions?.[0]?.stack).toMatch(/\n\s+at /);
  }
  const lines = ofType('MessageData').filter(({ data }) => data.baseData.severityLevel === 'Error');
  expect(lines.map(({ tags }) => tags['ai.operation.parentId'])).toEqual(expect.arrayContaining([...spans.keys()]));
});

test('no secret is in anything that was sent', () => {
  const sent = run.bodies.join('\n').replaceAll(`"iKey":"${run.instrumentationKey}"`, '');
  const forms = Object.entries({ ...run.secrets, instrumentationKey: run.instrumentationKey }).flatMap(
    ([what, secret]) => [
      [what, secret],
      [what, encodeURIComponent(secret)],
      [what, Buffer.from(secret).toString('base64')],
      [what, JSON.stringify(secret).slice(1, -1)],
    ],
  );

  const found = forms.filter(([, form]) => sent.includes(form ?? '')).map(([what]) => what);

  expect(found).toEqual([]);
  // They were there to be found: what told them was sent without them.
  expect(sent).toMatch(/got \\"zone \*\*\*\\"|got \\\\\\"zone \*\*\*/);
  expect(sent).toContain('are not welcome');
});

test('the recording that queries are checked against is of today', () => {
  const recording = recordingOf(run.envelopes);
  if (process.env.RECORD_TELEMETRY === 'on') writeTelemetryRecording(recording);

  try {
    expect(recording).toEqual(loadTelemetryRecording());
  } catch (error) {
    throw new Error(`${RECORDING} is stale: run this test with RECORD_TELEMETRY=on. ${String(error)}`, {
      cause: error,
    });
  }
});
