import { tmpdir } from 'node:os';
import type { BatchPlatform } from '../../../shared/batch/batch-platform';
import { runInline } from '../../../shared/batch/inline-engine';
import type { BatchRequest } from '../../../shared/batch/request';
import { StorageError } from '../../../shared/errors';
import { MemoryMetadataStore } from '../../../shared/local/memory-metadata-store';
import { MemoryObjectStore } from '../../../shared/local/memory-object-store';
import { allObjects } from '../../../shared/messages/pages';
import { readPublishedDay } from '../../../shared/messages/published-day';
import type { ObjectStore } from '../../../shared/ports/object-store';
import { loadSettings } from '../../../shared/settings';
import { messageBody, messageKeyAt } from '../../support/chat';
import { silentLog } from '../../support/silent-log';
import { standingClock } from '../../support/standing-clock';
import { type StoreCall, watched } from '../../support/store-spies';
import { withoutYoutube } from '../../support/without-youtube';

// A whole run over several tenants, in this process.

const DATE = '2025-08-11';
const AT = '2025-08-11T03:00:00.000Z';
const TENANTS = ['acme', 'beta', 'gamma'];
const REQUEST: BatchRequest = { job: 'export', date: DATE, force: false };

interface TestPlatform extends BatchPlatform {
  readonly stores: ReadonlyMap<string, MemoryObjectStore>;
  readonly metadata: MemoryMetadataStore;
  readonly slept: number[];
}

async function platformOf(
  wrap: (tenant: string, store: ObjectStore) => ObjectStore = (_tenant, store) => store,
): Promise<TestPlatform> {
  const stores = new Map(TENANTS.map((tenant) => [tenant, new MemoryObjectStore({ name: tenant })]));
  const metadata = new MemoryMetadataStore();
  for (const tenant of TENANTS) {
    await metadata.put({ PK: 'SYSTEM#TENANTS', SK: `TENANT#${tenant}`, tenant_id: tenant });
    await stores
      .get(tenant)
      ?.write(messageKeyAt(tenant, 'alice', 'r', AT, 'm1'), Buffer.from(JSON.stringify(messageBody('m1', AT))), {
        contentType: 'application/json',
      });
  }
  const slept: number[] = [];
  const storeOf = (tenant: string) => wrap(tenant, stores.get(tenant) as ObjectStore);
  return {
    settings: loadSettings({
      TENANT_ID: '*',
      AZURE_STORAGE_CONNECTION_STRING: 'UseDevelopmentStorage=true',
      COSMOS_ENDPOINT: 'http://127.0.0.1:1/',
      COSMOS_KEY: 'bm90IGEgcmVhbCBrZXk=',
    }),
    log: silentLog,
    clock: standingClock(() => Date.parse('2025-08-12T17:00:00Z'), slept),
    metadata,
    dataStore: storeOf,
    analyticsStore: storeOf,
    ...withoutYoutube,
    temporaryFolder: tmpdir(),
    stores,
    slept,
  };
}

function failing(only: string, error: () => StorageError, when: (call: StoreCall) => boolean = () => true) {
  return (tenant: string, store: ObjectStore) =>
    tenant !== only
      ? store
      : watched(store, (call) => {
          if (when(call)) throw error();
        });
}

const forbidden = () => new StorageError('Reading was refused.', { code: 'access_denied', kind: 'configuration' });
const busy = () => new StorageError('The server is busy.', { code: 'storage_unavailable', kind: 'transient' });

describe('a run over several tenants', () => {
  it('is completed when every tenant is', async () => {
    const platform = await platformOf();

    const report = await runInline(platform, REQUEST);

    expect(report.status).toBe('completed');
    expect(report.tenants.map(({ tenant, status, exported }) => [tenant, status, exported])).toEqual(
      TENANTS.map((tenant) => [tenant, 'completed', 1]),
    );
  });

  it('is partial when one tenant’s container is refused; that tenant is named with its reason and recorded, the others are published', async () => {
    const platform = await platformOf(failing('beta', forbidden));

    const report = await runInline(platform, REQUEST);

    expect(report.status).toBe('partial');
    expect(report.tenants.map(({ tenant, status }) => [tenant, status])).toEqual([
      ['acme', 'completed'],
      ['beta', 'failed'],
      ['gamma', 'completed'],
    ]);
    expect(report.tenants[1]?.failure).toMatchObject({
      tenant: 'beta',
      stage: 'plan',
      code: 'access_denied',
      kind: 'configuration',
    });
    const record = await platform.metadata.get('TENANT#beta#BATCH', `DAILY#${DATE}`);
    expect(record?.item).toMatchObject({ status: 'failed', last_failure: { code: 'access_denied' } });
    expect(platform.slept).toEqual([]);
  });

  it('is partial when one tenant’s metadata is poisoned', async () => {
    const platform = await platformOf();
    await platform.metadata.put({ PK: 'TENANT#gamma', SK: 'USER#a/b' });

    const report = await runInline(platform, REQUEST);

    expect(report.status).toBe('partial');
    expect(report.tenants[2]?.failure).toMatchObject({ tenant: 'gamma', code: 'metadata_item_invalid' });
  });

  it('is failed when no tenant could be run', async () => {
    const platform = await platformOf((_tenant, store) => watched(store, () => Promise.reject(forbidden())));

    const report = await runInline(platform, REQUEST);

    expect(report.status).toBe('failed');
  });

  it('tries a transient failure again, and is completed once it passes', async () => {
    let left = 2;
    const platform = await platformOf(failing('acme', busy, ({ method }) => method === 'read' && left-- > 0));

    const report = await runInline(platform, REQUEST);

    expect(report.status).toBe('completed');
    expect(platform.slept).toEqual([5_000, 30_000]);
  });

  it('gives a transient failure up after four tries', async () => {
    const platform = await platformOf(failing('acme', busy));

    const report = await runInline(platform, REQUEST);

    expect(report.status).toBe('partial');
    expect(report.tenants[0]?.failure).toMatchObject({ code: 'storage_unavailable', kind: 'transient' });
    expect(platform.slept).toEqual([5_000, 30_000, 120_000]);
  });

  it('leaves a published day and its record standing when a later run fails, and adds the failure', async () => {
    const platform = await platformOf();
    await runInline(platform, REQUEST);
    const store = platform.stores.get('acme') as MemoryObjectStore;
    const broken = { ...platform, dataStore: () => watched(store, () => Promise.reject(forbidden())) };

    const report = await runInline(broken, { ...REQUEST, tenants: ['acme'] });

    expect(report.status).toBe('failed');
    expect((await readPublishedDay(store, 'acme', DATE))?.manifest.proof.exported).toBe(1);
    const record = await platform.metadata.get('TENANT#acme#BATCH', `DAILY#${DATE}`);
    expect(record?.item).toMatchObject({
      status: 'completed',
      message_count: 1,
      last_failure: { code: 'access_denied' },
    });
  });

  it('takes the failure out of the record once the day runs through', async () => {
    const platform = await platformOf();
    await platform.metadata.put({
      PK: 'TENANT#acme#BATCH',
      SK: `DAILY#${DATE}`,
      status: 'failed',
      last_failure: { code: 'x' },
    });

    await runInline(platform, REQUEST);

    const record = await platform.metadata.get('TENANT#acme#BATCH', `DAILY#${DATE}`);
    expect(record?.item).toMatchObject({ status: 'completed', batch_type: 'daily_message_parquet', message_count: 1 });
    expect(record?.item).not.toHaveProperty('last_failure');
  });

  it('gives each tenant of a scheduled run the day before in its own zone', async () => {
    const platform = await platformOf();
    await platform.metadata.put({
      PK: 'SYSTEM#TENANTS',
      SK: 'TENANT#beta',
      tenant_id: 'beta',
      time_zone: 'America/New_York',
    });

    // 02:00 on the 13th in Tokyo, 13:00 on the 12th in New York.
    const report = await runInline(platform, { ...REQUEST, date: '2025-08-12', scheduledAt: '2025-08-12T17:00:00Z' });

    expect(report.tenants.map(({ tenant, date }) => [tenant, date])).toEqual([
      ['acme', '2025-08-12'],
      ['beta', '2025-08-11'],
      ['gamma', '2025-08-12'],
    ]);
  });

  it('does a day once more when a part of it was taken away while it was published', async () => {
    let taken = false;
    const platform = await platformOf((tenant, store) =>
      watched(
        store,
        () => undefined,
        async ({ method, key }) => {
          if (tenant !== 'acme' || method !== 'write' || !key.includes('/_manifests/') || taken) return;
          taken = true;
          for await (const part of allObjects(store, 'acme/analytics/messages/')) await store.delete(part.key);
        },
      ),
    );

    const report = await runInline(platform, REQUEST);

    expect(taken).toBe(true);
    expect(report.status).toBe('completed');
    const store = platform.stores.get('acme') as MemoryObjectStore;
    const published = await readPublishedDay(store, 'acme', DATE);
    for (const part of Object.values(published?.manifest.datasets ?? {}).flat()) {
      expect(await store.head(part.key)).toMatchObject({ size: part.bytes });
    }
  });

  it('refuses by name a tenant whose day has not begun, and runs the others', async () => {
    const platform = await platformOf();
    await platform.metadata.put({
      PK: 'SYSTEM#TENANTS',
      SK: 'TENANT#beta',
      tenant_id: 'beta',
      time_zone: 'America/New_York',
    });
    const early = { ...platform, clock: { ...platform.clock, now: () => Date.parse('2025-08-12T02:00:00Z') } };

    // 11:00 on the 12th in Tokyo, 22:00 on the 11th in New York.
    const report = await runInline(early, { ...REQUEST, date: '2025-08-12' });

    expect(report.tenants.map(({ tenant, failure }) => [tenant, failure?.code])).toEqual([
      ['acme', undefined],
      ['beta', 'day_not_begun'],
      ['gamma', undefined],
    ]);
  });

  it('refuses a day that has not begun for anybody', async () => {
    const platform = await platformOf();

    const report = await runInline(platform, { ...REQUEST, date: '2025-08-14' });

    expect(report).toMatchObject({
      status: 'failed',
      failure: { code: 'input_invalid', message: expect.stringContaining('2025-08-14') },
    });
  });

  it('names refused tenants beside those that ran', async () => {
    const platform = await platformOf();

    const report = await runInline(platform, { ...REQUEST, tenants: ['acme', 'nobody', 'a/b'] });

    expect(report.status).toBe('partial');
    expect(report.tenants.map(({ tenant, failure }) => [tenant, failure?.code])).toEqual([
      ['a/b', 'tenant_id_invalid'],
      ['acme', undefined],
      ['nobody', 'tenant_unknown'],
    ]);
  });
});

describe('a run with a shard that takes long', () => {
  it('does all other shards meanwhile, of its tenant and of others', async () => {
    const shards = 8;
    let others = 0;
    let release = (): void => undefined;
    const allOthers = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow = (tenant: string, store: ObjectStore) =>
      watched(store, async ({ method, key }) => {
        if (tenant === 'acme' && method === 'read' && key.includes('/alice/')) await allOthers;
      });
    const platform = await platformOf(slow);
    for (let i = 0; i < shards; i++) {
      const body = Buffer.from(JSON.stringify(messageBody(`m${i}`, AT)));
      const key = messageKeyAt('acme', `user${i}`, 'r', AT, `m${i}`);
      await platform.stores.get('acme')?.write(key, body, { contentType: 'application/json' });
    }
    // A room that the metadata does not know is expected to have 20 messages.
    const settings = { ...platform.settings, shardMessages: 20, tenantConcurrency: 2 };

    const report = await runInline({ ...platform, settings }, REQUEST, {
      onStep: ({ name }, result) => {
        if (name !== 'exportShard' || result === undefined) return;
        others += 1;
        if (others === shards + TENANTS.length - 1) release();
      },
    });

    expect(report.status).toBe('completed');
    expect(report.tenants.map(({ exported }) => exported)).toEqual([shards + 1, 1, 1]);
  });
});
