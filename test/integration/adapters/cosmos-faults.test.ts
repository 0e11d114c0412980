import { CosmosClient } from '@azure/cosmos';
import { type CosmosMetadataStore, createCosmosMetadataStore } from '../../../shared/azure/cosmos-metadata-store';
import type { MetadataErrorCode } from '../../../shared/errors';
import type { MetadataItem, MetadataStore } from '../../../shared/ports/metadata-store';
import { DEFAULT_RETRY_POLICY } from '../../../shared/retry/retry';
import { RetryingMetadataStore } from '../../../shared/retry/retrying-metadata-store';
import type { StoreRetry } from '../../../shared/retry/retrying-object-store';
import { expectFailure } from '../../contract/metadata-store-contract';
import { type Fault, type FaultProxy, type SeenRequest, startFaultProxy } from '../../support/fault-proxy';
import { newMetadataContainer, sharedServices } from '../../support/services';
import { SteppingClock } from '../../support/stepping-clock';

/** Short for a test that waits for it, long for a busy machine that answers. */
const TRY_TIMEOUT_MS = 1500;

const TRANSIENT: readonly (readonly [string, Fault, MetadataErrorCode])[] = [
  ['429', refusal(429), 'metadata_throttled'],
  ['503', refusal(503), 'metadata_unavailable'],
  ['500', refusal(500), 'metadata_unavailable'],
  ['502 with a page instead of JSON', { kind: 'status', status: 502, body: '<html>' }, 'metadata_unavailable'],
  ['503 without a body', { kind: 'status', status: 503 }, 'metadata_unavailable'],
  ['408', refusal(408), 'metadata_timeout'],
  ['410 while a partition moves', refusal(410), 'metadata_unavailable'],
  ['449', refusal(449), 'metadata_unavailable'],
  ['404 of a replica that is behind', refusal(404, { 'x-ms-substatus': '1002' }), 'metadata_unavailable'],
  ['a connection that ends before the request', { kind: 'drop-before' }, 'metadata_connection_lost'],
  ['a connection that ends before the answer', { kind: 'drop-after' }, 'metadata_connection_lost'],
  ['an answer that ends in the middle', { kind: 'truncate' }, 'metadata_connection_lost'],
];

describe('Cosmos DB behind faults', () => {
  let proxy: FaultProxy;
  let clock: SteppingClock;
  let retries: StoreRetry[];
  let container: string;
  let direct: CosmosMetadataStore;
  let single: CosmosMetadataStore;
  let store: RetryingMetadataStore;

  beforeAll(async () => {
    proxy = await startFaultProxy(sharedServices().COSMOS_ENDPOINT);
  });

  afterAll(() => proxy.stop());

  beforeEach(async () => {
    proxy.reset();
    container = await newMetadataContainer('faults');
    direct = open(sharedServices().COSMOS_ENDPOINT);
    single = open(`${proxy.origin}/`);
    // The first write of a client asks for the container's partition key once: not what these tests are about.
    await single.put({ PK: 'p', SK: 'warm' });
    proxy.reset();
    clock = new SteppingClock();
    retries = [];
    store = retrying(single);
  });

  afterEach(() => {
    direct.dispose();
    single.dispose();
  });

  function open(endpoint: string, tryTimeoutMs?: number): CosmosMetadataStore {
    const { COSMOS_KEY: key, COSMOS_DATABASE_NAME: database } = sharedServices();
    return createCosmosMetadataStore({ endpoint, key, database, container, tryTimeoutMs, pageSize: 3 });
  }

  function retrying(inner: MetadataStore): RetryingMetadataStore {
    const onRetry = (retry: StoreRetry) => retries.push(retry);
    return new RetryingMetadataStore(inner, { clock, random: () => 1, policy: DEFAULT_RETRY_POLICY, onRetry });
  }

  test('a page of a query is one request, a put two, a put over a version one', async () => {
    const counts: number[] = [];
    const count = async (call: Promise<unknown>) => {
      await call;
      counts.push(proxy.requests.length);
      proxy.reset();
    };

    await count(single.query({ partition: 'p' }));
    await count(single.put({ PK: 'p', SK: 's' }));
    await count(single.get('p', 's'));
    const version = (await single.get('p', 's'))?.version ?? '';
    proxy.reset();
    await count(single.put({ PK: 'p', SK: 's' }, { version }));

    expect(counts).toEqual([1, 2, 1, 1]);
  });

  describe.each(TRANSIENT)('%s', (_, fault, code) => {
    test('is a transient failure of every call, which makes one request', async () => {
      const { version = '' } = (await single.get('p', 'warm')) ?? {};
      const calls: (() => Promise<unknown>)[] = [
        () => single.get('p', 'warm'),
        () => single.query({ partition: 'p' }),
        () => single.put({ PK: 'p', SK: 's' }),
        () => single.put({ PK: 'p', SK: 's2' }, 'absent'),
        () => single.put({ PK: 'p', SK: 'warm', n: 1 }, { version }),
      ];

      for (const call of calls) {
        proxy.reset();
        proxy.inject({ fault, times: 10 });
        const error = await expectFailure(call(), code, 'transient');
        expect(proxy.requests).toHaveLength(1);
        expect(error.message).toContain(single.name);
      }
    });

    test('is tried again, and loses nothing', async () => {
      const items = Array.from({ length: 7 }, (__, n) => ({ PK: 'q', SK: `CHAT#${n}`, n }));
      proxy.inject({ fault, times: 12, when: () => proxy.requests.length % 3 === 0 });

      for (const item of items) await store.put(item);
      const found = await everything(store, 'q');

      expect(found).toEqual(items);
      expect(retries.length).toBeGreaterThan(3);
      expect(clock.sleeps).toEqual(retries.map(({ waitMs }) => waitMs));
    });
  });

  test.each([0, 0.5])('an answer that stalls after %d of it is given up, and asked for again', async (kept) => {
    const hasty = open(`${proxy.origin}/`, TRY_TIMEOUT_MS);
    proxy.inject({ fault: { kind: 'stall', kept } });

    const found = await retrying(hasty).get('p', 'warm');

    expect(found?.item).toEqual({ PK: 'p', SK: 'warm' });
    expect(retries.map(({ error }) => error.code)).toEqual(['metadata_timeout']);
    expect(retries[0]?.error.message).toContain(`${TRY_TIMEOUT_MS} ms`);
    hasty.dispose();
  });

  test('waits as long as a throttling service asks', async () => {
    proxy.inject({ fault: refusal(429, { 'x-ms-retry-after-ms': '4321' }) });

    await store.get('p', 'warm');

    expect(clock.sleeps).toHaveLength(1);
    expect(clock.sleeps[0]).toBeGreaterThanOrEqual(4321);
  });

  test('gives up after the policy says so', async () => {
    proxy.inject({ fault: refusal(503), times: 1000 });

    await expectFailure(store.get('p', 's'), 'metadata_unavailable', 'transient');

    expect(proxy.requests).toHaveLength(DEFAULT_RETRY_POLICY.maxTries);
  });

  describe('conditional puts whose answer is lost', () => {
    const isWrite = ({ method, headers }: SeenRequest) =>
      method === 'PUT' || (method === 'POST' && headers['content-type'] !== 'application/query+json');

    test('count as done where the item is there, with absent', async () => {
      proxy.inject({ fault: { kind: 'drop-after' }, when: isWrite });

      await store.put({ PK: 'p', SK: 's', n: { deep: [1] } }, 'absent');

      expect((await direct.get('p', 's'))?.item).toEqual({ PK: 'p', SK: 's', n: { deep: [1] } });
      expect(retries).toHaveLength(1);
    });

    test('count as done where the item is there, over a version', async () => {
      const { version = '' } = (await direct.get('p', 'warm')) ?? {};
      proxy.inject({ fault: { kind: 'drop-after' }, when: isWrite });

      await store.put({ PK: 'p', SK: 'warm', n: 1 }, { version });

      expect((await direct.get('p', 'warm'))?.item.n).toBe(1);
    });

    test('fail where somebody else was faster', async () => {
      const { version = '' } = (await direct.get('p', 'warm')) ?? {};
      await direct.put({ PK: 'p', SK: 'warm', by: 'them' });
      proxy.inject({ fault: { kind: 'drop-before' }, when: isWrite });

      const late = store.put({ PK: 'p', SK: 'warm', by: 'me' }, { version });

      await expectFailure(late, 'metadata_precondition_failed', 'permanent');
    });
  });

  test.each([
    ['401', refusal(401), 'metadata_access_denied'],
    ['403', refusal(403), 'metadata_access_denied'],
    ['403 of a firewall, as a page', { kind: 'status', status: 403, body: '<html>' }, 'metadata_access_denied'],
    ['404', refusal(404), 'metadata_not_found'],
  ] as const)('%s is not tried again, and names the container', async (_, fault, code) => {
    for (const call of [
      () => store.get('p', 's'),
      () => store.query({ partition: 'p' }),
      () => store.put({ PK: 'p', SK: 's' }),
    ]) {
      proxy.reset();
      proxy.inject({ fault, times: 10 });
      const error = await expectFailure(call(), code, 'configuration');
      expect(proxy.requests).toHaveLength(1);
      expect(error.message).toContain(store.name);
    }
    expect(clock.sleeps).toEqual([]);
  });

  test('no error shows the key', async () => {
    proxy.inject({ fault: refusal(403) });

    const error = await expectFailure(store.get('p', 's'), 'metadata_access_denied', 'configuration');

    expect(JSON.stringify([error, error.message, error.stack, String(error.cause)])).not.toContain(
      sharedServices().COSMOS_KEY,
    );
  });

  describe('several documents with the same keys, as other writers can make them', () => {
    let documents: CosmosClient;

    beforeEach(() => {
      const { COSMOS_ENDPOINT: endpoint, COSMOS_KEY: key } = sharedServices();
      documents = new CosmosClient({ endpoint, key, connectionPolicy: { enableEndpointDiscovery: false } });
    });

    afterEach(() => documents.dispose());

    const create = async (document: object) => {
      const { COSMOS_DATABASE_NAME: database } = sharedServices();
      await documents.database(database).container(container).items.create(document);
    };

    test('are one item: of those written in the same second, the one with the greatest id', async () => {
      for (const id of ['b', 'z', 'a']) await create({ id, PK: 'p', SK: 'twice', by: id });

      const { item } = (await direct.get('p', 'twice')) ?? {};

      expect(['b', 'z', 'a']).toContain(item?.by);
      expect((await everything(direct, 'p')).filter(({ SK }) => SK === 'twice')).toEqual([item]);
    });

    test('are one item on whatever side of a page they stand', async () => {
      const sortKeys = Array.from({ length: 8 }, (_, i) => `CHAT#${i}`);
      for (const copy of ['x', 'y', 'z', 'w']) {
        for (const SK of sortKeys) await create({ id: `${copy}-${SK.slice(5)}`, PK: 'p2', SK, copy });
      }

      const found = await everything(direct, 'p2');

      expect(found.map(({ SK }) => SK)).toEqual(sortKeys);
      for (const item of found) expect((await direct.get('p2', item.SK))?.item).toEqual(item);
    });

    test('a put writes over the one that counts, and it goes on to count', async () => {
      for (const id of ['a', 'b']) await create({ id, PK: 'p', SK: 'twice', by: id });

      await direct.put({ PK: 'p', SK: 'twice', by: 'us' });

      expect((await direct.get('p', 'twice'))?.item).toEqual({ PK: 'p', SK: 'twice', by: 'us' });
      await expectFailure(direct.put({ PK: 'p', SK: 'twice' }, 'absent'), 'metadata_precondition_failed', 'permanent');
    });

    test('a put keeps the id of the document that is there', async () => {
      await create({ id: 'of another writer', PK: 'p', SK: 's', n: 1 });

      await direct.put({ PK: 'p', SK: 's', n: 2 });

      const { COSMOS_DATABASE_NAME: database } = sharedServices();
      const { resource } = await documents
        .database(database)
        .container(container)
        .item('of another writer', 'p')
        .read();
      expect(resource).toMatchObject({ PK: 'p', SK: 's', n: 2 });
    });
  });

  test('refuses a continuation that it did not give', async () => {
    await expectFailure(direct.query({ partition: 'p' }, 'gibberish'), 'metadata_request_invalid', 'permanent');
  });
});

function refusal(status: number, headers: Record<string, string> = {}): Fault {
  const body = JSON.stringify({ code: 'Injected', message: 'injected' });
  return { kind: 'status', status, headers: { 'Content-Type': 'application/json', ...headers }, body };
}

async function everything(store: MetadataStore, partition: string): Promise<MetadataItem[]> {
  const items: MetadataItem[] = [];
  let continuation: string | undefined;
  do {
    const page = await store.query({ partition }, continuation);
    items.push(...page.items);
    continuation = page.next;
  } while (continuation !== undefined);
  return items;
}
