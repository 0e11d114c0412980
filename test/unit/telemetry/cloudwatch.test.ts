import fc from 'fast-check';
import { createLog } from '../../../shared/logging/log';
import { Masker } from '../../../shared/logging/masking';
import type { Metric } from '../../../shared/ports/telemetry';
import { createTelemetry, type LoggedTelemetry } from '../../../shared/telemetry/create-telemetry';
import { embeddedMetric } from '../../../shared/telemetry/embedded-metric';

const NOW = Date.parse('2025-08-12T17:00:00Z');
const SECRET = 'swordfish-of-the-database';
const TELEMETRY = { console: false, sampling: 1 };

const METRICS: Metric[] = [
  'messages_exported',
  'messages_quarantined',
  'export_bytes',
  'export_duration_seconds',
  'youtube_videos_upserted',
  'youtube_quota_used',
  'tenant_failures',
  'day_sealed',
];

/** A log and telemetry as a function has them, and the lines that CloudWatch would take. */
function newWorld(settings = TELEMETRY) {
  const lines: Record<string, unknown>[] = [];
  const masker = new Masker([SECRET]);
  const sink = { write: (text: string) => lines.push(JSON.parse(text) as Record<string, unknown>) };
  const telemetry: LoggedTelemetry = createTelemetry({
    settings,
    masker,
    sink,
    cloudWatch: true,
    onLoss: () => undefined,
  });
  const log = createLog({ level: 'info', masker, now: () => NOW, write: (record) => telemetry.write(record) });
  return { lines, telemetry, log };
}

interface Emf {
  readonly _aws: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
  readonly [name: string]: unknown;
}

test('a metric is a line that CloudWatch makes one of: by job, and by job and tenant', () => {
  const dimensions = { tenant: 'acme', job: 'export', date: '2025-08-11', run: 'export-2025-08-11' };

  const line = JSON.parse(embeddedMetric('export_bytes', 5_242_880, dimensions, NOW)) as Emf;

  expect(line).toEqual({
    _aws: {
      Timestamp: NOW,
      CloudWatchMetrics: [
        {
          Namespace: 'makoto-daily-batch',
          Dimensions: [['job'], ['job', 'tenant']],
          Metrics: [{ Name: 'export_bytes', Unit: 'Bytes' }],
        },
      ],
    },
    ...dimensions,
    export_bytes: 5_242_880,
  });
});

test('whatever the dimensions, every name that a line refers to is in it, and is what CloudWatch takes', () => {
  const dimensions = fc.dictionary(
    fc.constantFrom('tenant', 'job', 'date', 'stage', '_aws'),
    fc.string({ unit: 'grapheme' }),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...METRICS),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      dimensions,
      (metric, value, given) => {
        const line = JSON.parse(embeddedMetric(metric, value, given, NOW)) as Emf;

        const [directive] = line._aws.CloudWatchMetrics;
        const names = directive?.Dimensions.flat() ?? [];
        expect(names.every((name) => /^[ -~]*[!-~][ -~]*$/.test(String(line[name])))).toBe(true);
        expect(line[metric]).toBe(Object.is(value, -0) ? 0 : value);
        expect(directive?.Dimensions.length).toBeGreaterThan(0);
        expect(directive?.Metrics).toEqual([{ Name: metric, Unit: expect.stringMatching(/^(Count|Bytes|Seconds)$/) }]);
      },
    ),
  );
});

test('a line of the log has the dimensions of the work that it was written in, its own before those', async () => {
  const { lines, telemetry, log } = newWorld();

  await telemetry.span('exportShard', { tenant: 'acme', job: 'export', stage: 'collect' }, async () => {
    await telemetry.span('upload', { shard: 3 }, async () => log.warn('A call is tried again.', { stage: 'upload' }));
  });
  log.info('Outside.');

  expect(lines).toEqual([
    {
      ...{ time: '2025-08-12T17:00:00.000Z', level: 'warn', message: 'A call is tried again.' },
      ...{ tenant: 'acme', job: 'export', stage: 'upload', shard: 3 },
    },
    { time: '2025-08-12T17:00:00.000Z', level: 'info', message: 'Outside.' },
  ]);
});

test('work side by side does not get mixed up', async () => {
  const { lines, telemetry, log } = newWorld();
  const tenants = ['acme', 'zoo', 'minato'];

  await Promise.all(
    tenants.map((tenant) =>
      telemetry.span('step', { tenant }, async () => {
        await new Promise(setImmediate);
        telemetry.record('day_sealed', 1, { job: 'export' });
        log.info(tenant);
      }),
    ),
  );

  expect(lines.filter(({ message }) => message !== undefined).every(({ message, tenant }) => message === tenant)).toBe(
    true,
  );
  expect(lines.flatMap((line) => (line.day_sealed === 1 ? [line.tenant] : []))).toEqual(tenants);
});

test('no secret is in any line, whether it was logged, a dimension of the work, or of a metric', async () => {
  const { lines, telemetry, log } = newWorld();

  await telemetry.span('step', { target: `postgres://u:${SECRET}@host` }, async () => {
    log.error(`It was ${SECRET}.`, { password: 'x', detail: SECRET });
    telemetry.record('tenant_failures', 1, { tenant: SECRET, job: 'export' });
  });

  expect(lines).toHaveLength(2);
  expect(JSON.stringify(lines)).not.toContain(SECRET);
  expect(lines[0]).toMatchObject({ password: '***' });
});

test('what work throws goes on, and what it gives is given', async () => {
  const { telemetry } = newWorld();

  await expect(telemetry.span('step', {}, async () => 7)).resolves.toBe(7);
  await expect(telemetry.span('step', {}, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
});

test('where telemetry goes elsewhere too, CloudWatch has its lines all the same', async () => {
  const { lines, telemetry, log } = newWorld({ ...TELEMETRY, console: true });

  const given = await telemetry.span('step', { tenant: 'acme' }, async (span) => {
    span.add({ shard: 1 });
    span.failed({ code: 'made_up', kind: 'permanent', message: 'It failed.' });
    log.info('Said.');
    telemetry.record('day_sealed', 1, { job: 'export' });
    return await telemetry.call({ system: 'blob', target: 'lake', operation: 'read', many: true }, async () => 3);
  });
  await telemetry.flush();

  const kinds = lines.map((line) => line.telemetry ?? ('_aws' in line ? 'emf' : line.message));
  expect(given).toBe(3);
  expect(kinds).toEqual(expect.arrayContaining(['Said.', 'emf', 'log', 'span', 'metric']));
  expect(lines).toContainEqual(expect.objectContaining({ telemetry: 'span', name: 'step', failure: 'made_up' }));
});
