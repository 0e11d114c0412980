import { runInline } from '../../../shared/batch/inline-engine';
import { createPlatform } from '../../../shared/platform';
import { loadSettings } from '../../../shared/settings';
import { snapshot } from '../../support/export-world';
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy';
import { newServiceWorld, putChat, registerTenant, type ServiceWorld } from '../../support/service-world';
import { newBlobContainer, sharedBlobOrigin } from '../../support/services';
import { standingClock } from '../../support/standing-clock';

// The whole export over real services behind a network that fails.

const DATE = '2025-08-11';
const AT = '2025-08-11T03:00:00.000Z';
const REQUEST = { job: 'export', date: DATE, force: false } as const;
const NOW = Date.parse('2025-08-12T17:00:00Z');

let world: ServiceWorld;
let proxy: FaultProxy;

beforeAll(async () => {
  world = await newServiceWorld();
  await registerTenant(world, 'acme');
  for (const user of ['alice', 'bob', 'carol']) {
    for (let i = 0; i < 15; i++) await putChat(world, 'acme', user, `r${i % 3}`, `${user}-${i}`, AT);
  }
  proxy = await startFaultProxy(sharedBlobOrigin());
});

afterAll(async () => {
  await proxy.stop();
  await world.platform.dispose();
});

beforeEach(() => proxy.reset());

/** The export through the proxy, with an output container of its own and a clock that does not wait. */
async function exportWith(extra: Readonly<Record<string, string>> = {}) {
  const connectionString =
    world.settings.AZURE_STORAGE_CONNECTION_STRING?.replaceAll(sharedBlobOrigin(), proxy.origin) ?? '';
  const settings = { ...world.settings, ANALYTICS_CONTAINER: await newBlobContainer('out'), ...extra };
  const slept: number[] = [];
  const clock = standingClock(() => NOW, slept);
  const platform = createPlatform(loadSettings({ ...settings, AZURE_STORAGE_CONNECTION_STRING: connectionString }), {
    clock,
  });
  const report = await runInline(platform, REQUEST);
  proxy.reset();
  const output = report.status === 'completed' ? await snapshot(platform.analyticsStore('acme')) : new Map();
  await platform.dispose();
  return { report, output, slept };
}

const READERS = ['fast', 'sdk'] as const;

describe.each(READERS)('an export behind a failing network, read by %s', (reader) => {
  const exportThroughProxy = (extra: Readonly<Record<string, string>> = {}) =>
    exportWith({ STORAGE_READER: reader, ...extra });

  it('writes the same bytes as one behind a good one, whatever transient fault hits any kind of request', async () => {
    const { output: expected } = await exportThroughProxy();
    expect(expected.size).toBeGreaterThan(5);
    let seen = 0;
    const everySeventh = () => seen++ % 7 === 0;
    const faults = [
      { kind: 'status', status: 503 },
      { kind: 'status', status: 500 },
      { kind: 'status', status: 429, headers: { 'retry-after': '3' } },
      { kind: 'drop-before' },
      { kind: 'drop-after' },
      { kind: 'truncate' },
    ] as const;
    for (const fault of faults) {
      seen = 0;
      proxy.reset();
      proxy.inject({ fault, when: everySeventh, times: 1000 });

      const { report, output, slept } = await exportThroughProxy();

      expect({ fault, status: report.status, failure: report.tenants[0]?.failure }).toEqual({
        fault,
        status: 'completed',
        failure: undefined,
      });
      expect(output).toEqual(expected);
      expect(slept.length).toBeGreaterThan(5);
      if (fault.kind === 'status' && fault.status === 429) expect(slept.every((ms) => ms >= 3000)).toBe(true);
    }
  });

  it('loses and doubles no message where all kinds of faults come together', async () => {
    const { output: expected } = await exportThroughProxy();
    const share = (part: number) => () => random() < part;
    let state = 7;
    const random = () => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 2_147_483_647;
    };
    proxy.inject({
      fault: { kind: 'status', status: 503, headers: { 'retry-after': '1' } },
      when: share(0.05),
      times: 1e9,
    });
    proxy.inject({ fault: { kind: 'drop-before' }, when: share(0.02), times: 1e9 });
    proxy.inject({ fault: { kind: 'drop-after' }, when: share(0.02), times: 1e9 });
    proxy.inject({ fault: { kind: 'truncate', kept: 0.7 }, when: share(0.03), times: 1e9 });
    proxy.inject({ fault: { kind: 'truncate', kept: 0 }, when: share(0.03), times: 1e9 });

    const { report, output, slept } = await exportThroughProxy();

    expect({ status: report.status, failure: report.tenants[0]?.failure }).toEqual({
      status: 'completed',
      failure: undefined,
    });
    expect(output).toEqual(expected);
    expect(slept.length).toBeGreaterThan(5);
  });

  it('does not repeat what is refused for good, and names it', async () => {
    proxy.inject({
      fault: { kind: 'status', status: 403 },
      when: ({ method, url }) => method === 'GET' && url.includes('/messages/'),
      times: 1000,
    });

    const { report, slept } = await exportThroughProxy({ EXPORT_READ_CONCURRENCY: '1' });

    expect(report.status).toBe('failed');
    expect(report.tenants[0]?.failure).toMatchObject({
      tenant: 'acme',
      code: 'access_denied',
      kind: 'configuration',
      stage: 'collect',
    });
    expect(slept).toEqual([]);
  });

  it('names a container that is not there, and does not make it', async () => {
    const { report, slept } = await exportThroughProxy({ DATA_CONTAINER: 'there-is-no-such-container' });

    expect(report.tenants[0]?.failure).toMatchObject({ code: 'container_not_found', kind: 'configuration' });
    expect(report.tenants[0]?.failure?.message).toContain('there-is-no-such-container');
    expect(slept).toEqual([]);
  });
});
