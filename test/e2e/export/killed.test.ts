import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProgressEvent } from '../../../local/host/progress';
import { parseRecords } from '../../../local/host/storage/records';
import { createPlatform } from '../../../shared/platform';
import { loadSettings } from '../../../shared/settings';
import { snapshot } from '../../support/export-world';
import { type HostProcess, startHostProcess } from '../../support/host-process';
import { newServiceWorld, putChat, putObject, registerTenant, type ServiceWorld } from '../../support/service-world';
import { newBlobContainer } from '../../support/services';

// The host of a run is killed, without warning, at many points; the next host completes the run.

const DATE = '2025-08-11';
const AT = '2025-08-11T03:00:00.000Z';
const RUN = `export-${DATE}`;

let world: ServiceWorld;
let folder: string;

beforeAll(async () => {
  world = await newServiceWorld({ EXPORT_SHARD_MESSAGES: '1' });
  folder = await mkdtemp(join(tmpdir(), 'makoto-killed-'));
  for (const tenant of ['acme', 'beta']) {
    await registerTenant(world, tenant);
    for (const user of ['alice', 'bob']) {
      for (const id of ['m1', 'm2']) await putChat(world, tenant, user, 'r', id, AT);
    }
    const broken = `${tenant}/chat/bob/r/messages/2025/08/11/03-00-00.000Z-broken.json`;
    await putObject(world.platform.dataStore(tenant), broken, '{');
  }
});

afterAll(async () => {
  await world.platform.dispose();
  await rm(folder, { recursive: true, force: true });
});

/** Settings of a run with an output container of its own, and run records of its own, over the same input. */
async function freshSettings(): Promise<Record<string, string>> {
  return { ...world.settings, ANALYTICS_CONTAINER: await newBlobContainer('out') };
}

function isEnd(event: ProgressEvent): boolean {
  return event.kind === 'instance-completed' && event.instanceId === RUN;
}

async function startRun(host: HostProcess): Promise<void> {
  const response = await host.request('/api/runs', {
    method: 'POST',
    body: JSON.stringify({ job: 'export', date: DATE }),
  });
  expect(response.status).toBe(202);
}

async function outputOf(settings: Readonly<Record<string, string>>): Promise<Map<string, string>> {
  const platform = createPlatform(loadSettings(settings));
  const objects = await snapshot(platform.analyticsStore('acme'));
  await platform.dispose();
  return objects;
}

/** Activities whose result was on disk, as `instance/task`. */
async function completedActivities(stateDir: string): Promise<Set<string>> {
  const completed = new Set<string>();
  const instances = join(stateDir, 'MakotoDailyBatch', 'instances');
  for (const file of await readdir(instances)) {
    if (!file.endsWith('.ndjson')) continue;
    const { records } = parseRecords(await readFile(join(instances, file)));
    const created = records.find((record) => record.record === 'created');
    if (created?.record !== 'created' || created.name !== 'attempt') continue;
    for (const record of records) {
      if (record.record === 'message' && record.event.EventType === 5)
        completed.add(`${created.instanceId}/${record.event.TaskScheduledId}`);
    }
  }
  return completed;
}

function startedActivities(host: HostProcess): string[] {
  return host.events.flatMap((event) =>
    event.kind === 'activity-started' ? [`${event.instanceId}/${event.taskId}`] : [],
  );
}

/** Runs undisturbed and counts the writes of the history. */
async function undisturbed(): Promise<{ output: Map<string, string>; writes: number }> {
  const settings = await freshSettings();
  const stateDir = join(folder, 'undisturbed');
  const host = await startHostProcess(stateDir, settings);
  await startRun(host);
  await host.event(isEnd);
  const response = await host.request(`/api/runs/${RUN}`);
  expect(response.status).toBe(200);
  await host.stop();
  let writes = 0;
  const instances = join(stateDir, 'MakotoDailyBatch', 'instances');
  for (const file of await readdir(instances)) {
    if (file.endsWith('.ndjson')) writes += parseRecords(await readFile(join(instances, file))).records.length;
  }
  return { output: await outputOf(settings), writes };
}

describe('a host that is killed while a run is under way', () => {
  it('is followed by one that completes the run: same bytes, and no completed activity runs again', async () => {
    // prepare
    const { output, writes } = await undisturbed();
    expect(writes).toBeGreaterThan(40);
    const points = Array.from({ length: writes }, (_, i) => i + 1).filter(
      (point) => point % 5 === 0 || point < 6 || point > writes - 3,
    );

    for (const point of points) {
      const settings = await freshSettings();
      const stateDir = join(folder, `after-${point}`);
      const moment = point % 2 === 0 ? 'LOCAL_HOST_KILL_AFTER_WRITES' : 'LOCAL_HOST_KILL_BEFORE_WRITES';
      const killed = await startHostProcess(stateDir, { ...settings, [moment]: String(point) });
      await startRun(killed).catch(() => undefined);
      // Turns that come together are written together, so a run may get by with fewer writes than the undisturbed one did.
      const signal = await Promise.race([killed.ended, killed.event(isEnd).then(() => 'not killed')]);
      await killed.stop();
      const done = await completedActivities(stateDir);

      // act
      const next = await startHostProcess(stateDir, settings);
      if ((await next.request(`/api/runs/${RUN}`)).status === 404) await startRun(next);
      if ((await next.request(`/api/runs/${RUN}`)).status === 202) await next.event(isEnd);
      const response = await next.request(`/api/runs/${RUN}`);
      const report = (await response.json()) as { status: string };
      await next.stop();

      // assess
      const mustBeKilled = point < 0.75 * writes;
      expect({ point, killed: signal === 'SIGKILL' || !mustBeKilled, status: report.status }).toEqual({
        point,
        killed: true,
        status: 'completed',
      });
      expect(startedActivities(next).filter((activity) => done.has(activity))).toEqual([]);
      expect(await outputOf(settings)).toEqual(output);
      await rm(stateDir, { recursive: true });
    }
  }, 600_000);
});
