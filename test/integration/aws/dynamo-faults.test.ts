import { inspect } from 'node:util';
import { createDynamoMetadataStore, type DynamoMetadataStore } from '../../../shared/aws/dynamo-metadata-store';
import type { MetadataErrorCode } from '../../../shared/errors';
import type { MetadataStore } from '../../../shared/ports/metadata-store';
import { RetryingMetadataStore } from '../../../shared/retry/retrying-metadata-store';
import { behindFaults, type FaultyStores, TRY_TIMEOUT_MS } from '../../contract/fault-world';
import { callsOf, describeMetadataFaults, WARM } from '../../contract/metadata-faults';
import { expectFailure } from '../../contract/metadata-store-contract';
import { newTable, sharedAws } from '../../support/aws-services';
import type { Fault } from '../../support/fault-proxy';

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
  async function open(proxyOrigin: string): Promise<FaultyStores<MetadataStore>> {
    const { region, dynamodb } = sharedAws();
    const table = await newTable('faults');
    const at = (endpoint: string, tryTimeoutMs?: number): DynamoMetadataStore =>
      createDynamoMetadataStore({ region, table, endpoint, credentials: CREDENTIALS, tryTimeoutMs, pageSize: 3 });
    const direct = at(dynamodb.endpoint);
    const single = at(proxyOrigin);
    const hasty = at(proxyOrigin, TRY_TIMEOUT_MS);
    await direct.put(WARM);
    const close = () => {
      for (const store of [direct, single, hasty]) store.dispose();
    };
    return { direct, single, hasty, close };
  }

  const world = behindFaults(() => sharedAws().dynamodb.endpoint, open, RetryingMetadataStore);
  const { body, status } = refusal('ThrottlingException');
  describeMetadataFaults(world, {
    transient: TRANSIENT,
    endless: [refusal('ProvisionedThroughputExceededException'), 'metadata_throttled'],
    wait: [{ kind: 'status', status, body, headers: { 'retry-after': '4' } }, 4000],
    final: FINAL,
    isWrite: ({ headers }) => String(headers['x-amz-target']).endsWith('.PutItem'),
  });

  test('every call is one request', async () => {
    const { proxy, direct, single } = world();

    for (const call of await callsOf(single, direct)) {
      proxy.reset();
      await call();
      expect(proxy.requests).toHaveLength(1);
    }
  });

  test('an answer that ends in the middle is a lost connection', async () => {
    const { proxy, single } = world();

    for (const kept of [0.3, 0.9]) {
      proxy.inject({ fault: { kind: 'truncate', kept } });
      await expectFailure(single.get('p', 'warm'), 'metadata_connection_lost', 'transient');
    }
  });

  test('no error shows the credentials, whatever the service repeats of them', async () => {
    const { proxy, store } = world();
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
