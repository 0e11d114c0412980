import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { inspect } from 'node:util';
import { crc32 } from 'node:zlib';
import { createS3Access, type S3Access, type S3Reader } from '../../../shared/aws/s3-access';
import type { StorageErrorCode } from '../../../shared/errors';
import type { ObjectStore } from '../../../shared/ports/object-store';
import { expectFailure } from '../../contract/object-store-contract';

// What the fast reader sends, and answers that no well-behaved service gives, from a server of the test's own.

const HOUR = 3_600_000;
const BODY = Buffer.from('{"role":"user"}');
const ETAG = `"${createHash('md5').update(BODY).digest('hex')}"`;
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const TOKEN = 'IQoJb3JpZ2luX2VjEXAMPLE';
const CREDENTIALS = {
  AWS_ACCESS_KEY_ID: 'ASIAIOSFODNN7EXAMPLE',
  AWS_SECRET_ACCESS_KEY: SECRET,
  AWS_SESSION_TOKEN: TOKEN,
};

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let endpoint: string;
let answer: Answer;
let requests: IncomingMessage[];
let opened: S3Access[];
const before = { ...process.env };

beforeAll(async () => {
  server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port.');
  endpoint = `http://127.0.0.1:${address.port}`;
});

afterAll(async () => {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
});

beforeEach(() => {
  requests = [];
  opened = [];
  Object.assign(process.env, CREDENTIALS);
  answer = (_, response) => response.writeHead(200, whole).end(BODY);
});

afterEach(() => {
  for (const access of opened) access.dispose();
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
});

function open(options: { now?: () => number; reader?: S3Reader } = {}): ObjectStore {
  const access = createS3Access({ region: 'ap-northeast-1', endpoint, tryTimeoutMs: 1500, ...options });
  opened.push(access);
  return access.bucket('chat');
}

const whole = { 'content-length': BODY.length, etag: ETAG };
const crc32Of = (bytes: Buffer) => {
  const value = Buffer.alloc(4);
  value.writeUInt32BE(crc32(bytes));
  return value.toString('base64');
};
const refusing =
  (status: number, code: string, headers: Readonly<Record<string, string>> = {}): Answer =>
  (_, response) =>
    response.writeHead(status, headers).end(`<Error><Code>${code}</Code><Message>no</Message></Error>`);
const authorizations = () => requests.map(({ headers }) => String(headers.authorization));

describe('what is sent', () => {
  test('a read is one signed request, with the condition, and nothing secret but the token', async () => {
    const { body, etag } = await open().read('a b/c?.json', { ifMatch: ETAG.slice(1, -1) });

    expect([Buffer.from(body).toString(), `"${etag}"`]).toEqual([BODY.toString(), ETAG]);
    expect(requests).toHaveLength(1);
    const { method, url, headers } = requests[0] as IncomingMessage;
    expect(`${method} ${url}`).toBe('GET /chat/a%20b/c%3F.json');
    expect(headers['if-match']).toBe(ETAG);
    expect(headers['x-amz-security-token']).toBe(TOKEN);
    expect(headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=ASIAIOSFODNN7EXAMPLE\/\d{8}\/ap-northeast-1\/s3\/aws4_request, SignedHeaders=host;x-amz-checksum-mode;x-amz-content-sha256;x-amz-date;x-amz-security-token, Signature=[0-9a-f]{64}$/,
    );
    expect(inspect(headers)).not.toContain(SECRET);
  });

  test('a listing asks for the page, encoded names, and a beginning before the key', async () => {
    answer = (_, response) =>
      response.end(
        '<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>p/a+b</Key><ETag>"e"</ETag><Size>3</Size></Contents></ListBucketResult>',
      );

    const page = await open().list('p/', undefined, { from: 'p/a' });

    expect(page).toEqual({ entries: [{ key: 'p/a b', etag: 'e', size: 3 }] });
    expect(requests[0]?.url).toBe('/chat?encoding-type=url&list-type=2&max-keys=1000&prefix=p%2F&start-after=p%2F%60~');
  });

  test('connections are kept and used again, and ended with the access', async () => {
    const connections = new Set<Socket>();
    answer = ({ socket }, response) => {
      connections.add(socket);
      response.writeHead(200, whole).end(BODY);
    };
    const store = open();

    for (let round = 0; round < 20; round++) await Promise.all(Array.from({ length: 5 }, () => store.read('x')));
    const closed = [...connections].map((socket) => once(socket, 'close'));
    for (const access of opened) access.dispose();
    await Promise.all(closed);

    expect(requests).toHaveLength(100);
    // A connection is free a moment after its answer is there, so that some more are opened than are used at a time.
    expect(connections.size).toBeLessThanOrEqual(12);
  });
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
  ['something that is not HTTP', ({ socket }) => socket.end('busy\r\n\r\n'), 'storage_connection_lost', 'transient'],
  ['half a head', ({ socket }) => socket.end('HTTP/1.1 200 OK\r\ncontent-le'), 'storage_connection_lost', 'transient'],
  ['nothing', ({ socket }) => socket.end(), 'storage_connection_lost', 'transient'],
  ['a reset', ({ socket }) => socket.resetAndDestroy(), 'storage_connection_lost', 'transient'],
  ['silence', () => undefined, 'storage_timeout', 'transient'],
  ['no content', (_, response) => response.writeHead(204).end(), 'storage_request_invalid', 'permanent'],
  [
    'a part where the whole was asked for',
    (_, response) => response.writeHead(206, whole).end(BODY),
    'storage_request_invalid',
    'permanent',
  ],
  ['an object in an archive', refusing(403, 'InvalidObjectState'), 'storage_request_invalid', 'configuration'],
  ['a disabled key', refusing(400, 'KMS.DisabledException'), 'access_denied', 'configuration'],
];

test.each(SPOILED)(
  'a read that is answered with %s fails, after one request, and tells no secret',
  async (_, given, code, kind) => {
    answer = given;

    const error = await expectFailure(open().read('x'), code, kind);

    expect(requests).toHaveLength(1);
    expect(inspect(error, { depth: 10, showHidden: true })).not.toMatch(/Signature=|ASIA|IQoJ|wJal/);
  },
);

describe.each<S3Reader>(['fast', 'sdk'])('read by %s', (reader) => {
  test.each([
    ['a page of a gateway', '<html><head></head><body>Sign in</body></html>'],
    ['half a listing', '<ListBucketResult><Contents><Key>a</Ke'],
    ['nothing', ''],
    [
      'one that goes on, and does not say where',
      '<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>',
    ],
  ])('a listing that is answered with %s is tried again and not taken for empty', async (_, text) => {
    answer = (_request, response) => response.writeHead(200, { 'content-type': 'application/xml' }).end(text);

    await expectFailure(open({ reader }).list('x/'), 'storage_connection_lost', 'transient');
    await expectFailure(open({ reader }).listPrefixes('x/'), 'storage_connection_lost', 'transient');
  });

  test('bytes with another checksum than they came with are not taken', async () => {
    const other = Buffer.from(BODY.map((byte) => byte ^ 1));
    answer = (_, response) => response.writeHead(200, { ...whole, 'x-amz-checksum-crc32': crc32Of(BODY) }).end(other);

    await expectFailure(open({ reader }).read('x'), 'storage_connection_lost', 'transient');
  });
});

test('a range that is answered with the whole is refused', async () => {
  await expectFailure(open().read('x', { range: { offset: 0, length: 3 } }), 'storage_request_invalid', 'permanent');
});

describe('what is stored with an object is held against its bytes', () => {
  const damaged = Buffer.from(BODY);
  damaged[3] = 0;

  test.each([
    ['the checksum', { 'x-amz-checksum-crc32': crc32Of(BODY) }],
    [
      'a checksum of parts, which is not of the whole',
      { 'x-amz-checksum-crc32': `${crc32Of(damaged)}-2`, etag: '"0-2"' },
    ],
    ['the ETag', {}],
    ['an ETag of another kind', { etag: '"d41d8cd98f00b204e9800998ecf8427e-3"' }],
    ['an ETag that encryption made', { etag: `"${'0'.repeat(32)}"`, 'x-amz-server-side-encryption': 'aws:kms' }],
  ])('%s: what is right, or cannot be held against, is read once', async (_, headers) => {
    answer = (_request, response) => response.writeHead(200, { ...whole, ...headers }).end(BODY);

    await open().read('x');

    expect(requests).toHaveLength(1);
  });

  test('bytes that have not the MD5 that the ETag says, and come otherwise the next time, are not taken', async () => {
    answer = (_, response) => response.writeHead(200, whole).end(requests.length === 1 ? damaged : BODY);

    await expectFailure(open().read('x'), 'storage_connection_lost', 'transient');

    expect(requests.map(({ headers }) => headers['if-match'])).toEqual([undefined, ETAG]);
  });

  test('a store whose ETags are no checksums is found out once', async () => {
    answer = (_, response) => response.writeHead(200, { ...whole, etag: `"${'0'.repeat(32)}"` }).end(BODY);
    const store = open();

    for (let i = 0; i < 5; i++) expect(Buffer.from((await store.read('x')).body).toString()).toBe(BODY.toString());

    expect(requests).toHaveLength(6);
  });
});

describe.each<S3Reader>(['fast', 'sdk'])('being let in, by %s', (reader) => {
  /** A service with its own clock, that takes signatures of a quarter of an hour. */
  const withClock =
    (aheadMs: number): Answer =>
    (request, response) => {
      const time = String(request.headers['x-amz-date']).replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5');
      const serviceMs = Date.now() + aheadMs;
      const date = new Date(serviceMs).toUTCString();
      if (Math.abs(Date.parse(time) - serviceMs) < HOUR / 4) response.writeHead(200, { ...whole, date }).end(BODY);
      else refusing(403, 'RequestTimeTooSkewed', { date })(request, response);
    };

  test.each([HOUR, -HOUR])(
    "with a clock that is %d ms off, one try fails, and the next is signed by the service's",
    async (aheadMs) => {
      answer = withClock(aheadMs);
      const store = open({ reader });

      const error = await expectFailure(store.read('x'), 'storage_unavailable', 'transient');
      await store.read('x');
      await store.read('y');

      expect(error.message).toContain('clock');
      expect(requests).toHaveLength(3);
    },
  );

  test('credentials that never were good are a configuration, and not tried again', async () => {
    answer = refusing(400, 'ExpiredToken');
    const store = open({ reader });

    const error = await expectFailure(store.read('x'), 'access_denied', 'configuration');

    expect(error.message).toContain('ExpiredToken');
    expect(inspect(error, { depth: 10, showHidden: true })).not.toMatch(/ASIA|IQoJ|wJal/);
  });

  test('without credentials nothing is sent, and what to do is said', async () => {
    for (const name of Object.keys(CREDENTIALS)) delete process.env[name];
    process.env.AWS_EC2_METADATA_DISABLED = 'true';
    process.env.AWS_SHARED_CREDENTIALS_FILE = process.env.AWS_CONFIG_FILE = 'no/such/file';

    const error = await expectFailure(open({ reader }).read('x'), 'access_denied', 'configuration');

    expect(error.message).toContain('AWS_PROFILE');
    expect(requests).toEqual([]);
  });
});

test('credentials that were good and are exchanged for others: one try fails, and the next has the others', async () => {
  let good = CREDENTIALS.AWS_ACCESS_KEY_ID;
  answer = (request, response) => {
    if (String(request.headers.authorization).includes(`Credential=${good}/`)) response.writeHead(200, whole).end(BODY);
    else refusing(403, 'InvalidAccessKeyId')(request, response);
  };
  const store = open();
  await store.read('x');
  good = 'ASIAIOSFODNN7OTHERS';
  process.env.AWS_ACCESS_KEY_ID = good;

  const error = await expectFailure(store.read('x'), 'storage_unavailable', 'transient');
  await store.read('x');

  expect(error.message).toContain('InvalidAccessKeyId');
  expect(authorizations().map((text) => text.includes(good))).toEqual([false, false, true]);
});

test('a refusal that is not about the credentials leaves them', async () => {
  const store = open();
  await store.read('x');
  answer = refusing(403, 'AccessDenied');

  await expectFailure(store.read('x'), 'access_denied', 'configuration');
  await expectFailure(store.read('x'), 'access_denied', 'configuration');

  expect(requests).toHaveLength(3);
});
