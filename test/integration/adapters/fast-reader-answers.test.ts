import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { createBlobServiceAccess } from '../../../shared/azure/blob-service';
import type { StorageErrorCode } from '../../../shared/errors';
import type { ObjectStore } from '../../../shared/ports/object-store';
import { expectFailure } from '../../contract/object-store-contract';

// Answers that no well-behaved service gives, from a server of the test's own.

const SIGNATURE = 'c2VjcmV0LXNpZ25hdHVyZQ%3D%3D';
const BODY = Buffer.from('{"role":"user"}');
const ETAG = '"0x8D1"';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let store: ObjectStore;
let answer: Answer;
let requests: string[];

beforeAll(async () => {
  server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port.');
  const connectionString = `BlobEndpoint=http://127.0.0.1:${address.port}/acct;SharedAccessSignature=sv=2025&sp=rl&sig=${SIGNATURE}`;
  store = createBlobServiceAccess({ connectionString, tryTimeoutMs: 1500 }).container('chat');
});

afterAll(async () => {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
});

beforeEach(() => {
  requests = [];
});

const whole = { 'content-length': BODY.length, etag: ETAG };
const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('base64');

test('a signature that was given is sent as it is, once in each address, and no other authorization', async () => {
  const authorizations: unknown[] = [];
  answer = ({ headers }, response) => {
    authorizations.push(headers.authorization);
    response.writeHead(200, whole).end(BODY);
  };

  const { body, etag } = await store.read('a b/c?.json');

  expect([Buffer.from(body).toString(), etag]).toEqual([BODY.toString(), '0x8D1']);
  expect(requests).toEqual([`GET /acct/chat/a%20b/c%3F.json?sv=2025&sp=rl&sig=${SIGNATURE}`]);
  expect(authorizations).toEqual([undefined]);
});

const SPOILED: readonly (readonly [string, Answer, StorageErrorCode, string])[] = [
  [
    'a body shorter than it says, on a connection that ends',
    (_, response) => {
      response.writeHead(200, { ...whole, 'content-length': BODY.length + 5 });
      response.write(BODY, () => response.socket?.end());
    },
    'storage_connection_lost',
    'transient',
  ],
  [
    'a body of which nobody says how long it is',
    (request) => request.socket.end(Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\netag: ${ETAG}\r\n\r\n`), BODY])),
    'storage_connection_lost',
    'transient',
  ],
  [
    'something that is not HTTP',
    (request) => request.socket.end('busy\r\n\r\n'),
    'storage_connection_lost',
    'transient',
  ],
  [
    'half a head',
    (request) => request.socket.end('HTTP/1.1 200 OK\r\ncontent-le'),
    'storage_connection_lost',
    'transient',
  ],
  ['nothing', (request) => request.socket.end(), 'storage_connection_lost', 'transient'],
  ['a reset', (request) => request.socket.resetAndDestroy(), 'storage_connection_lost', 'transient'],
  ['silence', () => undefined, 'storage_timeout', 'transient'],
  [
    'another place to look',
    (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    'storage_request_invalid',
    'permanent',
  ],
  ['no content', (_, response) => response.writeHead(204).end(), 'storage_request_invalid', 'permanent'],
  [
    'a part where the whole was asked for',
    (_, response) => response.writeHead(206, whole).end(BODY),
    'storage_request_invalid',
    'permanent',
  ],
  [
    'that the signature has ended',
    (_, response) => response.writeHead(403, { 'x-ms-error-code': 'AuthenticationFailed' }).end(),
    'access_denied',
    'configuration',
  ],
  [
    'an error whose code is in the body alone',
    (_, response) => response.writeHead(404).end('<Error><Code>ContainerNotFound</Code></Error>'),
    'container_not_found',
    'configuration',
  ],
];

test.each(SPOILED)(
  'a read that is answered with %s fails, after one request, and tells no secret',
  async (_, given, code, kind) => {
    answer = given;

    const error = await expectFailure(store.read('x'), code, kind);

    expect(requests).toHaveLength(1);
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(SIGNATURE);
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('sig=');
  },
);

test.each(SPOILED.filter(([, , code]) => code !== 'storage_request_invalid'))(
  'a listing that is answered with %s fails, too',
  async (_, given) => {
    answer = given;

    const error = await store.list('x/').catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ name: 'StorageError' });
    expect(requests).toHaveLength(1);
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('sig=');
  },
);

test.each([
  ['a page of a gateway', '<html><head></head><body>Sign in</body></html>'],
  ['half a listing', '<EnumerationResults><Blobs><Blob><Name>a</Na'],
  ['nothing', ''],
])('a listing that is answered with %s is tried again and not taken for empty', async (_, text) => {
  answer = (_request, response) => response.writeHead(200, { 'content-type': 'application/xml' }).end(text);

  await expectFailure(store.list('x/'), 'storage_connection_lost', 'transient');
});

test('a range that is answered with the whole is refused', async () => {
  answer = (_, response) => response.writeHead(200, whole).end(BODY);

  await expectFailure(store.read('x', { range: { offset: 0, length: 3 } }), 'storage_request_invalid', 'permanent');
});

test('a body with the checksum that it comes with is read once', async () => {
  answer = (_, response) => response.writeHead(200, { ...whole, 'content-md5': md5(BODY) }).end(BODY);

  await store.read('x');

  expect(requests).toHaveLength(1);
});

test('a body that was damaged on its way is read again by the caller, and never taken', async () => {
  const damaged = Buffer.from(BODY);
  damaged[3] = 0;
  answer = (_, response) =>
    response.writeHead(200, { ...whole, 'content-md5': md5(BODY) }).end(requests.length === 1 ? damaged : BODY);

  const error = await expectFailure(store.read('x'), 'storage_connection_lost', 'transient');

  expect(error.message).toContain('checksum');
  expect(requests).toHaveLength(2);
});

test('a body whose stored checksum is wrong is taken when it comes the same twice, as the SDK takes it', async () => {
  const conditions: unknown[] = [];
  answer = ({ headers }, response) => {
    conditions.push(headers['if-match']);
    response.writeHead(200, { ...whole, 'content-md5': md5(Buffer.from('other')) }).end(BODY);
  };

  const { body } = await store.read('x');

  expect(Buffer.from(body).toString()).toBe(BODY.toString());
  expect(conditions).toEqual([undefined, ETAG]);
});

test('connections are kept and used again, about as many as there are requests at a time', async () => {
  const connections = new Set<unknown>();
  answer = ({ socket }, response) => {
    connections.add(socket);
    response.writeHead(200, whole).end(BODY);
  };

  for (let round = 0; round < 20; round++) await Promise.all(Array.from({ length: 5 }, () => store.read('x')));

  expect(requests).toHaveLength(100);
  // A connection is free a moment after its answer is there, so that some more are opened than are used at a time.
  expect(connections.size).toBeLessThanOrEqual(12);
});

test('a connection that the service closes while it is idle is no failure', async () => {
  answer = (_, response) => response.writeHead(200, whole).end(BODY);
  await store.read('x');
  server.closeIdleConnections();
  // The end of the connection reaches this side before the next request does: both come through the same loop.
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));

  const { body } = await store.read('x');

  expect(Buffer.from(body).toString()).toBe(BODY.toString());
});

test('a body that comes slowly, but keeps coming, is waited for longer than one may be silent', async () => {
  const pieces = 8;
  answer = (_, response) => {
    response.writeHead(200, { etag: ETAG, 'content-length': pieces });
    let sent = 0;
    const timer = setInterval(() => {
      response.write('x');
      sent += 1;
      if (sent === pieces) {
        clearInterval(timer);
        response.end();
      }
    }, 400);
  };

  const { body } = await store.read('x');

  expect(Buffer.from(body).toString()).toBe('x'.repeat(pieces));
});
