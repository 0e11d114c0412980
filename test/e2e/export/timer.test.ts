import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { businessDay, targetDate } from '../../../shared/calendar';
import { newServiceWorld, putChat, registerTenant, type ServiceWorld } from '../../support/service-world';
import { sharedBlobOrigin, sharedServices } from '../../support/services';
import { ROOT } from '../../unit/docs/documents';
import { type HostProcess, type InstanceState, keys, startHostProcess, until } from '../host/host-process';
import { type Gate, startGate } from './gate';

// The timer of the compiled app, with its host.json and package.json as they are, fired by hand and by its schedule.

const ZONE = 'Pacific/Kiritimati';
const OFFSET = -3;
/** So that nothing but the test fires it. */
const ON_LEAP_DAYS = '0 0 0 29 2 *';

let world: ServiceWorld;
/** Stands before the blob service: while it is closed, a run that was started stays under way. */
let gate: Gate;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'makoto-timer-'));
  gate = await startGate(sharedBlobOrigin());
  world = await newServiceWorld({ BUSINESS_TIME_ZONE: ZONE, TARGET_DATE_OFFSET: String(OFFSET), LOG_LEVEL: 'info' });
  await registerTenant(world, 'acme');
  // Of the next day too, in case it begins meanwhile.
  for (const offset of [OFFSET, OFFSET + 1]) {
    const { start } = businessDay(targetDate(Date.now(), ZONE, offset), ZONE);
    await putChat(world, 'acme', 'alice', 'r', `m${offset}`, new Date(start).toISOString());
  }
});

afterEach(() => gate.open());

afterAll(async () => {
  await gate?.stop();
  await world?.platform.dispose();
  await rm(folder, { recursive: true, force: true });
});

function startHost(name: string, schedule: string): Promise<HostProcess> {
  const { AZURE_STORAGE_CONNECTION_STRING: storage } = sharedServices();
  const env = {
    ...world.settings,
    AZURE_STORAGE_CONNECTION_STRING: storage.replaceAll(sharedBlobOrigin(), gate.origin),
    EXPORT_SCHEDULE: schedule,
  };
  return startHostProcess({ app: ROOT, state: join(folder, name), env });
}

async function fire(host: HostProcess, headers: Record<string, string> = { 'x-functions-key': keys.functionKey }) {
  const init = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: '{}' };
  return (await fetch(`${host.url}/admin/functions/exportTimer`, init)).status;
}

const STARTED = 'The scheduled run is started.';
const RUNNING = 'The scheduled run is under way.';

/** Waits until the app has said something so many times. */
async function saidTimes(host: HostProcess, sentence: string, times: number): Promise<void> {
  await until(`${times} × "${sentence}"`, () => (timesSaid(host, sentence) >= times ? true : undefined));
}

function timesSaid(host: HostProcess, sentence: string): number {
  return host.log().split(sentence).length - 1;
}

/** The runs that the host knows. */
async function runs(host: HostProcess): Promise<InstanceState[]> {
  const headers = { 'x-functions-key': keys.systemKey };
  const response = await fetch(`${host.url}/runtime/webhooks/durabletask/instances?showInput=true`, { headers });
  const instances = (await response.json()) as (InstanceState & { readonly name: string })[];
  return instances.filter(({ name }) => name === 'dailyBatch');
}

function dateNow(): string {
  return targetDate(Date.now(), ZONE, OFFSET);
}

describe('fired by hand', () => {
  test('it starts the run of the business date, once as long as that is under way', async () => {
    // prepare
    const host = await startHost('by-hand', ON_LEAP_DAYS);
    gate.close();

    // act
    const before = dateNow();
    const first = await fire(host);
    await saidTimes(host, STARTED, 1);
    const after = dateNow();
    const second = await fire(host);
    await saidTimes(host, RUNNING, 1);
    const underWay = await runs(host);
    gate.open();
    const ended = await host.end(underWay[0]?.instanceId ?? '');

    // assess
    expect([first, second]).toEqual([202, 202]);
    expect([`export-${before}`, `export-${after}`]).toContain(underWay[0]?.instanceId);
    expect(underWay).toMatchObject([
      { runtimeStatus: 'Running', input: { job: 'export', force: false, scheduledAt: expect.stringMatching(/Z$/) } },
    ]);
    expect(ended).toMatchObject({ runtimeStatus: 'Completed', output: { status: 'completed' } });
    expect(ended.output).toHaveProperty('tenants', [
      expect.objectContaining({
        tenant: 'acme',
        status: 'completed',
        date: underWay[0]?.instanceId.slice('export-'.length),
        exported: 1,
      }),
    ]);
    expect(timesSaid(host, STARTED)).toBe(1);
  });

  test('it starts the run again after that has ended, and not without the key', async () => {
    const host = await startHost('again', ON_LEAP_DAYS);

    const refused = [await fire(host, {}), await fire(host, { 'x-functions-key': 'wrong' })];
    const none = await runs(host);
    await fire(host);
    await saidTimes(host, STARTED, 1);
    const [run] = await runs(host);
    await host.end(run?.instanceId ?? '');
    await fire(host);
    await saidTimes(host, STARTED, 2);
    const ended = await host.end(run?.instanceId ?? '');

    expect(refused).toEqual([401, 401]);
    expect(none).toEqual([]);
    expect(ended).toMatchObject({ runtimeStatus: 'Completed', output: { status: 'completed' } });
    expect(timesSaid(host, RUNNING)).toBe(0);
  });
});

test('fired by EXPORT_SCHEDULE, it starts one run and finds it under way the next time', async () => {
  gate.close();
  const host = await startHost('scheduled', '* * * * * *');

  await saidTimes(host, RUNNING, 1);
  const underWay = await runs(host);

  expect(underWay).toMatchObject([{ runtimeStatus: 'Running' }]);
  expect(timesSaid(host, STARTED)).toBe(1);
});
