import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newServiceWorld, putChat, registerTenant, type ServiceWorld } from '../../support/service-world';
import { sharedBlobOrigin, sharedServices } from '../../support/services';
import { ROOT } from '../../unit/docs/documents';
import { type HostProcess, keys, startHostProcess } from '../host/host-process';
import { type Gate, startGate } from './gate';

// A run that an operator stops through the durable HTTP API.

const RUN = 'export-2025-08-11';

let world: ServiceWorld;
let gate: Gate;
let folder: string;
let host: HostProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'makoto-stopped-'));
  gate = await startGate(sharedBlobOrigin());
  world = await newServiceWorld();
  await registerTenant(world, 'acme');
  await putChat(world, 'acme', 'alice', 'r', 'm1', '2025-08-11T03:00:00.000Z');
});

afterAll(async () => {
  await gate?.stop();
  await world?.platform.dispose();
  await rm(folder, { recursive: true, force: true });
});

async function startRun(): Promise<number> {
  const init = { method: 'POST', body: JSON.stringify({ job: 'export', date: '2025-08-11' }) };
  return (await fetch(`${host.url}/api/runs?code=${keys.functionKey}`, init)).status;
}

async function getRun(): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${host.url}/api/runs/${RUN}?code=${keys.functionKey}`);
  return { status: response.status, body: await response.json() };
}

test('is terminated, which is no success; running the day again completes it', async () => {
  // prepare
  const { AZURE_STORAGE_CONNECTION_STRING: storage } = sharedServices();
  const throughGate = { AZURE_STORAGE_CONNECTION_STRING: storage.replaceAll(sharedBlobOrigin(), gate.origin) };
  host = await startHostProcess({
    app: ROOT,
    state: join(folder, 'state'),
    env: { ...world.settings, ...throughGate },
  });
  gate.close();
  await startRun();
  await host.waitUntil(RUN, ({ runtimeStatus }) => runtimeStatus === 'Running');

  // act
  const instance = `${host.url}/runtime/webhooks/durabletask/instances/${RUN}`;
  const asked = await fetch(`${instance}/terminate?reason=enough&code=${keys.systemKey}`, { method: 'POST' });
  await host.end(RUN);
  const stopped = await getRun();
  gate.open();
  const again = await startRun();
  await host.end(RUN);
  const ended = await getRun();

  // assess
  expect(asked.status).toBe(202);
  expect(stopped).toMatchObject({ status: 500, body: { id: RUN, status: 'terminated' } });
  expect(again).toBe(202);
  expect(ended).toMatchObject({
    status: 200,
    body: { status: 'completed', report: { tenants: [{ tenant: 'acme', status: 'completed', exported: 1 }] } },
  });
});
