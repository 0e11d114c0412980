import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlobServiceClient } from '@azure/storage-blob';
import type { JobReport } from '../../../shared/batch/report';
import { businessDay, targetDate } from '../../../shared/calendar';
import type { Manifest } from '../../../shared/messages/manifest';
import { manifestKey } from '../../../shared/messages/output-paths';
import { newServiceWorld, putChat, registerTenant, type ServiceWorld } from '../../support/service-world';
import { sharedServices } from '../../support/services';
import { ROOT } from '../../unit/docs/documents';
import { keys, startHostProcess } from '../host/host-process';
import { Traces } from './traces';

// A run for every tenant of the registry, each with a container of its own: of one there is none, one has metadata that cannot be
// used, one is switched off, and two are fine. These two are on different dates at every moment: their zones are 25 hours apart.

const ZONES = { east: 'Pacific/Kiritimati', west: 'Pacific/Pago_Pago' } as const;

/** What came of the run, and everything that was said and left on the way. */
interface Outcome {
  readonly status: number;
  readonly body: { readonly id: string; readonly status: string; readonly report: JobReport };
  /** The dates of the two fine tenants when the run was asked for and when it had been. */
  readonly dates: readonly { readonly east: string; readonly west: string }[];
  /** By where it was found. */
  readonly texts: ReadonlyMap<string, string>;
  /** The answers to a run of the tenant whose container was made meanwhile. */
  readonly repaired: { readonly status: number; readonly record: Readonly<Record<string, unknown>> | undefined };
}

let world: ServiceWorld;
let folder: string;
let containers: string;
let outcome: Outcome;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'makoto-tenants-'));
  containers = `c${randomUUID().slice(0, 8)}`;
  world = await newServiceWorld({ DATA_CONTAINER: `${containers}-{tenant}`, LOG_LEVEL: 'debug' });
  for (const tenant of ['east', 'west', 'poisoned']) await createContainer(tenant);
  for (const tenant of ['east', 'west'] as const) await registerTenant(world, tenant, { time_zone: ZONES[tenant] });
  for (const tenant of ['lost', 'poisoned']) await registerTenant(world, tenant);
  await registerTenant(world, 'resting', { enabled: false });
  await world.platform.metadata.put({ PK: 'TENANT#poisoned', SK: 'USER#alice' });
  await world.platform.metadata.put({ PK: 'TENANT#poisoned#USER#alice', SK: 'CHAT#../../east/chat/bob/r' });
  const dates = datesNow();
  for (const tenant of ['east', 'west'] as const) await putMessages(tenant, dates[tenant]);
  outcome = await scheduledRun();
});

afterAll(async () => {
  await world?.platform.dispose();
  await rm(folder, { recursive: true, force: true });
});

async function createContainer(tenant: string): Promise<void> {
  const { AZURE_STORAGE_CONNECTION_STRING: storage } = sharedServices();
  await BlobServiceClient.fromConnectionString(storage).createContainer(`${containers}-${tenant}`);
}

function datesNow(): { east: string; west: string } {
  const now = Date.now();
  return { east: targetDate(now, ZONES.east, -1), west: targetDate(now, ZONES.west, -1) };
}

/** A message at the beginning of the day and one at its end; and one of each neighbouring day. */
async function putMessages(tenant: keyof typeof ZONES, date: string): Promise<void> {
  const { start, end } = businessDay(date, ZONES[tenant]);
  const moments = { before: start - 1, first: start, last: end - 1, after: end };
  for (const [id, ms] of Object.entries(moments)) {
    await putChat(world, tenant, 'alice', 'r', id, new Date(ms).toISOString());
  }
}

/** Asks for a run as the schedule would start it, waits for its end, and gathers what it left. */
async function scheduledRun(): Promise<Outcome> {
  const state = join(folder, 'state');
  const host = await startHostProcess({ app: ROOT, state, env: { ...world.settings, LOCAL_HOST_VERBOSE: 'yes' } });
  const traces = new Traces();
  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${host.url}${path}`, { ...init, headers: { 'x-functions-key': keys.functionKey } });
    const text = await response.text();
    traces.add(`answer ${traces.texts.size}: ${path}`, `${JSON.stringify([...response.headers])}${text}`);
    return { status: response.status, text };
  };
  const run = async (request: object) => {
    const started = await ask('/api/runs', { method: 'POST', body: JSON.stringify(request) });
    const { id } = JSON.parse(started.text) as { id: string };
    await host.end(id);
    return ask(`/api/runs/${id}`);
  };

  const before = datesNow();
  const { status, text } = await run({ job: 'export' });
  const body = JSON.parse(text) as Outcome['body'];
  const dates = [before, datesNow()];
  for (const tenant of ['east', 'west', 'lost', 'poisoned', 'resting']) {
    const date = body.report.tenants.find((each) => each.tenant === tenant)?.date ?? body.report.date;
    await traces.addRunRecord(world, tenant, date);
  }
  for (const tenant of ['east', 'west', 'poisoned']) await traces.addObjects(world, tenant);

  await createContainer('lost');
  const again = await run({ job: 'export', date: body.report.date, tenants: ['lost'] });
  const record = await world.platform.metadata.get('TENANT#lost#BATCH', `DAILY#${body.report.date}`);

  await host.stop();
  traces.add('the log', host.log());
  await traces.addFiles(state);
  return { status, body, dates, texts: traces.texts, repaired: { status: again.status, record: record?.item } };
}

function reportOf(tenant: string): JobReport['tenants'][number] | undefined {
  return outcome.body.report.tenants.find((each) => each.tenant === tenant);
}

function recordOf(tenant: string): Readonly<Record<string, unknown>> | undefined {
  const text = outcome.texts.get(`record of ${tenant}`);
  return text === undefined ? undefined : (JSON.parse(text) as Record<string, unknown>);
}

test('a run with tenants that failed is partial, and is answered with 500', () => {
  expect(outcome.status).toBe(500);
  expect(outcome.body.status).toBe('partial');
  expect(outcome.body.report).toMatchObject({ job: 'export', status: 'partial' });
});

test('each tenant that failed is named, with a code, a kind and what to look at', () => {
  expect(reportOf('lost')).toMatchObject({
    status: 'failed',
    failure: {
      tenant: 'lost',
      stage: 'plan',
      code: 'container_not_found',
      kind: 'configuration',
      message: expect.stringContaining(`${containers}-lost`),
    },
  });
  expect(reportOf('poisoned')).toMatchObject({
    status: 'failed',
    failure: {
      tenant: 'poisoned',
      stage: 'plan',
      code: 'metadata_item_invalid',
      kind: 'configuration',
      message: expect.stringContaining('CHAT#../../east/chat/bob/r'),
    },
  });
});

test('a tenant that is switched off is left out', () => {
  expect(outcome.body.report.tenants.map(({ tenant }) => tenant)).toEqual(['east', 'lost', 'poisoned', 'west']);
  expect(recordOf('resting')).toBeUndefined();
});

test('the others are published, each the day before in its own zone', async () => {
  const dates = { east: reportOf('east')?.date ?? '', west: reportOf('west')?.date ?? '' };

  expect(outcome.dates).toContainEqual(dates);
  expect(dates.east > dates.west).toBe(true);
  for (const tenant of ['east', 'west'] as const) {
    const proof = { listed: expect.any(Number), exported: 2, duplicates: 0, quarantined: 0 };
    expect(reportOf(tenant)).toMatchObject({ status: 'completed', ...proof, parts: 4 });
    const { body } = await world.platform.analyticsStore(tenant).read(manifestKey(tenant, dates[tenant]));
    const manifest = JSON.parse(Buffer.from(body).toString('utf8')) as Manifest;
    const { start, end } = businessDay(dates[tenant], ZONES[tenant]);
    expect(manifest).toMatchObject({ tenant_id: tenant, time_zone: ZONES[tenant], proof });
    expect(manifest.day).toEqual({ start: new Date(start).toISOString(), end: new Date(end).toISOString() });
  }
});

test('nothing was written for a tenant that failed', () => {
  const written = [...outcome.texts.keys()].filter((key) => key.startsWith('poisoned/') || key.startsWith('lost/'));

  expect(written).toEqual([]);
});

test('every tenant that was run has a record of it', () => {
  for (const tenant of ['east', 'west'] as const) {
    const { date, listed, parts, bytes, output } = reportOf(tenant) ?? {};
    expect(recordOf(tenant)).toEqual(
      expect.objectContaining({
        batch_type: 'daily_message_parquet',
        status: 'completed',
        message_count: 2,
        output_path: output,
        manifest: manifestKey(tenant, date ?? ''),
        time_zone: ZONES[tenant],
        proof: { listed, outside: (listed ?? 0) - 2, exported: 2, duplicates: 0, quarantined: 0 },
        parts,
        bytes,
        processed_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      }),
    );
    expect(recordOf(tenant)).not.toHaveProperty('last_failure');
  }
  for (const [tenant, code] of [
    ['lost', 'container_not_found'],
    ['poisoned', 'metadata_item_invalid'],
  ]) {
    expect(recordOf(tenant ?? '')).toMatchObject({
      batch_type: 'daily_message_parquet',
      status: 'failed',
      message_count: 0,
      output_path: '',
      last_failure: { code, kind: 'configuration', at: expect.stringMatching(/Z$/) },
    });
  }
});

test('a tenant whose failure was mended completes when its day is run again', () => {
  expect(outcome.repaired.status).toBe(200);
  expect(outcome.repaired.record).toMatchObject({ status: 'completed', message_count: 0 });
  expect(outcome.repaired.record).not.toHaveProperty('last_failure');
});

test('no secret is in a history, an answer, the log, a record or an object', () => {
  const { AZURE_STORAGE_CONNECTION_STRING: storage, COSMOS_KEY: cosmosKey } = sharedServices();
  const accountKey = /AccountKey=([^;]+)/.exec(storage)?.[1] ?? '';
  const forms = [accountKey, cosmosKey].flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
  ]);
  const everything = [...outcome.texts];
  const kinds = [/\.ndjson$/, /^answer /, /^the log$/, /^record of lost$/, /_manifests\/.*\.json$/, /\.parquet$/];

  const leaks = everything.filter(([, text]) => forms.some((form) => text.includes(form))).map(([where]) => where);

  expect(forms.every((form) => form.length > 20)).toBe(true);
  for (const kind of kinds) expect(everything.filter(([where]) => kind.test(where))).not.toEqual([]);
  expect(outcome.texts.get('the log')).toContain('container_not_found');
  expect(leaks).toEqual([]);
});
