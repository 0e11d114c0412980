import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { type BlobReader, createBlobServiceAccess } from '../../../shared/azure/blob-service';
import type { StorageErrorCode } from '../../../shared/errors';
import type { ObjectStore } from '../../../shared/ports/object-store';
import { RetryingObjectStore } from '../../../shared/retry/retrying-object-store';
import { behindFaults, type FaultyStores, TRY_TIMEOUT_MS } from '../../contract/fault-world';
import { describeObjectFaults } from '../../contract/object-faults';
import { expectFailure } from '../../contract/object-store-contract';
import type { Fault } from '../../support/fault-proxy';
import { newBlobContainer, sharedBlobOrigin, sharedServices } from '../../support/services';

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

const WAITS: readonly (readonly [string, Fault, number])[] = [
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
];

const FINAL: readonly (readonly [string, Fault, StorageErrorCode, string])[] = [
  ['403', refusal(403, 'AuthorizationPermissionMismatch'), 'access_denied', '403'],
  ['401', refusal(401, 'NoAuthenticationInformation'), 'access_denied', '401'],
  ['404 of the container', refusal(404, 'ContainerNotFound'), 'container_not_found', '404'],
];

describe.each<BlobReader>(['fast', 'sdk'])('Azure Blob Storage behind faults, read by %s', (reader) => {
  function open(origin: string, options: { listPageSize?: number; tryTimeoutMs?: number } = {}) {
    const connectionString = sharedServices().AZURE_STORAGE_CONNECTION_STRING.replace(sharedBlobOrigin(), origin);
    return createBlobServiceAccess({ connectionString, reader, ...options });
  }

  async function openAll(proxyOrigin: string): Promise<FaultyStores<ObjectStore>> {
    const container = await newBlobContainer('faults');
    return {
      direct: open(sharedBlobOrigin()).container(container),
      single: open(proxyOrigin, { listPageSize: 3 }).container(container),
      hasty: open(proxyOrigin, { tryTimeoutMs: TRY_TIMEOUT_MS }).container(container),
    };
  }

  const world = behindFaults(sharedBlobOrigin, openAll, RetryingObjectStore);
  describeObjectFaults(world, {
    transient: TRANSIENT,
    waits: WAITS,
    final: FINAL,
    secrets: /AccountKey=|SharedKey |sig=/,
  });

  const big = randomBytes(6 * 1024 * 1024);

  test.each([
    ['a body of several pieces', big],
    ['a body that can be opened again', { size: big.length, open: () => Readable.from([big], { objectMode: false }) }],
  ] as const)('a conditional write whose answer is lost counts as done, also with %s', async (_, body) => {
    const { proxy, direct, store } = world();
    proxy.inject({ fault: { kind: 'drop-after' }, when: ({ method }) => method === 'PUT' });

    const { etag } = await store.write('x', body, { contentType: 'application/json', onlyIf: 'absent' });

    const read = await direct.read('x', { ifMatch: etag });
    expect(Buffer.compare(read.body, big)).toBe(0);
  });

  test('a service that is not there is a lost connection', async () => {
    const gone = open('http://127.0.0.1:1').container('anything');

    await expectFailure(gone.read('x'), 'storage_connection_lost', 'transient');
  });
});

function refusal(status: number, code: string): Fault {
  const body = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>injected</Message></Error>`;
  return { kind: 'status', status, headers: { 'x-ms-error-code': code, 'Content-Type': 'application/xml' }, body };
}
