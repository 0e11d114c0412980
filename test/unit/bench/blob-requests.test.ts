import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { messageBytes } from '../../../bench/blob-server/corpus';
import { BlobServerWorld, signatureFor } from './blob-server-world';

const world = new BlobServerWorld();
const first = world.messages[0];
if (first === undefined) throw new Error('The corpus is empty.');
const firstBody = messageBytes(first);

describe('listing', () => {
  const keys = world.messages.map(({ key }) => key);
  const some = keys[7] ?? '';
  const prefixes = fc.nat(some.length).map((length) => some.slice(0, length));
  const starts = fc.constantFrom('', ...keys, `${some}~`, some.slice(0, -9), 'a', 'z');

  test('pages follow one another to the end, whatever prefix and start they have', () => {
    fc.assert(
      fc.property(prefixes, starts, fc.integer({ min: 1, max: 9 }), (prefix, startFrom, maxresults) => {
        const found: string[] = [];

        for (let marker: string | undefined = ''; marker !== undefined; ) {
          const page = world.list({ prefix, marker, startFrom, maxresults: String(maxresults) });
          found.push(...page.entries.map(({ key }) => key));
          marker = page.nextMarker === '' ? undefined : page.nextMarker;
          expect(page.entries.length).toBeLessThanOrEqual(maxresults);
        }

        expect(found).toEqual(keys.filter((key) => key.startsWith(prefix) && key >= startFrom));
      }),
      { numRuns: 60 },
    );
  });

  test('with a delimiter folders are listed, a page at a time', () => {
    const users = [...new Set(keys.map((key) => `${key.split('/').slice(0, 3).join('/')}/`))];

    const one = world.list({ prefix: 'acme/chat/', delimiter: '/', maxresults: '1' });
    const rest = world.list({ prefix: 'acme/chat/', delimiter: '/', marker: one.nextMarker });

    expect([...one.prefixes, ...rest.prefixes]).toEqual(users);
    expect([one.entries, rest.entries, rest.nextMarker]).toEqual([[], [], '']);
  });

  test('says of each what reading it gives', () => {
    const { entries } = world.list({ prefix: first.key });

    const { headers, body } = world.ask('GET', first.key);

    expect(entries).toEqual([{ key: first.key, etag: headers.get('etag')?.replaceAll('"', ''), size: body.length }]);
  });

  test('what is written stands among the messages in its place, and what is deleted does not', () => {
    const own = new BlobServerWorld();
    const written = `${first.key}.copy`;

    own.ask('PUT', written, { body: 'copied' });
    own.ask('PUT', first.key, { body: 'changed' });
    own.ask('DELETE', keys[1] ?? '');

    const { entries } = own.list({ prefix: 'acme/' });
    expect(entries.map(({ key }) => key)).toEqual([keys[0], written, ...keys.slice(2)]);
    expect(entries.slice(0, 2).map(({ size }) => size)).toEqual([7, 6]);
  });
});

describe('reading', () => {
  test('gives the bytes, their length, checksum and ETag', () => {
    const { status, headers, body } = world.ask('GET', first.key);

    expect(status).toBe(200);
    expect(body).toEqual(firstBody);
    expect(headers.get('content-length')).toBe(String(firstBody.length));
    expect(headers.get('content-md5')).toBe(createHash('md5').update(firstBody).digest('base64'));
  });

  test('a range is the part of the bytes, cut short at the end', () => {
    fc.assert(
      fc.property(fc.nat(firstBody.length + 5), fc.integer({ min: 1, max: 700 }), (offset, length) => {
        const range = `bytes=${offset}-${offset + length - 1}`;

        const { status, body } = world.ask('GET', first.key, { headers: { 'x-ms-range': range } });

        expect(status).toBe(offset < firstBody.length ? 206 : 416);
        if (status === 206) expect(body.equals(firstBody.subarray(offset, offset + length))).toBe(true);
      }),
    );
  });

  test('of another version than the one asked for is refused', () => {
    const etag = world.ask('HEAD', first.key).headers.get('etag') ?? '';

    expect(world.ask('GET', first.key, { headers: { 'If-Match': etag } }).status).toBe(200);
    expect(world.ask('GET', first.key, { headers: { 'if-match': '"0x0"' } }).status).toBe(412);
  });

  test('HEAD has the length and no body, and what is not there is not found', () => {
    const there = world.ask('HEAD', first.key);
    const missing = world.ask('HEAD', `${first.key}x`);

    expect([there.status, there.headers.get('content-length'), there.body.length]).toEqual([200, '600', 0]);
    expect([missing.status, missing.headers.get('x-ms-error-code'), missing.body.length]).toEqual([
      404,
      'BlobNotFound',
      0,
    ]);
  });
});

describe('writing', () => {
  test('a blob is there with a new ETag at every write, under a name with any characters', () => {
    const key = 'acme/analytics/会議 1&2.parquet';
    const own = new BlobServerWorld();

    const one = own.ask('PUT', encodeURI(key), { body: 'one' });
    const two = own.ask('PUT', encodeURI(key), { body: 'two' });

    expect([one.status, two.status]).toEqual([201, 201]);
    expect(one.headers.get('etag')).not.toBe(two.headers.get('etag'));
    expect(own.ask('GET', encodeURI(key)).body.toString()).toBe('two');
    expect(own.list({ prefix: 'acme/analytics/' }).entries).toMatchObject([{ key, size: 3 }]);
  });

  test('conditions hold', () => {
    const own = new BlobServerWorld();
    const put = (headers: Record<string, string>) => own.ask('PUT', 'a', { body: 'x', headers });

    expect(put({ 'If-Match': '*' }).status).toBe(412);
    const { status, headers } = put({ 'If-None-Match': '*' });
    expect(status).toBe(201);
    expect(put({ 'If-None-Match': '*' }).status).toBe(409);
    expect(put({ 'If-Match': '"0x0"' }).status).toBe(412);
    expect(put({ 'If-Match': headers.get('etag') ?? '' }).status).toBe(201);
  });

  test('blocks are a blob once they are committed, in the order of the list', () => {
    const own = new BlobServerWorld();
    const block = (id: string, body: string) => own.ask('PUT', 'a', { query: `comp=block&blockid=${id}`, body });
    const commit = (...ids: string[]) => {
      const body = `<BlockList>${ids.map((id) => `<Latest>${id}</Latest>`).join('')}</BlockList>`;
      return own.ask('PUT', 'a', { query: 'comp=blocklist', body, headers: { 'if-none-match': '*' } });
    };

    expect([block('MQ%3D%3D', 'world'), block('Mg%3D%3D', 'hello ')].map(({ status }) => status)).toEqual([201, 201]);
    expect(own.ask('GET', 'a').status).toBe(404);
    expect(commit('Mg==', 'Mw==').status).toBe(400);
    expect(commit('Mg==', 'MQ==').status).toBe(201);

    expect(own.ask('GET', 'a').body.toString()).toBe('hello world');
    expect(commit('Mg==').status).toBe(409);
  });

  test('what is deleted is gone, once', () => {
    const own = new BlobServerWorld();

    expect(own.ask('DELETE', first.key).status).toBe(202);
    expect(own.ask('DELETE', first.key).status).toBe(404);
    expect(own.ask('GET', first.key).status).toBe(404);
  });
});

describe('who asks', () => {
  test.each([
    ['nothing', ''],
    ['a signature of another key', signatureFor({ key: Buffer.alloc(64, 8).toString('base64') })],
    ['a signature of another container', signatureFor({ container: 'others' })],
    ['a signature that has ended', signatureFor({ endsInMs: -1000 })],
    ['a signature for listing alone', signatureFor({ permissions: 'l' })],
    ['a signature with a later end written in', signatureFor({}).replace(/se=\d{4}/, 'se=2999')],
  ])('with %s is refused', (_what, signature) => {
    const { status, headers } = world.ask('GET', first.key, { signature });

    expect([status, headers.get('x-ms-error-code')]).toEqual([403, 'AuthenticationFailed']);
  });

  test('may do what the signature is for, and nothing else', () => {
    const own = new BlobServerWorld();
    const signature = signatureFor({ permissions: 'rl' });
    const status = (method: string, query?: string) =>
      own.ask(method, query === undefined ? first.key : '', { signature, ...(query && { query }) }).status;

    expect([status('GET'), status('HEAD'), status('GET', 'restype=container&comp=list')]).toEqual([200, 200, 200]);
    expect([status('PUT'), status('DELETE')]).toEqual([403, 403]);
  });
});

test('requests are counted by kind, until the counts are taken', () => {
  const own = new BlobServerWorld();
  own.list({ prefix: '' });
  for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'GET']) own.ask(method, first.key);
  own.ask('PUT', 'a', { query: 'comp=block&blockid=MQ%3D%3D' });
  own.ask('PUT', 'a', { query: 'comp=blocklist' });
  own.ask('GET', first.key, { signature: '' });

  const counts = own.requests.counter.take();

  expect(counts).toEqual({ list: 1, get: 2, head: 1, put: 1, delete: 1, putBlock: 1, putBlockList: 1, refused: 1 });
  expect(own.requests.counter.take()).toEqual({});
});
