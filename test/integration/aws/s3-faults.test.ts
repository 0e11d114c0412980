import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { createS3Access, type S3Access, type S3Reader } from '../../../shared/aws/s3-access';
import type { StorageErrorCode } from '../../../shared/errors';
import type { ObjectStore } from '../../../shared/ports/object-store';
import { DEFAULT_RETRY_POLICY } from '../../../shared/retry/retry';
import { RetryingObjectStore, type StoreRetry } from '../../../shared/retry/retrying-object-store';
import { expectFailure } from '../../contract/object-store-contract';
import { describeWithMoto, motoEndpoint, newBucket, sharedAws } from '../../support/aws-services';
import { type Fault, type FaultProxy, startFaultProxy } from '../../support/fault-proxy';
import { SteppingClock } from '../../support/stepping-clock';

const JSON_BODY = { contentType: 'application/json' };
/** Short for a test that waits for it, long for a busy machine that answers. */
const TRY_TIMEOUT_MS = 1500;

const TRANSIENT: readonly (readonly [string, Fault, StorageErrorCode])[] = [
  ['503 SlowDown', refusal(503, 'SlowDown'), 'storage_throttled'],
  ['503 ServiceUnavailable', refusal(503, 'ServiceUnavailable'), 'storage_unavailable'],
  ['503 without a code', { kind: 'status', status: 503 }, 'storage_unavailable'],
  ['500 InternalError', refusal(500, 'InternalError'), 'storage_unavailable'],
  ['502 from a gateway', { kind: 'status', status: 502, body: '<html>Bad Gateway</html>' }, 'storage_unavailable'],
  ['429', { kind: 'status', status: 429 }, 'storage_throttled'],
  ['408', { kind: 'status', status: 408 }, 'storage_timeout'],
  ['400 RequestTimeout', refusal(400, 'RequestTimeout'), 'storage_timeout'],
  ['409 OperationAborted', refusal(409, 'OperationAborted'), 'storage_unavailable'],
  ['409 ConditionalRequestConflict', refusal(409, 'ConditionalRequestConflict'), 'storage_unavailable'],
  ['307 of a bucket that is new', refusal(307, 'TemporaryRedirect'), 'storage_unavailable'],
  ['403 RequestTimeTooSkewed', refusal(403, 'RequestTimeTooSkewed'), 'storage_unavailable'],
  ['a connection that ends before the request', { kind: 'drop-before' }, 'storage_connection_lost'],
  ['a connection that ends before the answer', { kind: 'drop-after' }, 'storage_connection_lost'],
];

const CONFIGURATION: readonly (readonly [string, Fault, StorageErrorCode, string])[] = [
  ['AccessDenied', refusal(403, 'AccessDenied'), 'access_denied', 's3:GetObject'],
  ['403 without a code', { kind: 'status', status: 403 }, 'access_denied', 's3:GetObject'],
  ['ExpiredToken', refusal(400, 'ExpiredToken'), 'access_denied', 'AWS_PROFILE'],
  ['InvalidToken', refusal(400, 'InvalidToken'), 'access_denied', 'AWS_PROFILE'],
  ['InvalidAccessKeyId', refusal(403, 'InvalidAccessKeyId'), 'access_denied', 'AWS_PROFILE'],
  ['SignatureDoesNotMatch', refusal(403, 'SignatureDoesNotMatch'), 'access_denied', 'clock'],
  ['NoSuchBucket', refusal(404, 'NoSuchBucket'), 'container_not_found', 'S3_BUCKET_NAME'],
  [
    'PermanentRedirect',
    refusal(301, 'PermanentRedirect', { 'x-amz-bucket-region': 'eu-west-1' }),
    'storage_request_invalid',
    'The bucket is in eu-west-1',
  ],
  [
    'AuthorizationHeaderMalformed',
    refusal(400, 'AuthorizationHeaderMalformed', {}, '<Region>us-east-2</Region>'),
    'storage_request_invalid',
    'The bucket is in us-east-2',
  ],
];

describeWithMoto('S3, on moto', () => {
  describe.each<S3Reader>(['fast', 'sdk'])('behind faults, read by %s', (reader) => {
    let proxy: FaultProxy;
    let opened: S3Access[];
    let clock: SteppingClock;
    let retries: StoreRetry[];
    let direct: ObjectStore;
    let single: ObjectStore;
    let hasty: ObjectStore;
    let store: RetryingObjectStore;

    beforeAll(async () => {
      proxy = await startFaultProxy(motoEndpoint());
    });

    afterAll(() => proxy.stop());

    beforeEach(async () => {
      proxy.reset();
      opened = [];
      const bucket = await newBucket('faults');
      direct = open(motoEndpoint()).bucket(bucket);
      single = open(proxy.origin, { listPageSize: 3 }).bucket(bucket);
      hasty = open(proxy.origin, { tryTimeoutMs: TRY_TIMEOUT_MS }).bucket(bucket);
      clock = new SteppingClock();
      retries = [];
      store = retrying(single);
    });

    afterEach(() => {
      for (const access of opened) access.dispose();
    });

    function open(endpoint: string, options: { listPageSize?: number; tryTimeoutMs?: number } = {}): S3Access {
      const access = createS3Access({ region: sharedAws().region, endpoint, reader, ...options });
      opened.push(access);
      return access;
    }

    function retrying(inner: ObjectStore): RetryingObjectStore {
      const onRetry = (retry: StoreRetry) => retries.push(retry);
      return new RetryingObjectStore(inner, { clock, random: () => 1, policy: DEFAULT_RETRY_POLICY, onRetry });
    }

    const callsOf = (of: ObjectStore): (() => Promise<unknown>)[] => [
      () => of.list(''),
      () => of.listPrefixes(''),
      () => of.read('x'),
      () => of.head('x'),
      () => of.write('y', Buffer.from('1'), JSON_BODY),
      () => of.delete('z'),
    ];

    describe.each(TRANSIENT)('%s', (_, fault, code) => {
      test('is a transient failure of every call, which makes one request', async () => {
        await direct.write('x', Buffer.from('1'), JSON_BODY);

        for (const call of callsOf(single)) {
          proxy.reset();
          proxy.inject({ fault, times: 10 });
          const error = await expectFailure(call(), code, 'transient');
          expect(proxy.requests).toHaveLength(1);
          expect(error.message).toContain(single.name);
        }
      });

      test('is tried again, with growing waits and no loss', async () => {
        const keys = Array.from({ length: 7 }, (_, i) => `messages/${i}.json`);
        proxy.inject({ fault, times: 40, when: () => proxy.requests.length % 3 !== 0 });

        for (const key of keys) await store.write(key, Buffer.from(`body of ${key}`), JSON_BODY);
        const listed = await listAll(store);
        const read: string[] = [];
        for (const key of listed) read.push(Buffer.from((await store.read(key)).body).toString());

        expect(listed).toEqual(keys);
        expect(read).toEqual(keys.map((key) => `body of ${key}`));
        expect(retries.length).toBeGreaterThan(5);
        expect(clock.sleeps).toEqual(retries.map(({ waitMs }) => waitMs));
      });
    });

    test.each([
      ['SlowDown with seconds', refusal(503, 'SlowDown', { 'Retry-After': '7' }), 7000],
      [
        '503 with a date',
        refusal(503, 'SlowDown', {
          Date: 'Tue, 12 Aug 2025 17:00:00 GMT',
          'Retry-After': 'Tue, 12 Aug 2025 17:00:11 GMT',
        }),
        11_000,
      ],
    ] as const)('waits as long as the service asks: %s', async (_, fault, askedMs) => {
      await direct.write('x', Buffer.from('1'), JSON_BODY);
      proxy.inject({ fault });

      await store.read('x');

      expect(clock.sleeps).toHaveLength(1);
      expect(clock.sleeps[0]).toBeGreaterThanOrEqual(askedMs);
      expect(clock.sleeps[0]).toBeLessThanOrEqual(askedMs + DEFAULT_RETRY_POLICY.baseDelayMs);
    });

    test.each(CONFIGURATION)('%s is not tried again, and is named with what to do', async (_, fault, code, advice) => {
      for (const call of callsOf(store)) {
        proxy.reset();
        proxy.inject({ fault, times: 10 });
        const error = await expectFailure(call(), code, 'configuration');
        expect(proxy.requests).toHaveLength(1);
        expect(error.message).toContain(store.name);
        expect(error.message).toContain(advice);
        expect(inspect(error, { depth: 10, showHidden: true })).not.toMatch(/Signature=|Credential=|AKIA/);
      }
      expect(clock.sleeps).toEqual([]);
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

    test('a conditional write whose answer is lost counts as done where the object holds it', async () => {
      proxy.inject({ fault: { kind: 'drop-after' }, when: ({ method }) => method === 'PUT' });

      const { etag } = await store.write('x', Buffer.from('mine'), { ...JSON_BODY, onlyIf: 'absent' });

      expect(Buffer.from((await direct.read('x', { ifMatch: etag })).body).toString()).toBe('mine');
    });

    test('a service that is not there is a lost connection', async () => {
      const gone = open('http://127.0.0.1:1').bucket('anything');

      await expectFailure(gone.read('x'), 'storage_connection_lost', 'transient');
    });
  });
});

function refusal(status: number, code: string, headers: Readonly<Record<string, string>> = {}, more = ''): Fault {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>injected</Message>${more}<AWSAccessKeyId>AKIA</AWSAccessKeyId><RequestId>4442587FB7D0A2F9</RequestId></Error>`;
  return { kind: 'status', status, headers: { ...headers, 'Content-Type': 'application/xml' }, body };
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
