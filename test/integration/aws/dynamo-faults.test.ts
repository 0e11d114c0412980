import { inspect } from 'node:util';
import { createDynamoMetadataStore, type DynamoMetadataStore } from '../../../shared/aws/dynamo-metadata-store';
import type { MetadataErrorCode } from '../../../shared/errors';
import { DEFAULT_RETRY_POLICY } from '../../../shared/retry/retry';
import { RetryingMetadataStore } from '../../../shared/retry/retrying-metadata-store';
import type { StoreRetry } from '../../../shared/retry/retrying-object-store';
import { expectFailure } from '../../contract/metadata-store-contract';
import { newTable, sharedAws } from '../../support/aws-services';
import { type Fault, type FaultProxy, startFaultProxy } from '../../support/fault-proxy';
import { SteppingClock } from '../../support/stepping-clock';

/** Short for a test that waits for it, long for a busy machine that answers. */
const TRY_TIMEOUT_MS = 1500;

const CREDENTIALS = { accessKeyId: 'AKIDNOTREAL', secretAccessKey: 'a-secret-key', sessionToken: 'a-session-token' };

const TRANSIENT: readonly (readonly [string, Fault, MetadataErrorCode])[] = [
  ['too little capacity', refusal('ProvisionedThroughputExceededException'), 'metadata_throttled'],
  ['ThrottlingException', refusal('ThrottlingException'), 'metadata_throttled'],
  ['RequestLimitExceeded', refusal('RequestLimitExceeded'), 'metadata_throttled'],
  ['InternalServerError', refusal('InternalServerError', 500), 'metadata_unavailable'],
  ["a conflict with another writer's transaction", refusal('TransactionConflictException'), 'metadata_unavailable'],
  ['503 without a body', { kind: 'status', status: 503 }, 'metadata_unavailable'],
  ['502 with a page instead of JSON', { kind: 'status', status: 502, body: '<html>' }, 'metadata_unavailable'],
  ['429', { kind: 'status', status: 429 }, 'metadata_throttled'],
  ['200 with a page instead of JSON', { kind: 'status', status: 200, body: '<html>' }, 'metadata_connection_lost'],
  ['a connection that ends before the request', { kind: 'drop-before' }, 'metadata_connection_lost'],
  ['a connection that ends before the answer', { kind: 'drop-after' }, 'metadata_connection_lost'],
];

const FINAL: readonly (readonly [string, Fault, MetadataErrorCode, string])[] = [
  ['a role that may not', refusal('AccessDeniedException'), 'metadata_access_denied', 'dynamodb:Query'],
  ['403 of a firewall', { kind: 'status', status: 403, body: '<html>' }, 'metadata_access_denied', '403'],
  ['unknown keys', refusal('UnrecognizedClientException'), 'metadata_access_denied', 'aws sso login'],
  ['expired keys', refusal('ExpiredTokenException'), 'metadata_access_denied', 'aws sso login'],
  ['wrong keys', refusal('InvalidSignatureException'), 'metadata_access_denied', 'aws sso login'],
  [
    'a wrong clock',
    refusal('InvalidSignatureException', 400, 'Signature expired: 20250811T000000Z is now earlier than …'),
    'metadata_access_denied',
    'clock',
  ],
  ['no table', refusal('ResourceNotFoundException'), 'metadata_not_found', 'DYNAMODB_TABLE_NAME'],
];

describe('DynamoDB behind faults', () => {
  let proxy: FaultProxy;
  let clock: SteppingClock;
  let retries: StoreRetry[];
  let table: string;
  let direct: DynamoMetadataStore;
  let single: DynamoMetadataStore;
  let store: RetryingMetadataStore;

  beforeAll(async () => {
    proxy = await startFaultProxy(sharedAws().dynamodb.endpoint);
  });

  afterAll(() => proxy.stop());

  beforeEach(async () => {
    proxy.reset();
    table = await newTable('faults');
    direct = open(sharedAws().dynamodb.endpoint);
    single = open(proxy.origin);
    await direct.put({ PK: 'p', SK: 'warm' });
    clock = new SteppingClock();
    retries = [];
    store = retrying(single);
  });

  afterEach(() => {
    direct.dispose();
    single.dispose();
  });

  function open(endpoint: string, tryTimeoutMs?: number): DynamoMetadataStore {
    const { region } = sharedAws();
    return createDynamoMetadataStore({ region, table, endpoint, credentials: CREDENTIALS, tryTimeoutMs, pageSize: 3 });
  }

  function retrying(inner: DynamoMetadataStore): RetryingMetadataStore {
    const onRetry = (retry: StoreRetry) => retries.push(retry);
    return new RetryingMetadataStore(inner, { clock, random: () => 1, policy: DEFAULT_RETRY_POLICY, onRetry });
  }

  async function callsOf(called: DynamoMetadataStore | RetryingMetadataStore): Promise<(() => Promise<unknown>)[]> {
    const { version = '' } = (await direct.get('p', 'warm')) ?? {};
    return [
      () => called.get('p', 'warm'),
      () => called.query({ partition: 'p' }),
      () => called.put({ PK: 'p', SK: 's' }),
      () => called.put({ PK: 'p', SK: 's2' }, 'absent'),
      () => called.put({ PK: 'p', SK: 'warm', n: 1 }, { version }),
    ];
  }

  test('every call is one request', async () => {
    for (const call of await callsOf(single)) {
      proxy.reset();
      await call();
      expect(proxy.requests).toHaveLength(1);
    }
  });

  describe.each(TRANSIENT)('%s', (_, fault, code) => {
    test('is a transient failure of every call, which makes one request', async () => {
      for (const call of await callsOf(single)) {
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
      const found: unknown[] = [];
      let next: string | undefined;
      do {
        const page = await store.query({ partition: 'q' }, next);
        found.push(...page.items);
        next = page.next;
      } while (next !== undefined);

      expect(found).toEqual(items);
      expect(retries.length).toBeGreaterThan(3);
      expect(clock.sleeps).toEqual(retries.map(({ waitMs }) => waitMs));
    });
  });

  test('an answer that ends in the middle is a lost connection', async () => {
    for (const kept of [0.3, 0.9]) {
      proxy.inject({ fault: { kind: 'truncate', kept } });
      await expectFailure(single.get('p', 'warm'), 'metadata_connection_lost', 'transient');
    }
  });

  test.each([0, 0.5])('an answer that stalls after %d of it is given up, and asked for again', async (kept) => {
    const hasty = open(proxy.origin, TRY_TIMEOUT_MS);
    proxy.inject({ fault: { kind: 'stall', kept } });

    const found = await retrying(hasty).get('p', 'warm');

    expect(found?.item).toEqual({ PK: 'p', SK: 'warm' });
    expect(retries.map(({ error }) => error.code)).toEqual(['metadata_timeout']);
    expect(retries[0]?.error.message).toContain(`${TRY_TIMEOUT_MS} ms`);
    hasty.dispose();
  });

  test('waits as long as a throttling service asks', async () => {
    const { body, status } = refusal('ThrottlingException');
    proxy.inject({ fault: { kind: 'status', status, body, headers: { 'retry-after': '4' } } });

    await store.get('p', 'warm');

    expect(clock.sleeps).toHaveLength(1);
    expect(clock.sleeps[0]).toBeGreaterThanOrEqual(4000);
  });

  test('gives up after the policy says so', async () => {
    proxy.inject({ fault: refusal('ProvisionedThroughputExceededException'), times: 1000 });

    await expectFailure(store.get('p', 's'), 'metadata_throttled', 'transient');

    expect(proxy.requests).toHaveLength(DEFAULT_RETRY_POLICY.maxTries);
  });

  describe('conditional puts whose answer is lost', () => {
    const isWrite = ({ headers }: { headers: Record<string, unknown> }) =>
      String(headers['x-amz-target']).endsWith('.PutItem');

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
      expect((await direct.get('p', 'warm'))?.item.by).toBe('them');
    });
  });

  test.each(FINAL)('%s is not tried again, names the table and says what to do', async (_, fault, code, told) => {
    for (const call of await callsOf(store)) {
      proxy.reset();
      proxy.inject({ fault, times: 10 });
      const error = await expectFailure(call(), code, 'configuration');
      expect(proxy.requests).toHaveLength(1);
      expect(error.message).toContain(table);
      expect(error.message).toContain(told);
    }
    expect(clock.sleeps).toEqual([]);
  });

  test('no error shows the credentials, whatever the service repeats of them', async () => {
    const echo = `The canonical string should have been x-amz-security-token:${CREDENTIALS.sessionToken} ${CREDENTIALS.secretAccessKey}`;
    proxy.inject({ fault: refusal('InvalidSignatureException', 400, echo) });

    const error = await expectFailure(store.get('p', 's'), 'metadata_access_denied', 'configuration');

    const shown = inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true });
    expect(`${shown}${JSON.stringify(error)}${error.stack}`).not.toMatch(/a-secret-key|a-session-token|AKIDNOTREAL/);
  });
});

/** An error as the service sends it. */
function refusal(code: string, status = 400, message = 'injected') {
  const __type = `com.amazonaws.dynamodb.v20120810#${code}`;
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': 'ABCDEFG' };
  return { kind: 'status', status, headers, body: JSON.stringify({ __type, message }) } as const;
}
