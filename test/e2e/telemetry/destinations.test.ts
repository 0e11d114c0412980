import { execFile } from 'node:child_process';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { RunReport } from '../../../shared/batch/report';
import { chatWorld, DATE, MESSAGES, withoutTimes } from '../../integration/telemetry/runs';
import type { ServiceWorld } from '../../support/service-world';
import { lastJson, Program } from '../cli/program';

// The telemetry of a run on the command line: to an OTLP endpoint, and to the log's own stream.

interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: OtlpBody;
}

interface OtlpAttribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number };
}

interface OtlpBody {
  readonly resourceSpans?: readonly { readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[] }[];
  readonly resourceLogs?: readonly { readonly scopeLogs: readonly { readonly logRecords: readonly OtlpLog[] }[] }[];
  readonly resourceMetrics?: readonly {
    readonly resource: { readonly attributes: readonly OtlpAttribute[] };
    readonly scopeMetrics: readonly { readonly metrics: readonly OtlpMetric[] }[];
  }[];
}

interface OtlpSpan {
  readonly name: string;
  readonly traceId: string;
  readonly parentSpanId?: string;
  readonly attributes: readonly OtlpAttribute[];
}

interface OtlpLog {
  readonly severityText: string;
  readonly body: { readonly stringValue: string };
  readonly traceId: string;
}

interface OtlpMetric {
  readonly name: string;
  readonly sum?: {
    readonly aggregationTemporality: number;
    readonly dataPoints: readonly {
      readonly asDouble?: number;
      readonly asInt?: number;
      readonly attributes: readonly OtlpAttribute[];
    }[];
  };
}

let world: ServiceWorld;
let collector: Server;
let received: Received[];

beforeAll(async () => {
  world = await chatWorld();
});

beforeEach(async () => {
  received = [];
  collector = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as OtlpBody;
    received.push({ path: request.url ?? '', headers: request.headers, body });
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
});

afterEach(() => {
  collector.closeAllConnections();
  collector.close();
});

afterAll(async () => {
  await world.platform.dispose();
});

interface Told {
  readonly report: RunReport;
  readonly log: string;
}

async function exportDay(telemetry: Readonly<Record<string, string>>): Promise<Told> {
  const settings = { ...world.settings, ...telemetry };
  const args = ['run', 'export', '--date', DATE, '--force', '--json'];
  const ended = await new Program('makoto-batch', args, settings).ended;
  return { report: lastJson<RunReport>(ended), log: ended.stderr };
}

function attribute(attributes: readonly OtlpAttribute[], name: string): string | undefined {
  return attributes.find(({ key }) => key === name)?.value.stringValue;
}

test('an OTLP endpoint gets spans, log lines and metrics, with the headers that it asks for', async () => {
  const told = await exportDay({
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-api-key=the%20key',
    LOG_LEVEL: 'info',
  });

  expect(told.report.status).toBe('partial');
  expect(told.log).not.toMatch(/the key|is lost/);
  expect(new Set(received.map(({ path }) => path))).toEqual(new Set(['/v1/traces', '/v1/logs', '/v1/metrics']));
  expect(new Set(received.map(({ headers }) => headers['x-api-key']))).toEqual(new Set(['the key']));
  const spans = received
    .flatMap(({ body }) => body.resourceSpans ?? [])
    .flatMap(({ scopeSpans }) => scopeSpans.flatMap((each) => each.spans));
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  expect(spans.filter(({ parentSpanId }) => !parentSpanId).map(({ name }) => name)).toEqual(['run']);
  const shard = spans.find(({ name }) => name === 'exportShard');
  expect(attribute(shard?.attributes ?? [], 'run')).toBe(`export-${DATE}`);
  const lines = received
    .flatMap(({ body }) => body.resourceLogs ?? [])
    .flatMap(({ scopeLogs }) => scopeLogs.flatMap((each) => each.logRecords));
  expect(lines.find(({ body }) => body.stringValue === 'The day is published.')).toMatchObject({
    severityText: 'info',
    traceId: spans[0]?.traceId,
  });
  const sources = received.flatMap(({ body }) => body.resourceMetrics ?? []);
  expect(sources.map(({ resource }) => attribute(resource.attributes, 'service.name'))).toEqual(['makoto-daily-batch']);
  const exported = sources
    .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics))
    .find(({ name }) => name === 'messages_exported');
  // 1 is "delta" in OTLP.
  expect(exported?.sum).toMatchObject({ aggregationTemporality: 1, dataPoints: [{ asDouble: MESSAGES }] });
});

test('on the log’s stream it is lines of JSON, and the log stands beside it as ever', async () => {
  const silent = await exportDay({ LOG_LEVEL: 'info' });

  const told = await exportDay({ TELEMETRY_CONSOLE: 'on', LOG_LEVEL: 'info' });

  const lines = told.log.split('\n').filter((line) => line.startsWith('{"telemetry":'));
  const telemetry = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  const kinds = (kind: string) => telemetry.filter((line) => line.telemetry === kind);
  const sentences = kinds('log').map(({ message }) => String(message));
  expect(silent.log).not.toContain('"telemetry"');
  expect(told.report.jobs.map(withoutTimes)).toEqual(silent.report.jobs.map(withoutTimes));
  expect(sentences).toEqual(expect.arrayContaining(['The day is planned.', 'The day is published.']));
  const log = told.log.split('\n').filter((line) => !lines.includes(line));
  for (const sentence of sentences) expect(log.some((line) => line.includes(sentence))).toBe(true);
  expect(new Set(kinds('span').map(({ kind }) => kind))).toEqual(new Set(['server', 'internal', 'client']));
  expect(kinds('span').find(({ name }) => name === 'planExport')).toMatchObject({
    time: expect.stringMatching(/^\d{4}-.*Z$/),
    seconds: expect.any(Number),
    dimensions: { job: 'export', date: DATE, run: `export-${DATE}`, stage: 'plan' },
  });
  expect(kinds('span').filter(({ failure }) => failure !== undefined)).toHaveLength(1);
  expect(kinds('metric').find(({ name }) => name === 'messages_exported')).toMatchObject({ value: MESSAGES });
});

test('both at once get the same', async () => {
  const told = await exportDay({
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
    TELEMETRY_CONSOLE: 'on',
  });

  const sent = received
    .flatMap(({ body }) => body.resourceSpans ?? [])
    .flatMap(({ scopeSpans }) => scopeSpans.flatMap((each) => each.spans));
  const written = told.log.split('\n').filter((line) => line.startsWith('{"telemetry":"span"'));
  expect(written.length).toBeGreaterThan(10);
  expect(sent).toHaveLength(written.length);
});

describe('what is loaded of OpenTelemetry', () => {
  const root = join(__dirname, '..', '..', '..');
  const script = `
    const { createPlatform } = require(${JSON.stringify(join(root, 'shared/platform.ts'))});
    const { loadSettings } = require(${JSON.stringify(join(root, 'shared/settings.ts'))});
    const platform = createPlatform(loadSettings(process.env));
    const loaded = () => Object.keys(require.cache).filter((path) => /@opentelemetry|monitor-opentelemetry/.test(path)).length;
    const before = loaded();
    platform.telemetry.span('step', {}, async () => platform.log.info('A line.')).then(() => {
      console.log(JSON.stringify({ before, after: loaded() }));
      process.exit(0);
    });`;
  const load = async (env: Record<string, string>): Promise<{ before: number; after: number }> => {
    const args = ['--require', join(root, 'test/support/typescript-require.js'), '-e', script];
    const { PATH = '' } = process.env;
    const { stdout } = await promisify(execFile)(process.execPath, args, { env: { PATH, ...world.settings, ...env } });
    return JSON.parse(stdout);
  };

  test('nothing where nobody listens', async () => {
    expect(await load({})).toEqual({ before: 0, after: 0 });
  });

  test('nothing before there is something to tell, and what sends it not before it is sent', async () => {
    const key = '0a1b2c3d-0000-4000-8000-123456789abc';

    const { before, after } = await load({ APPLICATIONINSIGHTS_CONNECTION_STRING: `InstrumentationKey=${key}` });

    expect(before).toBe(0);
    expect(after).toBeGreaterThan(0);
  });
});
