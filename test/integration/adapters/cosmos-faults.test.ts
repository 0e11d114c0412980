import { CosmosClient } from '@azure/cosmos';
import { type CosmosMetadataStore, createCosmosMetadataStore } from '../../../shared/azure/cosmos-metadata-store';
import type { MetadataErrorCode } from '../../../shared/errors';
import type { MetadataStore } from '../../../shared/ports/metadata-store';
import { RetryingMetadataStore } from '../../../shared/retry/retrying-metadata-store';
import { behindFaults, type FaultyStores, TRY_TIMEOUT_MS } from '../../contract/fault-world';
import { describeMetadataFaults, WARM } from '../../contract/metadata-faults';
import { everything, expectFailure } from '../../contract/metadata-store-contract';
import type { Fault } from '../../support/fault-proxy';
import { newMetadataContainer, sharedServices } from '../../support/services';

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

const FINAL: readonly (readonly [string, Fault, MetadataErrorCode, string])[] = [
  ['401', refusal(401), 'metadata_access_denied', '401'],
  ['403', refusal(403), 'metadata_access_denied', '403'],
  ['403 of a firewall, as a page', { kind: 'status', status: 403, body: '<html>' }, 'metadata_access_denied', '403'],
];

describe('Cosmos DB behind faults', () => {
  let container: string;

  async function open(proxyOrigin: string): Promise<FaultyStores<MetadataStore>> {
    const { COSMOS_ENDPOINT, COSMOS_KEY: key, COSMOS_DATABASE_NAME: database } = sharedServices();
    container = await newMetadataContainer('faults');
    const at = (endpoint: string, tryTimeoutMs?: number): CosmosMetadataStore =>
      createCosmosMetadataStore({ endpoint, key, database, container, tryTimeoutMs, pageSize: 3 });
    const direct = at(COSMOS_ENDPOINT);
    const single = at(`${proxyOrigin}/`);
    const hasty = at(`${proxyOrigin}/`, TRY_TIMEOUT_MS);
    // The first write of a client asks for the container's partition key once: not what these tests are about.
    await single.put(WARM);
    const close = () => {
      for (const store of [direct, single, hasty]) store.dispose();
    };
    return { direct, single, hasty, close };
  }

  const world = behindFaults(() => sharedServices().COSMOS_ENDPOINT, open, RetryingMetadataStore);
  describeMetadataFaults(world, {
    transient: TRANSIENT,
    endless: [refusal(503), 'metadata_unavailable'],
    wait: [refusal(429, { 'x-ms-retry-after-ms': '4321' }), 4321],
    final: FINAL,
    isWrite: ({ method, headers }) =>
      method === 'PUT' || (method === 'POST' && headers['content-type'] !== 'application/query+json'),
  });

  test('a page of a query is one request, a put two, a put over a version one', async () => {
    const { proxy, single } = world();
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

  test('404 is not tried again, and names the container', async () => {
    const { proxy, store, clock } = world();

    // A put over a version is not among them: it asks which of document and container is missing.
    for (const call of [
      () => store.get('p', 's'),
      () => store.query({ partition: 'p' }),
      () => store.put({ PK: 'p', SK: 's' }),
    ]) {
      proxy.reset();
      proxy.inject({ fault: refusal(404), times: 10 });
      const error = await expectFailure(call(), 'metadata_not_found', 'configuration');
      expect(proxy.requests).toHaveLength(1);
      expect(error.message).toContain(store.name);
    }
    expect(clock.sleeps).toEqual([]);
  });

  test('no error shows the key', async () => {
    const { proxy, store } = world();
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
      const { direct } = world();
      for (const id of ['b', 'z', 'a']) await create({ id, PK: 'p', SK: 'twice', by: id });

      const { item } = (await direct.get('p', 'twice')) ?? {};

      expect(['b', 'z', 'a']).toContain(item?.by);
      expect((await everything(direct, { partition: 'p' })).filter(({ SK }) => SK === 'twice')).toEqual([item]);
    });

    test('are one item on whatever side of a page they stand', async () => {
      const { direct } = world();
      const sortKeys = Array.from({ length: 8 }, (_, i) => `CHAT#${i}`);
      for (const copy of ['x', 'y', 'z', 'w']) {
        for (const SK of sortKeys) await create({ id: `${copy}-${SK.slice(5)}`, PK: 'p2', SK, copy });
      }

      const found = await everything(direct, { partition: 'p2' });

      expect(found.map(({ SK }) => SK)).toEqual(sortKeys);
      for (const item of found) expect((await direct.get('p2', item.SK))?.item).toEqual(item);
    });

    test('a put writes over the one that counts, and it goes on to count', async () => {
      const { direct } = world();
      for (const id of ['a', 'b']) await create({ id, PK: 'p', SK: 'twice', by: id });

      await direct.put({ PK: 'p', SK: 'twice', by: 'us' });

      expect((await direct.get('p', 'twice'))?.item).toEqual({ PK: 'p', SK: 'twice', by: 'us' });
      await expectFailure(direct.put({ PK: 'p', SK: 'twice' }, 'absent'), 'metadata_precondition_failed', 'permanent');
    });

    test('a put keeps the id of the document that is there', async () => {
      const { direct } = world();
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
    await expectFailure(world().direct.query({ partition: 'p' }, 'gibberish'), 'metadata_request_invalid', 'permanent');
  });
});

function refusal(status: number, headers: Record<string, string> = {}): Fault {
  const body = JSON.stringify({ code: 'Injected', message: 'injected' });
  return { kind: 'status', status, headers: { 'Content-Type': 'application/json', ...headers }, body };
}
