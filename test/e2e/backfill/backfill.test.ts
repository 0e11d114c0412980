import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type HostProcess, startHostProcess } from '../../support/host-process';
import { newServiceWorld, putChat, registerTenant, type ServiceWorld } from '../../support/service-world';
import { sharedBlobOrigin, sharedServices } from '../../support/services';
import { type Gate, startGate } from '../export/gate';
import { RunsApi } from '../export/runs-api';

// `POST /api/backfills` of the compiled app on the local host, and the command line before it, over embedded services.

const TENANTS = ['acme', 'beta'];
const AUGUST = { from: '2025-08-01', to: '2025-08-03' };
const ID = 'backfill-2025-08-01-2025-08-03';
const PROGRAM = join(__dirname, '..', '..', '..', 'dist', 'local', 'cli', 'makoto-batch.js');

let world: ServiceWorld;
/** Stands before the blob service: while it is closed, a day that was begun stays under way. */
let gate: Gate;
let folder: string;
let host: HostProcess;
let runs: RunsApi;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'makoto-backfill-'));
  gate = await startGate(sharedBlobOrigin());
  const { AZURE_STORAGE_CONNECTION_STRING: storage } = sharedServices();
  world = await newServiceWorld();
  for (const tenant of TENANTS) {
    await registerTenant(world, tenant);
    for (const day of ['01', '02', '03', '04'])
      await putChat(world, tenant, 'alice', `r${day}`, `m${day}`, `2025-08-${day}T03:00:00.000Z`);
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

async function post(content: unknown): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
  const response = await host.request('/api/backfills', { method: 'POST', body: JSON.stringify(content) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

test('a dry run answers with what there is to do and an estimate, and starts nothing', async () => {
  const { status, body } = await post({ ...AUGUST, dryRun: true });

  expect(status).toBe(200);
  expect(body).toMatchObject({
    ...{ id: ID, days: 3, tenants: 2, tenantDays: { toDo: 6, published: 0, notBegun: 0 } },
    estimate: { messages: 6, from: { records: 0, look: 2, others: 0 } },
  });
  expect(await runs.get(ID)).toMatchObject({ status: 404 });
});

test('a backfill is started once, tells how far it is, has each day to itself, and ends with a report', async () => {
  gate.close();

  const started = await post({ ...AUGUST, concurrency: 2 });
  await host.event((event) => event.kind === 'activity-started' && event.name === 'planExport');
  const again = await post(AUGUST);
  const meanwhile = await runs.get(ID);
  const day = await runs.post({ job: 'export', date: '2025-08-01' });
  gate.open();
  const ended = await runs.endOf(ID);

  expect(started).toEqual({ status: 202, body: runs.link(ID) });
  expect(again).toMatchObject({ status: 409, body: runs.link(ID) });
  expect(meanwhile).toMatchObject({
    status: 202,
    body: { status: 'running', progress: { days: 3, done: 0, failed: 0 } },
  });
  expect(day.status).toBe(409);
  expect(ended).toMatchObject({
    status: 200,
    body: {
      status: 'completed',
      progress: { days: 3, done: 3, failed: 0, current: [] },
      report: { ...AUGUST, status: 'completed', days: { completed: 3, failed: 0, left: 0 }, messages: 6 },
    },
  });
  expect(await runs.get('export-2025-08-02')).toMatchObject({ status: 200, body: { status: 'completed' } });
});

test('a day that is being run by somebody else is waited for', async () => {
  const looks = () =>
    host.events.filter((event) => event.kind === 'activity-completed' && event.name === 'lookAtDay').length;
  const before = looks();
  gate.close();
  await runs.post({ job: 'export', date: '2025-08-04', tenants: ['acme'] });

  await post({ from: '2025-08-04', to: '2025-08-04' });
  await host.event(() => looks() > before);
  gate.open();
  const ended = await runs.endOf('backfill-2025-08-04-2025-08-04');

  // The other run's tenant is done by then.
  expect(ended).toMatchObject({ status: 200, body: { report: { days: { completed: 1 }, messages: 1 } } });
});

test('the command line has the app do it, and follows it', async () => {
  const args = ['backfill', '--from', '2025-07-30', '--to', '2025-08-04', '--yes', '--json', '--url', host.url];
  const env = { PATH: process.env.PATH, BATCH_KEY: host.functionKey };

  const { stdout, stderr } = await promisify(execFile)(process.execPath, [PROGRAM, ...args], { env });

  expect(JSON.parse(stdout)).toMatchObject({
    ...{ status: 'completed', days: { completed: 2, failed: 0, left: 0 } },
    plan: { tenantDays: { toDo: 4, published: 8 } },
  });
  expect(stdout + stderr).not.toContain(host.functionKey);
});

test.each<[what: string, content: unknown, fields: readonly string[]]>([
  ['no range', {}, ['from', 'to']],
  ['over ten years', { from: '2000-01-01', to: '2025-01-01' }, ['to']],
  ['a dry run that is none', { ...AUGUST, dryRun: 'yes' }, ['dryRun']],
  ['no object', ['2025-08-01'], ['body']],
])('a request that is not valid is answered with 400 and the fields: %s', async (_what, content, fields) => {
  const { status, body } = await post(content);

  expect(status).toBe(400);
  expect(Object.keys(body.fields as object)).toEqual(fields);
});

test('nothing is started without the key', async () => {
  const body = JSON.stringify({ from: '2025-05-01', to: '2025-05-01' });

  const { status } = await fetch(`${host.url}/api/backfills`, { method: 'POST', body });

  expect(status).toBe(401);
  expect(await runs.get('backfill-2025-05-01-2025-05-01')).toMatchObject({ status: 404 });
});
