import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { BucketAddress, listQuery } from '../../../shared/aws/fast/bucket-address';
import { RequestSigner, type SigningIdentity, uriEncoded } from '../../../shared/aws/sigv4';
import { property } from '../../../shared/service-failure';

const REGION = 'ap-northeast-1';
const HOST = `bucket.s3.${REGION}.amazonaws.com`;

/** What AWS's own documentation signs its examples with. */
const EXAMPLE = {
  signer: () => new RequestSigner({ host: 'examplebucket.s3.amazonaws.com', region: 'us-east-1', service: 's3' }),
  identity: {
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  },
  timeMs: Date.UTC(2013, 4, 24),
};

describe('the examples of AWS\'s documentation (Amazon S3 API reference, "Authenticating Requests")', () => {
  test.each([
    [
      'of an object with a range',
      { path: '/test.txt', query: '', headers: { range: 'bytes=0-9' } },
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    ],
    [
      'of a listing',
      { path: '/', query: 'max-keys=2&prefix=J', headers: {} },
      '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    ],
  ])('the signature %s', (_, request, signature) => {
    const headers = EXAMPLE.signer().sign(request, EXAMPLE.identity, EXAMPLE.timeMs);

    expect(headers.authorization).toContain(`Signature=${signature}`);
    expect(headers['x-amz-date']).toBe('20130524T000000Z');
  });
});

describe('signatures are those of the SDK', () => {
  interface Sent {
    readonly path: string;
    readonly query: Readonly<Record<string, string>>;
    readonly headers: Readonly<Record<string, string>>;
  }

  /** What the SDK would send. */
  async function sentBySdk(identity: SigningIdentity, command: GetObjectCommand | ListObjectsV2Command): Promise<Sent> {
    let sent: Sent | undefined;
    const requestHandler = {
      handle: async (request: Sent) => {
        sent = request;
        throw new Error('sent');
      },
    };
    const credentials = {
      accessKeyId: identity.accessKeyId,
      secretAccessKey: identity.secretAccessKey,
      ...(identity.sessionToken === undefined ? {} : { sessionToken: identity.sessionToken }),
    };
    const client = new S3Client({ region: REGION, credentials, requestHandler, maxAttempts: 1 });
    await (command instanceof GetObjectCommand ? client.send(command) : client.send(command)).catch(() => undefined);
    if (sent === undefined) throw new Error('The SDK sent nothing.');
    return sent;
  }

  /** Signs the same, at the same time, with the same headers. */
  function signedAgain({ headers }: Sent, identity: SigningIdentity, path: string, query: string) {
    const signed = /SignedHeaders=([^,]+)/.exec(headers.authorization ?? '')?.[1]?.split(';') ?? [];
    const given = Object.fromEntries(signed.map((name) => [name, headers[name] ?? '']));
    const { host = '', 'x-amz-date': time = '', ...others } = given;
    const timeMs = Date.parse(time.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5'));
    return new RequestSigner({ host, region: REGION, service: 's3' }).sign(
      { path, query, headers: others },
      identity,
      timeMs,
    );
  }

  const identities = fc.record({
    accessKeyId: fc.string({ minLength: 16, maxLength: 20, unit: fc.constantFrom(...'ABCDEFGHIJ234567') }),
    secretAccessKey: fc.string({ minLength: 40, maxLength: 40, unit: fc.constantFrom(...'abcXYZ019/+') }),
    sessionToken: fc.option(fc.base64String({ minLength: 16, maxLength: 400 }), { nil: undefined }),
  });
  const keys = fc
    .string({ minLength: 1, maxLength: 60, unit: 'grapheme' })
    .filter((key) => key.isWellFormed() && !key.startsWith('/') && !/(^|\/)\.{0,2}(\/|$)/.test(key));

  test('for every key, with any credentials', async () => {
    await fc.assert(
      fc.asyncProperty(identities, keys, async (identity, key) => {
        const sent = await sentBySdk(identity, new GetObjectCommand({ Bucket: 'bucket', Key: key }));

        const path = new BucketAddress(new URL(`https://${HOST}/`), { region: REGION, service: 's3' }).object(key);
        const again = signedAgain(sent, identity, path, 'x-id=GetObject');

        expect(path).toBe(sent.path);
        expect(again.authorization).toBe(sent.headers.authorization);
        expect(again['x-amz-security-token']).toBe(identity.sessionToken);
      }),
      { numRuns: 60 },
    );
  });

  test('for every listing', async () => {
    const texts = fc.string({ maxLength: 30, unit: 'grapheme' }).filter((text) => text.isWellFormed());
    const some = fc.option(
      texts.filter((text) => text !== ''),
      { nil: undefined },
    );
    await fc.assert(
      fc.asyncProperty(identities, texts, some, some, async (identity, prefix, continuation, startAfter) => {
        const command = new ListObjectsV2Command({
          Bucket: 'bucket',
          Prefix: prefix,
          ContinuationToken: continuation,
          StartAfter: startAfter,
          Delimiter: '/',
          EncodingType: 'url',
          MaxKeys: 7,
        });
        const sent = await sentBySdk(identity, command);

        const query = listQuery({ prefix, delimiter: '/', continuation, startAfter, maxKeys: 7 });
        const again = signedAgain(sent, identity, '/', query);

        expect(Object.fromEntries(new URLSearchParams(query.replaceAll('+', '%2B')))).toEqual({ ...sent.query });
        expect(again.authorization).toBe(sent.headers.authorization);
      }),
      { numRuns: 60 },
    );
  });
});

test('what one signer signed before changes nothing: other headers, credentials, seconds and days', () => {
  const identities = ['A', 'B'].map((id) => ({ accessKeyId: id, secretAccessKey: `secret ${id}` }));
  const given = [{}, { 'x-amz-checksum-mode': 'ENABLED' }];
  const requests = fc.record({
    path: fc.constantFrom('/a', '/b/c'),
    query: fc.constantFrom('', 'list-type=2'),
    headers: fc.constantFrom(...given),
  });
  const times = fc.nat(3 * 86_400_000).map((ms) => EXAMPLE.timeMs + ms);

  fc.assert(
    fc.property(fc.array(fc.tuple(requests, fc.constantFrom(...identities), times), { minLength: 2 }), (all) => {
      const signer = EXAMPLE.signer();

      const signed = all.map(([request, identity, timeMs]) => signer.sign(request, identity, timeMs));

      expect(signed).toEqual(
        all.map(([request, identity, timeMs]) => EXAMPLE.signer().sign(request, identity, timeMs)),
      );
    }),
  );
});

test('all but unreserved characters are encoded', () => {
  expect(uriEncoded("aZ09-._~ !'()*/+é")).toBe('aZ09-._~%20%21%27%28%29%2A%2F%2B%C3%A9');
});

test('the secret is in no header', () => {
  const headers = EXAMPLE.signer().sign({ path: '/a', query: '', headers: {} }, EXAMPLE.identity, EXAMPLE.timeMs);

  expect(JSON.stringify(headers)).not.toContain(property(EXAMPLE.identity, 'secretAccessKey'));
});
