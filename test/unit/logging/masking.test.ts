import fc from 'fast-check';
import { BatchError } from '../../../shared/errors';
import { Masker, maskText, maskValue } from '../../../shared/logging/masking';
import { Secret } from '../../../shared/secret';
import { secrets, texts } from './secrets';

const json = (value: unknown) => JSON.stringify(value);

describe('registered secrets', () => {
  test('never appear, whatever stands around them', () => {
    fc.assert(
      fc.property(
        fc.array(secrets, { minLength: 1, maxLength: 3 }),
        fc.array(texts, { maxLength: 5 }),
        fc.nat(),
        (known, around, pick) => {
          const masker = new Masker(known.map((secret) => new Secret(secret)));
          const text = around.flatMap((each, index) => [each, known[(pick + index) % known.length] ?? '']).join('');

          const masked = masker.maskText(text);

          for (const secret of known) expect(masked.includes(secret)).toBe(false);
          expect(masker.maskText(masked)).toBe(masked);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('never appear URL-encoded, in base64 or escaped in JSON', () => {
    fc.assert(
      fc.property(secrets, texts, texts, (secret, before, after) => {
        const masker = new Masker([secret]);
        const query = new URLSearchParams({ q: secret }).toString().slice(2);
        const percent = encodeURIComponent(secret.toWellFormed());
        const base64 = Buffer.from(secret).toString('base64');
        const forms = [
          query,
          percent,
          base64,
          base64.replaceAll('=', ''),
          Buffer.from(secret).toString('base64url'),
          json(secret).slice(1, -1),
        ];

        for (const form of forms) {
          expect(masker.maskText(before + form + after).includes(form)).toBe(false);
        }
        expect(
          masker.maskText(
            percent.toLowerCase() === percent ? percent : `§${percent.replace(/%../g, (hex) => hex.toLowerCase())}`,
          ),
        ).not.toContain(percent);
      }),
    );
  });

  test('never appear in any value, at any depth, as a name or a cause', () => {
    fc.assert(
      fc.property(
        secrets,
        fc.anything({ withDate: true, withMap: true, withSet: true, withBigInt: true }),
        (secret, anything) => {
          const masker = new Masker([secret]);
          const error = new BatchError(`no: ${secret}`, {
            code: `x ${secret}`,
            kind: 'permanent',
            cause: new Error(secret, { cause: [`${secret}!`] }),
          });
          const several = new AggregateError([error, new Error(secret)], secret);
          const circular: Record<string, unknown> = {
            [`n ${secret}`]: new Map([[secret, new Set([secret])]]),
            url: new URL(`https://a.example/?q=${encodeURIComponent(secret.toWellFormed())}`),
          };
          circular.self = circular;

          const copy = masker.maskValue({
            anything,
            error,
            several,
            circular,
            bytes: Buffer.from(secret),
            held: new Secret(secret),
          });

          const found: string[] = [];
          collect(copy, found);
          expect(found.filter((text) => text.includes(secret))).toEqual([]);
        },
      ),
    );
  });

  test.each([
    ['the connection string', (parts: { whole: string }) => parts.whole],
    ['its key', (parts: { key: string }) => parts.key],
    ['its signature', (parts: { signature: string }) => parts.signature],
    ['its signature, decoded', (parts: { signature: string }) => decodeURIComponent(parts.signature)],
  ])('a connection string registers what is secret in it: %s', (_, part) => {
    const key = 'k3y+of/the+account==';
    const signature = 's1g%2Fnature%3D';
    const whole = `DefaultEndpointsProtocol=https;AccountName=acct;AccountKey=${key};SharedAccessSignature=sv=1&sig=${signature}&se=2`;

    const masked = new Masker([whole]).maskText(`The service said: ${part({ whole, key, signature })} (acct)`);

    expect(masked).toBe('The service said: *** (acct)');
  });

  test('of fewer than six characters are masked where they are the whole value, so that words stay readable', () => {
    const masker = new Masker(['cat']);

    expect(masker.maskText(' cat ')).toBe('***');
    expect(masker.maskValue({ animal: 'cat', list: ['cat', 'concatenate'] })).toEqual({
      animal: '***',
      list: ['***', 'concatenate'],
    });
    expect(masker.maskText('concatenate')).toBe('concatenate');
  });

  test('that are numbers are masked as numbers too', () => {
    expect(new Masker(['12345678']).maskValue({ n: 12345678, m: 1234, big: 12345678n })).toEqual({
      n: '***',
      m: 1234,
      big: '***',
    });
  });

  test.each([
    ['masks and the text around them', ['******'], '***|******|******'],
    ['a mask and the text around it', ['a***bc', 'second'], 'a|second|bc'],
    ['the mask of a credential', ['token=***'], 'token=|abc'],
  ])('that come about by masking are masked too: %s', (_, known, text) => {
    const masked = new Masker(known).maskText(`<${text.replaceAll('|', '')}>`);

    expect(known.filter((secret) => masked.includes(secret))).toEqual([]);
  });

  test('an empty one masks nothing', () => {
    expect(new Masker(['', '  ']).maskText('a b')).toBe('a b');
  });
});

describe('credentials by their look', () => {
  const key = fc.uint8Array({ minLength: 32, maxLength: 64 }).map((bytes) => Buffer.from(bytes).toString('base64'));

  test.each([
    ['a connection string', (k: string) => `AccountName=a;AccountKey=${k};EndpointSuffix=core.windows.net`],
    ['a service bus key', (k: string) => `Endpoint=sb://a/;SharedAccessKeyName=n;SharedAccessKey=${k}`],
    [
      'a SAS',
      (k: string) => `GET https://a.blob.core.windows.net/c/b?sv=2024&sig=${encodeURIComponent(k)}&se=2025 failed`,
    ],
    [
      'a SAS in a connection string',
      (k: string) => `SharedAccessSignature=sv=2024&ss=b&sig=${encodeURIComponent(k)};BlobEndpoint=https://a`,
    ],
    ['a Cosmos token', (k: string) => `authorization: type%3Dmaster%26ver%3D1.0%26sig%3D${encodeURIComponent(k)}`],
    ['a Cosmos token by itself', (k: string) => `type%3Dmaster%26ver%3D1.0%26sig%3D${encodeURIComponent(k)}`],
    ['a function key', (k: string) => `POST /api/runs?code=${encodeURIComponent(k)} 401`],
    ['a function key in a header', (k: string) => `x-functions-key: ${k}\nhost: a`],
    ['an API key', (k: string) => `https://www.googleapis.com/youtube/v3/videos?part=id&key=${encodeURIComponent(k)}`],
    ['a bearer token', (k: string) => `Authorization: Bearer ${k}`],
    ['a bearer token by itself', (k: string) => `sent Bearer 0${k}`],
    ['a shared key', (k: string) => `SharedKey devstoreaccount1:${k}`],
    [
      'JSON',
      (k: string) =>
        json({ headers: { authorization: `Bearer ${k}` }, db_password: k, clientSecret: k, connectionString: k }),
    ],
    ['a URL with a password', (k: string) => `postgres://app:${encodeURIComponent(k)}@db.example:5432/x`],
    ['an assignment', (k: string) => `COSMOS_MASTER_KEY="${k}" DB_PASSWORD=${k} token = '${k}'`],
  ])('%s', (_, sentence) => {
    fc.assert(
      fc.property(key, (secret) => {
        const masked = maskText(sentence(secret));

        expect(masked).not.toContain(secret);
        expect(masked).not.toContain(encodeURIComponent(secret));
        expect(masked).toContain('***');
        expect(maskText(masked)).toBe(masked);
      }),
      { numRuns: 30 },
    );
  });

  test('what is none stays as it is', () => {
    const sentences = [
      'Bearer authentication is not permitted for plain http.',
      'Basic understanding',
      'COSMOS_KEY: expected the key of the account',
      'The key acme/chat/u/r/messages/2025/08/11/10-00-00.000Z-m1.json has no readable time.',
      'design=blue tokens_used: 15, code: tenant_unknown',
      'http://127.0.0.1:10000/devstoreaccount1/makoto-messages?comp=list&prefix=acme%2F',
      '2025-08-11T02:00:00.000Z exported 2,500 messages',
    ];

    expect(sentences.map(maskText)).toEqual(sentences);
  });

  test('a long hostile text is masked in a moment', () => {
    const hostile = [
      'a-'.repeat(60_000),
      'token'.repeat(20_000),
      '://'.repeat(30_000),
      'Bearer '.repeat(15_000),
      '"secret"'.repeat(10_000),
      'eyJ'.repeat(30_000),
    ];

    const started = performance.now();
    for (const text of hostile) maskText(text);

    // Milliseconds for what grows with the length; minutes for what grows with its square.
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe('values by their names', () => {
  test.each([
    'key',
    'apiKey',
    'APIKey',
    'COSMOS_KEY',
    'account-key',
    'x-functions-key',
    'primaryKey',
    'password',
    'dbPassword',
    'DB_PASSWORD',
    'pwd',
    'secret',
    'client.secret',
    'token',
    'accessToken',
    'continuation_token',
    'authorization',
    'Authorization',
    'connectionString',
    'connection string',
    'AZURE_STORAGE_CONNECTION_STRING',
    'sig',
    'signature',
    'sas',
    'cookie',
    'set-cookie',
    'credentials',
  ])('%s is masked', (name) => {
    expect(maskValue({ [name]: 'x', below: { [name]: { deep: 'x' } } })).toEqual({
      [name]: '***',
      below: { [name]: '***' },
    });
    expect(maskValue({ [name]: 5 })).toEqual({ [name]: '***' });
  });

  test.each([
    'storage_key',
    'storageKey',
    'partition_key',
    'tokens_used',
    'agent_tokens_used',
    'keys_listed',
    'secret_name',
    'tenant',
    'monkeys',
    'error_code',
    'status_code',
    'design',
    '',
  ])('%s is not', (name) => {
    expect(maskValue({ [name]: 'x' })).toEqual({ [name]: 'x' });
  });

  test.each([
    ['tenant_unknown', 'tenant_unknown'],
    ['ECONNRESET', 'ECONNRESET'],
    ['BlobNotFound', 'BlobNotFound'],
    [503, 503],
    ['q9xJ2mVZk3Wc7bTn5RfYhLpDs8GaEuQw0oKi1XvMjBtAzFuNnCyrg==', '***'],
    ['a1b2c3', '***'],
  ])('code: %j is %j', (value, shown) => {
    expect(maskValue({ code: value })).toEqual({ code: shown });
  });
});

test('a value that is no plain data is copied as what can be shown of it', () => {
  const bare = Object.assign(Object.create(null), { a: 1 });
  const deep = Array.from({ length: 20 }).reduce<unknown>((inner) => ({ inner }), 'x');

  expect(
    maskValue([
      new Date(0),
      new Date(Number.NaN),
      Buffer.alloc(3),
      new Float64Array(2),
      Symbol('s'),
      5n,
      undefined,
      null,
      true,
      Number.NaN,
      bare,
    ]),
  ).toEqual([
    '1970-01-01T00:00:00.000Z',
    'Invalid Date',
    '[3 bytes]',
    '[16 bytes]',
    'Symbol(s)',
    '5',
    undefined,
    null,
    true,
    Number.NaN,
    { a: 1 },
  ]);
  expect(json(maskValue(deep))).toContain('[deeper]');
});

test('one object in two places is shown in both', () => {
  const shared = { a: 1 };

  expect(maskValue([shared, shared])).toEqual([{ a: 1 }, { a: 1 }]);
});

function collect(value: unknown, into: string[]): void {
  if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) {
      into.push(name);
      collect(item, into);
    }
  } else {
    into.push(String(value));
  }
}
