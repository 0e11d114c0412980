import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRuns } from '../../../shared/history/read-runs';
import type { OverviewView } from '../../../shared/operations/dashboard/views/overview';
import { type HostProcess, startHostProcess } from '../../support/host-process';
import { newServiceWorld, registerTenant, type ServiceWorld } from '../../support/service-world';
import { RunsApi } from '../export/runs-api';

// `GET /api/dashboard` of the compiled app on the local host, over embedded services.

const SIGNED_IN = { 'x-ms-client-principal-name': 'aoi@example.com' };

let world: ServiceWorld;
let folder: string;
let host: HostProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'makoto-page-'));
  world = await newServiceWorld();
  await registerTenant(world, 'acme');
  host = await startHostProcess(join(folder, 'state'), world.settings);
});

afterAll(async () => {
  await host?.stop();
  await world?.platform.dispose();
  await rm(folder, { recursive: true, force: true });
});

test('the page opens with the key in its address, and with no other', async () => {
  const address = `${host.url}/api/dashboard`;

  const answers = [
    await fetch(address),
    await fetch(`${address}?code=wrong`),
    await fetch(`${address}?code=${encodeURIComponent(host.functionKey)}`, { headers: SIGNED_IN }),
  ];

  const page = await answers[2]?.text();
  expect(answers.map(({ status }) => status)).toEqual([401, 401, 200]);
  expect(answers[2]?.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(page).toContain('Signed in as aoi@example.com');
  expect(page).toContain('acme');
});

test('a run that somebody asked for is on the page under their name, with the day that it published', async () => {
  const runs = new RunsApi({
    url: host.url,
    request: (path, init = {}) => host.request(path, { ...init, headers: { ...init.headers, ...SIGNED_IN } }),
  });
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  const before = new Date(Date.parse(yesterday) - 86_400_000).toISOString().slice(0, 10);

  await runs.post({ job: 'export', date: before });
  await runs.endOf(`export-${before}`);

  const view = (await (await host.request('/api/dashboard?format=json&days=7')).json()) as OverviewView;
  const recorded = await readRuns(world.platform.metadata);
  expect(view.runs).toEqual([expect.objectContaining({ run: `export-${before}`, requested_by: 'aoi@example.com' })]);
  expect(recorded.runs).toEqual(view.runs);
  expect(view.rows[0]?.days).toContainEqual(expect.objectContaining({ date: before, state: 'published', messages: 0 }));
});
