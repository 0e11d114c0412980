import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HostProcess, startHostProcess } from '../../support/host-process';
import { newServiceWorld, putChat, registerTenant, type ServiceWorld } from '../../support/service-world';
import { sharedBlobOrigin, sharedServices } from '../../support/services';
import { type Gate, startGate } from './gate';
import { RunsApi } from './runs-api';

// `POST /api/runs` and `GET /api/runs/{id}` of the compiled app on the local host, over embedded services.

const TENANTS = ['acme', 'beta'];

let world: ServiceWorld;
/** Stands before the blob service: while it is closed, a run that was started stays under way. */
let gate: Gate;
let folder: string;
let host: HostProcess;
let runs: RunsApi;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'makoto-http-'));
  gate = await startGate(sharedBlobOrigin());
  const { AZURE_STORAGE_CONNECTION_STRING: storage } = sharedServices();
  world = await newServiceWorld();
  for (const tenant of TENANTS) {
    await registerTenant(world, tenant);
    await putChat(world, tenant, 'alice', 'r', 'm1', '2025-08-11T03:00:00.000Z');
  }
  host = await startHostProcess(join(folder, 'state'), {
    ...world.settings,
    AZURE_STORAGE_CONNECTION_STRING: storage.replaceAll(sharedBlobOrigin(), gate.origin),
  });
  runs = new RunsApi(host);
});

afterAll(async () => {
  gate?.open();
  await host?.stop();
  await gate?.stop();
  await world?.platform.dispose();
  await rm(folder, { recursive: true, force: true });
});

describe('a run that is started', () => {
  test('is answered with 202 and where to look; there, 200 and the report when it has ended', async () => {
    const id = 'export-2025-08-11';

    const started = await runs.post({ job: 'export', date: '2025-08-11' });
    const ended = await runs.endOf(id);

    expect(started).toEqual({
      status: 202,
      location: runs.link(id).statusUrl,
      body: { ...runs.link(id), runs: [runs.link(id)] },
    });
    expect(ended.status).toBe(200);
    expect(ended.body).toMatchObject({ id, status: 'completed', progress: { tenants: 2, refused: 0 } });
    expect(ended.body.report).toMatchObject({ job: 'export', date: '2025-08-11', status: 'completed' });
    expect(ended.body.report).toHaveProperty(
      'tenants',
      TENANTS.map((tenant) =>
        expect.objectContaining({ tenant, date: '2025-08-11', status: 'completed', listed: 1, exported: 1 }),
      ),
    );
    const { createdAt, updatedAt } = ended.body as { createdAt: string; updatedAt: string };
    expect(Date.parse(createdAt)).toBeLessThanOrEqual(Date.parse(updatedAt));
  });

  test('is for the tenants that are asked for, each once', async () => {
    await runs.post({ job: 'export', date: '2025-07-01', tenants: ['beta', 'beta'] });

    const { status, body } = await runs.endOf('export-2025-07-01');

    expect(status).toBe(200);
    expect(body.report).toHaveProperty('tenants', [expect.objectContaining({ tenant: 'beta', exported: 0 })]);
  });

  test('ends with 500 where no tenant can be run, and says why', async () => {
    await runs.post({ job: 'export', date: '2025-07-02', tenants: ['stranger'] });
    await runs.post({ job: 'export', date: '2999-01-01' });

    const stranger = await runs.endOf('export-2025-07-02');
    const future = await runs.endOf('export-2999-01-01');

    expect(stranger).toMatchObject({ status: 500, body: { status: 'failed' } });
    expect(stranger.body.report).toMatchObject({
      tenants: [{ tenant: 'stranger', status: 'failed', failure: { code: 'tenant_unknown', kind: 'configuration' } }],
    });
    expect(future).toMatchObject({ status: 500, body: { status: 'failed' } });
    expect(future.body.report).toMatchObject({
      tenants: [],
      failure: { code: 'input_invalid', kind: 'permanent', message: expect.stringContaining('2999-01-01') },
    });
  });

  test('is one run for each day of a range', async () => {
    const ids = ['export-2025-06-29', 'export-2025-06-30', 'export-2025-07-01'];

    const { status, location, body } = await runs.post({ job: 'export', from: '2025-06-29', to: '2025-07-01' });
    const ends = await Promise.all(ids.map((id) => runs.endOf(id)));

    expect({ status, location }).toEqual({ status: 202, location: runs.link(ids[0] ?? '').statusUrl });
    expect(body.runs).toEqual(ids.map((id) => runs.link(id)));
    expect(ends.map((end) => end.status)).toEqual([200, 200, 200]);
  });
});

describe('a day that is being run', () => {
  test('is answered with 409 and the run, alone and within a range, and nothing is started', async () => {
    // prepare
    const id = 'export-2025-08-11';
    gate.close();
    const first = await runs.post({ job: 'export', date: '2025-08-11' });

    // act
    const meanwhile = await runs.get(id);
    const again = await runs.post({ job: 'export', date: '2025-08-11', force: true });
    const range = await runs.post({ job: 'export', from: '2025-08-09', to: '2025-08-12' });
    const neighbours = await Promise.all(['export-2025-08-09', 'export-2025-08-12'].map((each) => runs.get(each)));
    gate.open();
    const ended = await runs.endOf(id);
    const next = await runs.post({ job: 'export', date: '2025-08-11' });
    await runs.endOf(id);

    // assess
    expect(first.status).toBe(202);
    expect(meanwhile).toMatchObject({ status: 202, body: { id, status: 'running' } });
    expect(meanwhile.body).not.toHaveProperty('report');
    for (const refused of [again, range]) {
      expect(refused).toMatchObject({ status: 409, location: runs.link(id).statusUrl });
      expect(refused.body).toEqual({ ...runs.link(id), runs: [], running: [runs.link(id)], error: expect.any(String) });
    }
    expect(neighbours.map(({ status }) => status)).toEqual([404, 404]);
    expect(ended.status).toBe(200);
    expect(next.status).toBe(202);
  });

  test('is started once by requests at the same moment', async () => {
    gate.close();

    const answers = await Promise.all([1, 2, 3].map(() => runs.post({ job: 'export', date: '2025-08-05' })));
    gate.open();
    const ended = await runs.endOf('export-2025-08-05');

    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409]);
    expect(ended.status).toBe(200);
  });
});

describe('a request that is not valid', () => {
  const everything = { job: 'exprot', date: 'yesterday', tenants: ['acme', '../beta'], force: 'yes', colour: 'blue' };

  test.each<[what: string, content: unknown, fields: Readonly<Record<string, string>>]>([
    ['broken JSON', '{"job": "export"', { body: 'expected a JSON object' }],
    ['no object', '["export"]', { body: 'expected a JSON object' }],
    ['null', 'null', { body: 'expected a JSON object' }],
    ['nothing', '', { job: 'expected one of export' }],
    ['an unknown job', { job: 'sync' }, { job: 'expected one of export' }],
    ['a job that is not set up', { job: 'youtube' }, { job: 'the job youtube is not set up' }],
    [
      'a date and a range',
      { job: 'export', date: '2025-08-11', from: '2025-08-11', to: '2025-08-12' },
      { date: 'not both' },
    ],
    ['half a range', { job: 'export', to: '2025-08-12' }, { from: 'is missing' }],
    [
      'a range that ends before it begins',
      { job: 'export', from: '2025-08-12', to: '2025-08-11' },
      { from: 'not after' },
    ],
    ['over 31 days', { job: 'export', from: '2025-07-01', to: '2025-08-01' }, { to: 'at most 31 days' }],
    ['a date that there is not', { job: 'export', date: '2025-02-30' }, { date: '2025-02-30' }],
    ['no tenant', { job: 'export', tenants: [] }, { tenants: 'at least one' }],
    ['a tenant that is no list', { job: 'export', tenants: 'acme' }, { tenants: 'expected an array' }],
    ['an empty tenant id', { job: 'export', tenants: [''] }, { tenants: 'is empty' }],
    ['a tenant id with a slash', { job: 'export', tenants: ['acme/beta'] }, { tenants: 'holds "/"' }],
    [
      'everything at once',
      everything,
      { job: 'expected one of', date: 'yesterday', tenants: '../beta', force: 'true or false', colour: 'not a known' },
    ],
  ])('is answered with 400 and what is wrong with each field: %s', async (_what, content, fields) => {
    const { status, body } = await runs.post(content);

    expect(status).toBe(400);
    expect(Object.keys(body.fields).sort()).toEqual(Object.keys(fields).sort());
    for (const [name, text] of Object.entries(fields)) {
      expect(body.fields[name]).toContain(text);
    }
  });
});

test('nothing is answered, and nothing is started, without the key', async () => {
  const body = JSON.stringify({ job: 'export', date: '2025-05-05' });
  const statusOf = async (path: string, init: RequestInit) => (await fetch(`${host.url}${path}`, init)).status;
  const wrong = { 'x-functions-key': `${host.functionKey}x` };

  const statuses = await Promise.all([
    statusOf('/api/runs', { method: 'POST', body }),
    statusOf('/api/runs', { method: 'POST', body, headers: wrong }),
    statusOf('/api/runs/export-2025-08-11', {}),
    statusOf('/api/runs/export-2025-08-11', { headers: wrong }),
    statusOf('/api/runs/export-2025-08-11?code=', {}),
  ]);

  expect(statuses).toEqual([401, 401, 401, 401, 401]);
  expect(await runs.get('export-2025-05-05')).toMatchObject({ status: 404 });
});

test.each(['export-2020-01-01', 'export', 'a%20b', encodeURIComponent('日本'), '..%2Fadmin'])(
  'a run that there is not, %s, is answered with 404',
  async (id) => {
    const { status, body } = await runs.get(id);

    expect(status).toBe(404);
    expect(body).toEqual({ error: `There is no run ${decodeURIComponent(id)}.` });
  },
);

test('what was answered with 202 was started, once, and nothing else', async () => {
  await runs.post({ job: 'export', date: '2025-04-01' });
  // The host tells what happens in order: with the end of this run, everything before is known.
  await host.event((event) => event.kind === 'instance-completed' && event.instanceId === 'export-2025-04-01');

  const started = host.events.flatMap((event) =>
    event.kind === 'instance-started' && event.name === 'dailyBatch' ? [event.instanceId] : [],
  );

  expect(started.sort()).toEqual([...runs.accepted].sort());
});
