import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, type Server } from 'node:https';
import type { AddressInfo, LookupFunction } from 'node:net';
import { inspect } from 'node:util';
import { AuthenticationError, CredentialUnavailableError, type TokenCredential } from '@azure/identity';
import { createKeyVaultSecrets, type KeyVaultSettings } from '../../../shared/azure/key-vault-secrets';
import { type FailureKind, SecretError, type SecretErrorCode } from '../../../shared/errors';
import type { SecretSource } from '../../../shared/ports/secret-source';
import { selfSignedCertificate } from '../../support/self-signed-certificate';
import { SteppingClock } from '../../support/stepping-clock';

const VALUE = 'AIzaSyNotARealKey-0123456789_abcdefghij';
const TOKEN = 'the-token-of-the-identity';
/** Short for a test that waits for it, long for a busy machine that answers. */
const TRY_TIMEOUT_MS = 1500;

const certificate = selfSignedCertificate();

/** The vault's name is no other machine's: every name leads to this one, whose certificate is made out to localhost. */
const lookup: LookupFunction = (_, { all }, found) => {
  if (all === true) found(null, [{ address: '127.0.0.1', family: 4 }]);
  else found(null, '127.0.0.1', 4);
};

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

describe('a key vault', () => {
  let server: Server;
  let port: number;
  let agent: Agent;
  let clock: SteppingClock;
  let identity: TokenCredential & { readonly scopes: string[] };
  /** Of requests with a token: those without are answered with what token is wanted. */
  let answer: Answer;
  let paths: string[];
  let resource: string;

  beforeAll(async () => {
    server = createServer(certificate, (request, response) => {
      if (request.headers.authorization !== `Bearer ${TOKEN}`) {
        const challenge = `Bearer authorization="https://login.microsoftonline.com/tenant", resource="${resource}"`;
        response.writeHead(401, { 'www-authenticate': challenge }).end();
        return;
      }
      paths.push(request.url ?? '');
      answer(request, response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
    agent = new Agent({ keepAlive: true, ca: certificate.cert, servername: 'localhost', lookup });
  });

  afterAll(async () => {
    agent.destroy();
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  });

  beforeEach(() => {
    clock = new SteppingClock();
    identity = testIdentity();
    paths = [];
    resource = 'https://vault.test';
    answer = secret(VALUE);
  });

  const open = (settings: Partial<KeyVaultSettings> = {}): SecretSource =>
    createKeyVaultSecrets({
      vaultUrl: `https://acme.vault.test:${port}/`,
      credential: identity,
      clock,
      random: () => 1,
      tryTimeoutMs: TRY_TIMEOUT_MS,
      agent,
      ...settings,
    });

  /** A vault that is asked once. */
  const openOnce = (settings: Partial<KeyVaultSettings> = {}): SecretSource =>
    open({ retryPolicy: { maxTries: 1, baseDelayMs: 1, maxDelayMs: 1, maxRetryAfterMs: 1 }, ...settings });

  test.each([
    ['YOUTUBE_API_KEY', 'YOUTUBE-API-KEY'],
    ['DB_PASSWORD', 'DB-PASSWORD'],
  ] as const)('%s is its secret %s', async (name, inVault) => {
    const found = await open().get(name);

    expect(found?.reveal()).toBe(VALUE);
    expect(paths).toEqual([expect.stringMatching(new RegExp(`^/secrets/${inVault}/?\\?api(-|%2D)version=`))]);
    expect(identity.scopes).toEqual(['https://vault.test/.default']);
  });

  test('is named without anything secret', () => {
    expect(open().name).toBe(`the key vault https://acme.vault.test:${port}`);
  });

  test('a secret that is not there is none', async () => {
    answer = refusal(404, 'SecretNotFound');

    expect(await open().get('DB_PASSWORD')).toBeUndefined();
  });

  test('an empty secret is none', async () => {
    answer = secret('');

    expect(await open().get('DB_PASSWORD')).toBeUndefined();
  });

  test('a secret is kept for some minutes, and read again when it is to be fresh', async () => {
    const vault = open();

    await vault.get('DB_PASSWORD');
    await vault.get('DB_PASSWORD');
    expect(paths).toHaveLength(1);

    answer = secret('rotated');
    expect((await vault.get('DB_PASSWORD'))?.reveal()).toBe(VALUE);
    expect((await vault.get('DB_PASSWORD', { fresh: true }))?.reveal()).toBe('rotated');
    expect(paths).toHaveLength(2);

    answer = secret('rotated again');
    await clock.sleep(5 * 60_000);
    expect((await vault.get('DB_PASSWORD'))?.reveal()).toBe('rotated again');
  });

  test.each<[string, SecretErrorCode, FailureKind, string, Answer]>([
    [
      '403',
      'secret_access_denied',
      'configuration',
      'Key Vault Secrets User',
      refusal(403, 'Forbidden', 'ForbiddenByRbac'),
    ],
    [
      'a disabled secret',
      'secret_access_denied',
      'configuration',
      'SecretDisabled',
      refusal(403, 'Forbidden', 'SecretDisabled'),
    ],
    ['401', 'secret_access_denied', 'configuration', 'Key Vault Secrets User', refusal(401, 'Unauthorized')],
    ['400', 'secret_unavailable', 'configuration', 'KEY_VAULT_URL', refusal(400, 'BadParameter')],
    [
      'a 404 that is not of a vault',
      'secret_unavailable',
      'configuration',
      'KEY_VAULT_URL',
      (_, response) => response.writeHead(404, { 'content-type': 'text/html' }).end('<html>no such page</html>'),
    ],
    [
      'a redirect',
      'secret_unavailable',
      'configuration',
      'KEY_VAULT_URL',
      (_, response) => response.writeHead(302, { location: 'https://elsewhere.test/' }).end(),
    ],
    [
      'the page of a proxy',
      'secret_unavailable',
      'configuration',
      'KEY_VAULT_URL',
      (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in</html>'),
    ],
    [
      'half a secret',
      'secret_unavailable',
      'transient',
      'KEY_VAULT_URL',
      (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end(`{"value":"${VALUE}"`),
    ],
    [
      'a secret that ends with its connection',
      'secret_unavailable',
      'transient',
      'KEY_VAULT_URL',
      ({ socket }, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
        response.write(`{"value":"${VALUE}"`, () => socket.destroy());
      },
    ],
    ['429', 'secret_unavailable', 'transient', '429', refusal(429, 'Throttled')],
    ['500', 'secret_unavailable', 'transient', '500', refusal(500, 'InternalServerError')],
    ['503', 'secret_unavailable', 'transient', '503', refusal(503, 'ServiceUnavailable')],
    ['a lost connection', 'secret_unavailable', 'transient', 'KEY_VAULT_URL', ({ socket }) => socket.destroy()],
    ['no answer in time', 'secret_unavailable', 'transient', '1500 ms', () => undefined],
  ])('%s is %s, %s', async (_, code, kind, told, how) => {
    answer = how;

    const error = await failure(openOnce().get('DB_PASSWORD'));

    expect(error).toMatchObject({ code, kind });
    expect(error.message).toContain(`Reading the secret DB-PASSWORD from https://acme.vault.test:${port}`);
    expect(error.message).toContain(told);
    expectNothingSecret(error);
  });

  test('a failure that passes is waited for, as long as the vault asks', async () => {
    answer = (_, response) => {
      answer = secret(VALUE);
      refusal(429, 'Throttled', undefined, { 'retry-after': '7' })(_, response);
    };

    const found = await open().get('DB_PASSWORD');

    expect(found?.reveal()).toBe(VALUE);
    expect(paths).toHaveLength(2);
    expect(clock.sleeps).toEqual([7500]);
  });

  test('one that does not is given up after some tries', async () => {
    answer = refusal(503, 'ServiceUnavailable');

    const error = await failure(open().get('DB_PASSWORD'));

    expect(error.message).toContain('tried 5 times');
    expect(paths).toHaveLength(5);
  });

  test('access that is denied is not asked for again', async () => {
    answer = refusal(403, 'Forbidden', 'ForbiddenByRbac');

    await failure(open().get('DB_PASSWORD'));

    expect(paths).toHaveLength(1);
    expect(clock.sleeps).toEqual([]);
  });

  test('a token for something else than this vault is not asked for', async () => {
    resource = 'https://elsewhere.test';

    const error = await failure(open().get('DB_PASSWORD'));

    expect(error).toMatchObject({ code: 'secret_unavailable', kind: 'configuration' });
    expect(error.message).toContain('KEY_VAULT_URL');
    expect(identity.scopes).toEqual([]);
    expect(paths).toEqual([]);
  });

  test('no identity at all is a configuration, and says what to do', async () => {
    const credential = refusing(new CredentialUnavailableError('nobody is signed in'));

    const error = await failure(open({ credential }).get('DB_PASSWORD'));

    expect(error).toMatchObject({ code: 'secret_access_denied', kind: 'configuration' });
    expect(error.message).toContain('az login');
  });

  test('an outage of the token service is transient', async () => {
    const reason = { error: 'temporarily_unavailable', error_description: 'come back later' };

    const error = await failure(
      openOnce({ credential: refusing(new AuthenticationError(503, reason)) }).get('DB_PASSWORD'),
    );

    expect(error).toMatchObject({ code: 'secret_unavailable', kind: 'transient' });
  });

  test('a certificate that is not trusted is a configuration', async () => {
    const distrusting = new Agent({ servername: 'localhost', lookup });

    const error = await failure(open({ agent: distrusting }).get('DB_PASSWORD'));
    distrusting.destroy();

    expect(error).toMatchObject({ code: 'secret_unavailable', kind: 'configuration' });
    expect(error.message).toContain('certificate authorities');
  });

  test('a vault that nobody answers for is transient', async () => {
    const error = await failure(openOnce({ vaultUrl: 'https://acme.vault.test:1/' }).get('DB_PASSWORD'));

    expect(error).toMatchObject({ code: 'secret_unavailable', kind: 'transient' });
    expect(error.message).toContain('ECONNREFUSED');
  });

  test.each([
    'acme',
    'http://acme.vault.azure.net',
    'https://me:pass-word@acme.test',
    'https://acme.test/?sig=pass-word',
  ])('the address %s is refused, and nothing of it is told', (vaultUrl) => {
    const opened = () => open({ vaultUrl });

    expect(opened).toThrow(expect.objectContaining({ code: 'secret_unavailable', kind: 'configuration' }));
    expect(opened).not.toThrow('pass-word');
  });
});

function secret(value: string): Answer {
  return ({ url = '', headers }, response) => {
    const id = `https://${headers.host}${url.split('?', 1).join('')}5b9fbc0d1d4e4a6a`;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ value, id, attributes: { enabled: true } }));
  };
}

/** An error as a vault sends it; its text repeats what must not get out. */
function refusal(status: number, code: string, inner?: string, headers: Record<string, string> = {}): Answer {
  return (_, response) => {
    const innererror = inner === undefined ? {} : { innererror: { code: inner } };
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ error: { code, message: `No: ${TOKEN} ${VALUE}`, ...innererror } }));
  };
}

function testIdentity(): TokenCredential & { readonly scopes: string[] } {
  const scopes: string[] = [];
  return {
    scopes,
    getToken: async (asked) => {
      scopes.push(...[asked].flat());
      return { token: TOKEN, expiresOnTimestamp: Date.now() + 3_600_000 };
    },
  };
}

function refusing(error: Error): TokenCredential {
  return {
    getToken: async () => {
      throw error;
    },
  };
}

async function failure(call: Promise<unknown>): Promise<SecretError> {
  const [result] = await Promise.allSettled([call]);
  if (result.status === 'fulfilled') throw new Error(`Expected a failure, got ${inspect(result.value)}`);
  expect(result.reason).toBeInstanceOf(SecretError);
  return result.reason as SecretError;
}

function expectNothingSecret(error: Error): void {
  const shown = inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: true });
  expect(`${shown}\n${JSON.stringify(error)}\n${error.stack}`).not.toMatch(new RegExp(`${TOKEN}|${VALUE}`));
}
