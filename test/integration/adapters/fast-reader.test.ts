import { setTimeout as wait } from 'node:timers/promises';
import { inspect } from 'node:util';
import {
  AccountSASPermissions,
  AccountSASResourceTypes,
  AccountSASServices,
  BlobServiceClient,
  generateAccountSASQueryParameters,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import { createBlobServiceAccess } from '../../../shared/azure/blob-service';
import { API_VERSION } from '../../../shared/azure/fast/fast-blob-store';
import { StorageError } from '../../../shared/errors';
import type { ObjectStore } from '../../../shared/ports/object-store';
import { expectFailure } from '../../contract/object-store-contract';
import { type FaultProxy, type SeenRequest, startFaultProxy } from '../../support/fault-proxy';
import { newBlobContainer, sharedBlobOrigin, sharedServices } from '../../support/services';

// How the fast reader is let in, seen from the network.

const TEXT = { contentType: 'text/plain' };
const MINUTE = 60_000;

let proxy: FaultProxy;
let container: string;
let connectionString: string;
let direct: ObjectStore;

beforeAll(async () => {
  proxy = await startFaultProxy(sharedBlobOrigin());
  connectionString = sharedServices().AZURE_STORAGE_CONNECTION_STRING.replace(sharedBlobOrigin(), proxy.origin);
});

afterAll(() => proxy.stop());

beforeEach(async () => {
  container = await newBlobContainer('grants');
  direct = createBlobServiceAccess(sharedConnection()).container(container);
  for (let i = 0; i < 5; i++) await direct.write(`a/${i}`, Buffer.from(`body ${i}`), TEXT);
  proxy.reset();
});

function sharedConnection() {
  return { connectionString: sharedServices().AZURE_STORAGE_CONNECTION_STRING };
}

const store = (now?: () => number) => createBlobServiceAccess({ connectionString, now }).container(container);
const parametersOf = ({ url }: SeenRequest) => new URL(url, 'http://x').searchParams;
const signatures = () => new Set(proxy.requests.map((request) => parametersOf(request).get('sig')));

test('lists and reads carry one signature that lets nobody do more, and say the version that the SDK says', async () => {
  const reading = store();

  const { entries } = await reading.list('a/');
  const read = await Promise.all(
    entries.map(async ({ key, etag }) => (await reading.read(key, { ifMatch: etag })).body),
  );
  const requests = [...proxy.requests];
  await reading.head('a/1');

  expect(read.map((body) => Buffer.from(body).toString())).toEqual([0, 1, 2, 3, 4].map((i) => `body ${i}`));
  expect(requests).toHaveLength(6);
  for (const request of requests) {
    const parameters = parametersOf(request);
    expect([parameters.get('sp'), parameters.get('sr'), parameters.get('st')]).toEqual(['rl', 'c', null]);
    expect(Date.parse(parameters.get('se') ?? '')).toBeLessThanOrEqual(Date.now() + 15 * MINUTE);
    expect(request.headers.authorization).toBeUndefined();
    expect(request.headers['x-ms-version']).toBe(API_VERSION);
  }
  // The last request went through the SDK: its own version is the one that the fast reader must speak.
  expect(proxy.requests.at(-1)?.headers['x-ms-version']).toBe(API_VERSION);
  expect(proxy.requests.at(-1)?.headers.authorization).toMatch(/^SharedKey /);
});

test('the signature of a container is not sent to another one', async () => {
  const access = createBlobServiceAccess({ connectionString });
  const other = await newBlobContainer('other');

  await access.container(container).list('');
  await access.container(other).list('');

  expect(signatures().size).toBe(2);
});

test('a signature that ends while it is used is renewed: one try fails, and the next is let in', async () => {
  // This machine's clock is so far behind the service's that the first signature has two seconds left.
  let behindMs = 15 * MINUTE - 2000;
  const reading = store(() => Date.now() - behindMs);
  await reading.read('a/1');
  let failure: unknown;
  while (failure === undefined) {
    await wait(50);
    failure = await reading.read('a/1').then(
      () => undefined,
      (error: unknown) => error,
    );
  }
  behindMs = 0;

  const { body } = await reading.read('a/1');

  expect(failure).toBeInstanceOf(StorageError);
  expect(failure).toMatchObject({ code: 'storage_unavailable', kind: 'transient' });
  expect(inspect(failure, { depth: 10, showHidden: true })).not.toMatch(/sig=|se=/);
  expect(Buffer.from(body).toString()).toBe('body 1');
});

test('with a clock a quarter of an hour behind the service nothing is let in, and that is said', async () => {
  const reading = store(() => Date.now() - 16 * MINUTE);

  const error = await expectFailure(reading.read('a/1'), 'access_denied', 'configuration');

  expect(error.message).toContain('clock');
});

test('a clock that runs ahead does no harm', async () => {
  const reading = store(() => Date.now() + 14 * MINUTE);

  expect(Buffer.from((await reading.read('a/1')).body).toString()).toBe('body 1');
});

test('a refusal that is not about the signature is not tried with another one', async () => {
  const reading = store();
  await reading.read('a/1');
  const headers = { 'x-ms-error-code': 'AuthorizationFailure' };
  proxy.inject({ fault: { kind: 'status', status: 403, headers }, times: 9 });

  await expectFailure(reading.read('a/1'), 'access_denied', 'configuration');

  expect(signatures().size).toBe(1);
});

describe('a connection string with a signature', () => {
  function withSignature(expiresOn: Date, permissions: string): string {
    const { credential } = BlobServiceClient.fromConnectionString(sharedConnection().connectionString);
    if (!(credential instanceof StorageSharedKeyCredential)) throw new Error('The services have no key.');
    const signature = generateAccountSASQueryParameters(
      {
        expiresOn,
        permissions: AccountSASPermissions.parse(permissions),
        services: AccountSASServices.parse('b').toString(),
        resourceTypes: AccountSASResourceTypes.parse('sco').toString(),
      },
      credential,
    );
    return `BlobEndpoint=${proxy.origin}/${credential.accountName};SharedAccessSignature=${signature}`;
  }

  test('is used as it is', async () => {
    const given = withSignature(new Date(Date.now() + 60 * MINUTE), 'rl');
    const reading = createBlobServiceAccess({ connectionString: given }).container(container);

    const { entries } = await reading.list('');
    await reading.read('a/1');

    expect(entries).toHaveLength(5);
    const sent = proxy.requests.map((request) => parametersOf(request));
    expect(sent.map((each) => [each.get('ss'), each.get('srt'), each.get('sp')])).toEqual([
      ['b', 'sco', 'rl'],
      ['b', 'sco', 'rl'],
    ]);
    expect(given).toContain(encodeURIComponent(sent[0]?.get('sig') ?? 'none'));
  });

  test('that has ended is a configuration, and its signature is not told', async () => {
    const given = withSignature(new Date(Date.now() - MINUTE), 'rl');
    const reading = createBlobServiceAccess({ connectionString: given }).container(container);

    const error = await expectFailure(reading.read('a/1'), 'access_denied', 'configuration');

    expect(inspect(error, { depth: 10, showHidden: true })).not.toMatch(/sig=/);
  });
});

test('blobs that say to be compressed come as they are stored', async () => {
  const { gzipSync } = await import('node:zlib');
  const zipped = gzipSync('{"role":"user"}');
  const client = BlobServiceClient.fromConnectionString(sharedConnection().connectionString).getContainerClient(
    container,
  );
  const blobHTTPHeaders = { blobContentEncoding: 'gzip', blobContentType: 'application/json' };
  await client.getBlockBlobClient('zipped').upload(zipped, zipped.length, { blobHTTPHeaders });

  const { body } = await store().read('zipped');

  expect(Buffer.compare(body, zipped)).toBe(0);
});
