import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { holdCall } from '../../../local/youtube/rules';
import { sessionsWaiting } from '../../integration/postgres/batch-sessions';
import { shown } from '../../integration/postgres/model';
import { SyncedModel } from '../../integration/youtube-sync/catalogue-model';
import { CHANNEL } from '../../integration/youtube-sync/one-channel';
import { seen } from '../../integration/youtube-sync/onlooker';
import { query, withClient } from '../../support/postgres-databases';
import { numberedCatalogue } from '../../support/youtube-catalogues';
import { ROOT } from '../../unit/docs/documents';
import { RunsApi } from '../export/runs-api';
import { type HostProcess, keys, startHostProcess } from '../host/host-process';
import { type SyncServices, startSyncServices } from './sync-services';

// The host of a sync is killed, without warning, in the middle of it; the next host completes the run.

/** The channel, two pages, two requests for details. */
const VIDEOS = 60;
const UNITS = 5;

let services: SyncServices;
let folder: string;
let round = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'makoto-sync-killed-'));
  services = await startSyncServices({ catalogue: numberedCatalogue(VIDEOS).catalogue, tenants: { acme: [CHANNEL] } });
});

beforeEach(() => {
  round += 1;
  services.youtube.catalogue.retitle('v0000000005', `Title of round ${round}`);
});

afterAll(async () => {
  await services?.stop();
  await rm(folder, { recursive: true, force: true });
});

function startHost(): Promise<HostProcess> {
  return startHostProcess({ app: ROOT, state: join(folder, `state-${round}`), env: { ...services.settings } });
}

function runsOf(host: HostProcess): RunsApi {
  const headers = { 'x-functions-key': keys.functionKey };
  return new RunsApi({ url: host.url, request: (path, init) => fetch(`${host.url}${path}`, { ...init, headers }) });
}

/** The run of a host that was killed, as the next host ends it. */
async function completedBy(host: HostProcess, id: string): Promise<void> {
  const ended = await runsOf(host).endOf(id);

  const report = ended.body.report as { readonly tenants: readonly { readonly date: string }[] };
  const model = new SyncedModel();
  model.sync(services.youtube.catalogue, [CHANNEL], report.tenants[0]?.date ?? '');
  expect(ended).toMatchObject({ status: 200, body: { id, status: 'completed' } });
  expect(report).toMatchObject({ tenants: [{ tenant: 'acme', status: 'completed', videos: VIDEOS }] });
  expect(await shown(services.database, 'acme')).toMatchObject(model.shown());
}

test.each([1, 4])('killed at request %i of the API', async (number) => {
  const held = holdCall(number);
  services.youtube.switches.add(held.rule);
  const before = services.youtube.quota.calls.length;
  const first = await startHost();
  const { body } = await runsOf(first).post({ job: 'youtube' });
  await held.reached;

  await first.kill();
  held.release();
  services.youtube.switches.clear();
  const second = await startHost();
  await completedBy(second, body.id);

  // What the killed host had not saved is read again.
  expect(services.youtube.quota.calls.length - before).toBeLessThanOrEqual(2 * UNITS);
});

test('killed in the middle of the load: nobody sees half of it', async () => {
  const first = await startHost();
  await withClient(services.database, async (blocker) => {
    await blocker.query('BEGIN');
    await blocker.query('LOCK TABLE video_video_types IN SHARE ROW EXCLUSIVE MODE');
    const before = await seen(blocker, 'acme');
    const { body } = await runsOf(first).post({ job: 'youtube' });
    await sessionsWaiting(services.database, 'relation');

    await first.kill();
    const afterwards = await seen(blocker, 'acme');
    await blocker.query('ROLLBACK');
    const second = await startHost();
    await completedBy(second, body.id);

    expect(afterwards).toBe(before);
    const text = `SELECT title FROM videos WHERE tenant_id = 'acme' AND id = 'v0000000005'`;
    expect(await query(services.database, text)).toEqual([{ title: `Title of round ${round}` }]);
  });
});
