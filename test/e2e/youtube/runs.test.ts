import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { everyCall } from '../../../local/youtube/conditions';
import { type Gate, gate } from '../../../local/youtube/faults';
import type { Rule } from '../../../local/youtube/switches';
import { shown } from '../../integration/postgres/model';
import { SyncedModel } from '../../integration/youtube-sync/catalogue-model';
import { CHANNEL } from '../../integration/youtube-sync/one-channel';
import { numberedCatalogue } from '../../support/youtube-catalogues';
import { ROOT } from '../../unit/docs/documents';
import { RunsApi } from '../export/runs-api';
import { type HostProcess, keys, startHostProcess, until } from '../host/host-process';
import { ON_LEAP_DAYS, type SyncServices, startSyncServices } from './sync-services';

// The sync by the compiled app on the local host: started by its timer, by its schedule, and by request.

const VIDEOS = 55;

let services: SyncServices;
let folder: string;
/** While it is in force, a run that was started stays under way. */
let closed: Gate & { readonly rule: Rule };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'makoto-sync-'));
  services = await startSyncServices({
    catalogue: numberedCatalogue(VIDEOS).catalogue,
    tenants: { acme: [CHANNEL], idle: [] },
    settings: { LOG_LEVEL: 'info' },
  });
});

afterEach(() => {
  closed?.release();
  services.youtube.switches.clear();
});

afterAll(async () => {
  await services?.stop();
  await rm(folder, { recursive: true, force: true });
});

function close(): void {
  const held = gate();
  closed = { ...held, rule: { when: everyCall, fault: held.fault } };
  services.youtube.switches.add(closed.rule);
}

function startHost(name: string, schedule = ON_LEAP_DAYS): Promise<HostProcess> {
  const env = { ...services.settings, YOUTUBE_SCHEDULE: schedule };
  return startHostProcess({ app: ROOT, state: join(folder, name), env });
}

function runsOf(host: HostProcess): RunsApi {
  const headers = { 'x-functions-key': keys.functionKey };
  return new RunsApi({ url: host.url, request: (path, init) => fetch(`${host.url}${path}`, { ...init, headers }) });
}

async function fireTimer(host: HostProcess): Promise<number> {
  const headers = { 'x-functions-key': keys.functionKey, 'content-type': 'application/json' };
  return (await fetch(`${host.url}/admin/functions/youtubeTimer`, { method: 'POST', headers, body: '{}' })).status;
}

async function startedRun(host: HostProcess): Promise<string> {
  return await until('a started run', () => /(youtube-\d{4}-\d\d-\d\d)/.exec(host.log())?.[1]);
}

async function expectCatalogueOf(tenant: string, date: string): Promise<void> {
  const model = new SyncedModel();
  model.sync(services.youtube.catalogue, [CHANNEL], date);
  const { video_statistics: statistics, ...rest } = await shown(services.database, tenant);
  const { video_statistics: expected, ...expectedRest } = model.shown();
  expect(rest).toEqual(expectedRest);
  expect(statistics).toEqual(expect.arrayContaining([...expected]));
}

test('fired by hand, the timer starts the run of the day; it completes, and the database is the catalogue', async () => {
  const host = await startHost('by-hand');

  const status = await fireTimer(host);
  const id = await startedRun(host);
  const { output, ...ended } = await host.end(id);

  const report = output as { readonly status: string; readonly tenants: readonly { readonly date: string }[] };
  expect(status).toBe(202);
  expect(ended).toMatchObject({ runtimeStatus: 'Completed' });
  expect(report).toMatchObject({
    job: 'youtube',
    status: 'completed',
    tenants: [
      {
        tenant: 'acme',
        status: 'completed',
        channels: 1,
        videos: VIDEOS,
        streams: 0,
        removed: 0,
        rowsWritten: expect.any(Number),
        quotaUnits: 5,
        csv: expect.stringMatching(/^acme\/youtube\/csv\/\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}\/$/),
      },
    ],
  });
  await expectCatalogueOf('acme', report.tenants[0]?.date ?? '');
  expect(await services.records('acme')).toMatchObject([{ status: 'completed', videos: VIDEOS, quota_units: 5 }]);
  expect(await services.records('idle')).toEqual([]);
});

test('fired by YOUTUBE_SCHEDULE, it starts one run and finds it under way the next time', async () => {
  close();
  const host = await startHost('scheduled', '* * * * * *');

  await until('the second time', () => (host.log().includes('is under way') ? true : undefined));
  const id = await startedRun(host);
  const underWay = await host.state(id);

  expect(underWay).toMatchObject({ runtimeStatus: 'Running', input: { job: 'youtube', force: false } });
  expect(host.log().split('The scheduled run is started.')).toHaveLength(2);
});

test('by request: 202 and then 200 with the report; 409 while it runs', async () => {
  const host = await startHost('by-request');
  const runs = runsOf(host);
  close();

  const first = await runs.post({ job: 'youtube' });
  const { id } = first.body;
  await closed.reached;
  const meanwhile = await runs.get(id);
  const second = await runs.post({ job: 'youtube', force: true });
  closed.release();
  services.youtube.switches.clear();
  const ended = await runs.endOf(id);
  const next = await runs.post({ job: 'youtube', tenants: ['acme'], video: 'v0000000007' });
  const ofVideo = await runs.endOf(id);

  expect(first).toMatchObject({ status: 202, location: runs.link(id).statusUrl });
  expect(id).toMatch(/^youtube-\d{4}-\d\d-\d\d$/);
  expect(meanwhile).toMatchObject({ status: 202, body: { id, status: 'running' } });
  expect(second).toMatchObject({ status: 409, body: { id, runs: [], running: [runs.link(id)] } });
  expect(ended).toMatchObject({ status: 200, body: { id, status: 'completed' } });
  expect(ended.body.report).toMatchObject({
    job: 'youtube',
    tenants: [{ tenant: 'acme', videos: VIDEOS, quotaUnits: 5 }],
  });
  expect(next.status).toBe(202);
  expect(ofVideo.body.report).toMatchObject({ tenants: [{ tenant: 'acme', videos: 1, removed: 0, quotaUnits: 2 }] });
});
