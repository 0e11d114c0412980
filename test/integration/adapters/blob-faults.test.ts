import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { type BlobReader, createBlobServiceAccess } from '../../../shared/azure/blob-service';
import type { StorageErrorCode } from '../../../shared/errors';
import type { ObjectStore } from '../../../shared/ports/object-store';
import { DEFAULT_RETRY_POLICY } from '../../../shared/retry/retry';
import { RetryingObjectStore, type StoreRetry } from '../../../shared/retry/retrying-object-store';
import { expectFailure } from '../../contract/object-store-contract';
import { type Fault, type FaultProxy, startFaultProxy } from '../../support/fault-proxy';
import { newBlobContainer, sharedBlobOrigin, sharedServices } from '../../support/services';
import { SteppingClock } from '../../support/stepping-clock';

const JSON_BODY = { contentType: 'application/json' };
/** Short for a test that waits for it, long for a busy machine that answers. */
const TRY_TIMEOUT_MS = 1500;

const TRANSIENT: readonly (readonly [string, Fault, StorageErrorCode])[] = [
  ['503 Server Busy', refusal(503, 'ServerBusy'), 'storage_throttled'],
  ['503 without a code', { kind: 'status', status: 503 }, 'storage_unavailable'],
  ['500 Internal Error', refusal(500, 'InternalError'), 'storage_unavailable'],
  ['500 Operation Timed Out', refusal(500, 'OperationTimedOut'), 'storage_timeout'],
  ['502 from a gateway', { kind: 'status', status: 502, body: '<html>Bad Gateway</html>' }, 'storage_unavailable'],
  ['429', { kind: 'status', status: 429 }, 'storage_throttled'],
  ['408', { kind: 'status', status: 408 }, 'storage_timeout'],
  ['409 while the container is being deleted', refusal(409, 'ContainerBeingDeleted'), 'storage_unavailable'],
  ['a connection that ends before the request', { kind: 'drop-before' }, 'storage_connection_lost'],
  ['a connection that ends before the answer', { kind: 'drop-after' }, 'storage_connection_lost'],
];

describe.each<BlobReader>(['fast', 'sdk'])('Azure Blob Storage behind faults, read by %s', (reader) => {
  let proxy: FaultProxy;
  let clock: SteppingClock;
  let retries: StoreRetry[];
  let direct: ObjectStore;
  let single: ObjectStore;
  let hasty: ObjectStore;
  let store: RetryingObjectStore;

  beforeAll(async () => {
    proxy = await startFaultProxy(sharedBlobOrigin());
  });

  afterAll(() => proxy.stop());

  beforeEach(async () => {
    proxy.reset();
    const { AZURE_STORAGE_CONNECTION_STRING: connectionString } = sharedServices();
    const throughProxy = connectionString.replace(sharedBlobOrigin(), proxy.origin);
    const container = await newBlobContainer('faults');
    direct = createBlobServiceAccess({ connectionString, reader }).container(container);
    single = createBlobServiceAccess({ connectionString: throughProxy, listPageSize: 3, reader }).container(container);
    hasty = createBlobServiceAccess({
      connectionString: throughProxy,
      tryTimeoutMs: TRY_TIMEOUT_MS,
      reader,
    }).container(container);
    clock = new SteppingClock();
    retries = [];
    store = retrying(single);
  });

  function retrying(inner: ObjectStore): RetryingObjectStore {
    const onRetry = (retry: StoreRetry) => retries.push(retry);
    return new RetryingObjectStore(inner, { clock, random: () => 1, policy: DEFAULT_RETRY_POLICY, onRetry });
  }

  describe.each(TRANSIENT)('%s', (_, fault, code) => {
    test('is a transient failure of every call, which makes one request', async () => {
      await direct.write('x', Buffer.from('1'), JSON_BODY);
      const calls: (() => Promise<unknown>)[] = [
        () => single.list(''),
        () => single.listPrefixes(''),
        () => single.read('x'),
        () => single.head('x'),
        () => single.write('y', Buffer.from('1'), JSON_BODY),
        () => single.delete('z'),
      ];

      for (const call of calls) {
        proxy.reset();
        proxy.inject({ fault, times: 10 });
        const error = await expectFailure(call(), code, 'transient');
        expect(proxy.requests).toHaveLength(1);
        expect(error.message).toContain(single.name);
      }
    });

    test('is tried again, with growing waits and no loss', async () => {
      const keys = Array.from({ length: 7 }, (_, i) => `messages/${i}.json`);
      const everyThird = (times: number) => proxy.inject({ fault, times, when: () => proxy.requests.length % 3 !== 0 });
      everyThird(40);

      for (const key of keys) await store.write(key, Buffer.from(`body of ${key}`), JSON_BODY);
      const listed = await listAll(store);
      const read = await Promise.all(listed.map(async (key) => Buffer.from((await store.read(key)).body).toString()));

      expect(listed).toEqual(keys);
      expect(read).toEqual(keys.map((key) => `body of ${key}`));
      expect(retries.length).toBeGreaterThan(5);
      expect(clock.sleeps).toEqual(retries.map(({ waitMs }) => waitMs));
    });
  });

  test('gives up after the policy says so, and says how often it tried', async () => {
    proxy.inject({ fault: { kind: 'status', status: 503 }, times: 1000 });

    const error = await expectFailure(store.read('x'), 'storage_unavailable', 'transient');

    expect(proxy.requests).toHaveLength(DEFAULT_RETRY_POLICY.maxTries);
    expect(error.message).toContain(`tried ${DEFAULT_RETRY_POLICY.maxTries} times`);
    expect(clock.sleeps).toEqual([250, 500, 1000, 2000, 4000, 8000, 16_000]);
  });

  test.each([
    ['429 with seconds', { kind: 'status', status: 429, headers: { 'Retry-After': '7' } }, 7000],
    [
      '503 with a date',
      {
        kind: 'status',
        status: 503,
        headers: { Date: 'Tue, 12 Aug 2025 17:00:00 GMT', 'Retry-After': 'Tue, 12 Aug 2025 17:00:11 GMT' },
      },
      11_000,
    ],
    ['503 with milliseconds', { kind: 'status', status: 503, headers: { 'x-ms-retry-after-ms': '1234' } }, 1234],
  ] as const)('waits as long as the service asks: %s', async (_, fault, askedMs) => {
    await direct.write('x', Buffer.from('1'), JSON_BODY);
    proxy.inject({ fault });

    await store.read('x');

    expect(clock.sleeps).toHaveLength(1);
    expect(clock.sleeps[0]).toBeGreaterThanOrEqual(askedMs);
    expect(clock.sleeps[0]).toBeLessThanOrEqual(askedMs + DEFAULT_RETRY_POLICY.baseDelayMs);
  });

  test.each([0, 0.1, 0.9])('a body that ends after %d of it is read again whole', async (kept) => {
    const body = randomBytes(300_000);
    await direct.write('x', body, JSON_BODY);
    proxy.inject({ fault: { kind: 'truncate', kept }, times: 2 });

    const read = await store.read('x');

    expect(Buffer.compare(read.body, body)).toBe(0);
    expect(retries.map(({ error }) => error.code)).toEqual(['storage_connection_lost', 'storage_connection_lost']);
  });

  test('a listing that ends in the middle is listed again whole', async () => {
    for (const key of ['a', 'b', 'c', 'd', 'e']) await direct.write(key, Buffer.from('1'), JSON_BODY);
    proxy.inject({ fault: { kind: 'truncate' }, times: 2 });

    expect(await listAll(store)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(retries.map(({ error }) => error.kind)).toEqual(['transient', 'transient']);
  });

  test.each([0, 0.5])('a body that stalls after %d of it is given up and read again', async (kept) => {
    await direct.write('x', randomBytes(100_000), JSON_BODY);
    proxy.inject({ fault: { kind: 'stall', kept } });

    const { body } = await retrying(hasty).read('x');

    expect(body.byteLength).toBe(100_000);
    expect(retries.map(({ error }) => error.code)).toEqual(['storage_timeout']);
    expect(retries[0]?.error.message).toContain(`${TRY_TIMEOUT_MS} ms`);
  });

  test('a write that is not answered is given up and made again', async () => {
    proxy.inject({ fault: { kind: 'stall', kept: 0 } });

    await retrying(hasty).write('x', Buffer.from('1'), JSON_BODY);

    expect(retries.map(({ error }) => error.code)).toEqual(['storage_timeout']);
    expect(Buffer.from((await direct.read('x')).body).toString()).toBe('1');
  });

  describe('conditional writes whose answer is lost', () => {
    const big = randomBytes(6 * 1024 * 1024);
    const bodies = [
      ['a small body', Buffer.from('mine'), Buffer.from('mine')],
      ['a body of several pieces', big, big],
      [
        'a body that can be opened again',
        big,
        { size: big.length, open: () => Readable.from([big], { objectMode: false }) },
      ],
    ] as const;

    test.each(bodies)('count as done where the object holds them: %s', async (_, expected, body) => {
      proxy.inject({ fault: { kind: 'drop-after' }, when: ({ method }) => method === 'PUT' });

      const { etag } = await store.write('x', body, { ...JSON_BODY, onlyIf: 'absent' });

      const read = await direct.read('x', { ifMatch: etag });
      expect(Buffer.compare(read.body, expected)).toBe(0);
    });

    test('count as done over a version, too', async () => {
      const before = await direct.write('x', Buffer.from('before'), JSON_BODY);
      proxy.inject({ fault: { kind: 'drop-after' }, when: ({ method }) => method === 'PUT' });

      const { etag } = await store.write('x', Buffer.from('after'), { ...JSON_BODY, onlyIf: before });

      expect((await direct.head('x'))?.etag).toBe(etag);
    });

    test('fail where somebody else was faster', async () => {
      await direct.write('x', Buffer.from('them'), JSON_BODY);
      proxy.inject({ fault: { kind: 'drop-before' }, when: ({ method }) => method === 'PUT' });

      const late = store.write('x', Buffer.from('mine'), { ...JSON_BODY, onlyIf: 'absent' });

      await expectFailure(late, 'precondition_failed', 'permanent');
    });

    test('fail at once where no answer was lost, even over the same bytes', async () => {
      await direct.write('x', Buffer.from('same'), JSON_BODY);

      const late = store.write('x', Buffer.from('same'), { ...JSON_BODY, onlyIf: 'absent' });

      await expectFailure(late, 'precondition_failed', 'permanent');
      expect(proxy.requests).toHaveLength(1);
    });
  });

  test.each([
    ['403', refusal(403, 'AuthorizationPermissionMismatch'), 'access_denied'],
    ['401', refusal(401, 'NoAuthenticationInformation'), 'access_denied'],
    ['404 of the container', refusal(404, 'ContainerNotFound'), 'container_not_found'],
  ] as const)('%s is not tried again, and names the container', async (status, fault, code) => {
    const calls: (() => Promise<unknown>)[] = [
      () => store.list(''),
      () => store.listPrefixes(''),
      () => store.read('x'),
      () => store.head('x'),
      () => store.write('x', Buffer.from('1'), JSON_BODY),
      () => store.delete('x'),
    ];

    for (const call of calls) {
      proxy.reset();
      proxy.inject({ fault, times: 10 });
      const error = await expectFailure(call(), code, 'configuration');
      expect(proxy.requests).toHaveLength(1);
      expect(error.message).toContain(store.name);
      expect(error.message).toContain(status.slice(0, 3));
    }
    expect(clock.sleeps).toEqual([]);
  });

  test('a service that is not there is a lost connection', async () => {
    const connectionString = sharedServices().AZURE_STORAGE_CONNECTION_STRING.replace(
      sharedBlobOrigin(),
      'http://127.0.0.1:1',
    );

    const gone = createBlobServiceAccess({ connectionString, reader }).container('anything');

    await expectFailure(gone.read('x'), 'storage_connection_lost', 'transient');
  });
});

function refusal(status: number, code: string): Fault {
  const body = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>injected</Message></Error>`;
  return { kind: 'status', status, headers: { 'x-ms-error-code': code, 'Content-Type': 'application/xml' }, body };
}

async function listAll(store: ObjectStore): Promise<string[]> {
  const keys: string[] = [];
  let continuation: string | undefined;
  do {
    const page = await store.list('', continuation);
    keys.push(...page.entries.map(({ key }) => key));
    continuation = page.next;
  } while (continuation !== undefined);
  return keys;
}
