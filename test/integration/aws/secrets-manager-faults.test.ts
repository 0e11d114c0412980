import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { createSecretsManagerSecrets, type SecretsManagerSettings } from '../../../shared/aws/secrets-manager-secrets';
import { type FailureKind, SecretError, type SecretErrorCode } from '../../../shared/errors';
import type { Log } from '../../../shared/ports/log';
import type { SecretSource } from '../../../shared/ports/secret-source';
import { sharedAws } from '../../support/aws-services';
import { silentLog } from '../../support/silent-log';
import { SteppingClock } from '../../support/stepping-clock';

const VALUE = 'AIzaSyNotARealKey-0123456789_abcdefghij';
const NAME = 'makoto/youtube';
/** Short for a test that waits for it, long for a busy machine that answers. */
const TRY_TIMEOUT_MS = 1500;

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

describe('a Secrets Manager that fails', () => {
  let server: Server;
  let clock: SteppingClock;
  let answer: Answer;
  let requests: number;

  beforeAll(async () => {
    server = createServer((request, response) => {
      requests += 1;
      request.resume().once('end', () => answer(request, response));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterAll(async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  });

  beforeEach(() => {
    clock = new SteppingClock();
    requests = 0;
    answer = secret({ SecretString: VALUE });
  });

  function open(settings: Partial<SecretsManagerSettings> = {}): SecretSource {
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const source = createSecretsManagerSecrets({
      aws: { region: sharedAws().region, youtubeSecret: NAME, endpoints: { secretsManager: endpoint } },
      clock,
      random: () => 1,
      log: silentLog,
      tryTimeoutMs: TRY_TIMEOUT_MS,
      ...settings,
    });
    if (source === undefined) throw new Error('There is no source.');
    return source;
  }

  const openOnce = (settings: Partial<SecretsManagerSettings> = {}) =>
    open({ retryPolicy: { maxTries: 1, baseDelayMs: 1, maxDelayMs: 1, maxRetryAfterMs: 1 }, ...settings });

  test.each<[string, SecretErrorCode, FailureKind, string, Answer]>([
    [
      'AccessDeniedException',
      'secret_access_denied',
      'configuration',
      'not authorized to perform: secretsmanager:GetSecretValue',
      refusal('AccessDeniedException', 400, 'User: x is not authorized to perform: secretsmanager:GetSecretValue'),
    ],
    ['a key that cannot decrypt', 'secret_access_denied', 'configuration', 'kms:Decrypt', refusal('DecryptionFailure')],
    [
      'unknown credentials',
      'secret_access_denied',
      'configuration',
      'sso login',
      refusal('UnrecognizedClientException'),
    ],
    ['expired credentials', 'secret_access_denied', 'configuration', 'sso login', refusal('ExpiredTokenException')],
    ['a wrong clock', 'secret_access_denied', 'configuration', 'clock', refusal('RequestExpired')],
    [
      'no such secret',
      'secret_not_found',
      'configuration',
      'YOUTUBE_SECRET_NAME',
      refusal('ResourceNotFoundException'),
    ],
    ['no current version', 'secret_not_found', 'configuration', 'AWSCURRENT', refusal('InvalidRequestException')],
    ['a bad name', 'secret_not_found', 'configuration', 'the name or the ARN', refusal('InvalidParameterException')],
    ['ThrottlingException', 'secret_unavailable', 'transient', 'Throttling', refusal('ThrottlingException')],
    ['InternalServiceError', 'secret_unavailable', 'transient', '500', refusal('InternalServiceError', 500)],
    ['503 as a page', 'secret_unavailable', 'transient', '503', (_, response) => response.writeHead(503).end('<html>')],
    ['a lost connection', 'secret_unavailable', 'transient', 'VPC', ({ socket }) => socket.destroy()],
    ['no answer in time', 'secret_unavailable', 'transient', `${TRY_TIMEOUT_MS} ms`, () => undefined],
    [
      'half a secret',
      'secret_unavailable',
      'transient',
      'cannot be read',
      (_, response) =>
        response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(`{"SecretString":"${VALUE}"`),
    ],
    [
      'the page of a proxy',
      'secret_unavailable',
      'transient',
      'cannot be read',
      (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(`<html>${VALUE}</html>`),
    ],
    ['bytes', 'secret_not_found', 'configuration', 'bytes, not text', secret({ SecretBinary: btoa(VALUE) })],
    ['an empty text', 'secret_not_found', 'configuration', '{"api_key": "…"}', secret({ SecretString: '' })],
    [
      'JSON without the field',
      'secret_not_found',
      'configuration',
      '"api_key"',
      secret({ SecretString: JSON.stringify({ [VALUE]: VALUE }) }),
    ],
  ])('%s is %s, %s', async (_, code, kind, told, how) => {
    answer = how;

    const error = await failure(openOnce().get('YOUTUBE_API_KEY'));

    expect(error).toMatchObject({ code, kind });
    expect(error.message).toContain(`Reading the secret ${NAME} (YOUTUBE_SECRET_NAME)`);
    expect(error.message).toContain(told);
    expectNothingSecret(error);
  });

  test('a failure that passes is waited for, as long as the service asks, and told to the log', async () => {
    const lines: unknown[] = [];
    const log: Log = { ...silentLog, warn: (message, dimensions) => lines.push([message, dimensions]) };
    answer = (request, response) => {
      answer = secret({ SecretString: VALUE });
      refusal('ThrottlingException', 400, '', { 'retry-after': '7' })(request, response);
    };

    const found = await open({ log }).get('YOUTUBE_API_KEY');

    expect(found?.reveal()).toBe(VALUE);
    expect(requests).toBe(2);
    expect(clock.sleeps).toEqual([7500]);
    expect(lines).toEqual([
      ['A call is tried again.', expect.objectContaining({ error_code: 'secret_unavailable', wait_ms: 7500 })],
    ]);
  });

  test('one that does not pass is given up after some tries', async () => {
    answer = refusal('InternalServiceError', 500);

    const error = await failure(open().get('YOUTUBE_API_KEY'));

    expect(error.message).toContain('tried 5 times');
    expect(requests).toBe(5);
  });

  test('access that is denied is not asked for again', async () => {
    answer = refusal('AccessDeniedException');

    await failure(open().get('YOUTUBE_API_KEY'));

    expect(requests).toBe(1);
    expect(clock.sleeps).toEqual([]);
  });

  test('callers at the same time share one reading', async () => {
    const secrets = open();

    const found = await Promise.all([secrets.get('YOUTUBE_API_KEY'), secrets.get('YOUTUBE_API_KEY')]);

    expect(found.map((one) => one?.reveal())).toEqual([VALUE, VALUE]);
    expect(requests).toBe(1);
  });

  test('where the settings name no secret there is no source', () => {
    const aws = { region: sharedAws().region, endpoints: {} };

    expect(createSecretsManagerSecrets({ aws, clock, random: () => 1, log: silentLog })).toBeUndefined();
  });
});

const JSON_1_1 = { 'content-type': 'application/x-amz-json-1.1' };

function secret(value: { readonly SecretString: string } | { readonly SecretBinary: string }): Answer {
  return (_, response) => response.writeHead(200, JSON_1_1).end(JSON.stringify({ Name: NAME, ...value }));
}

/** An error as the service sends it. */
function refusal(code: string, status = 400, message = 'No.', headers: Record<string, string> = {}): Answer {
  return (_, response) =>
    response.writeHead(status, { ...JSON_1_1, ...headers }).end(JSON.stringify({ __type: code, message }));
}

async function failure(call: Promise<unknown>): Promise<SecretError> {
  const [result] = await Promise.allSettled([call]);
  if (result.status === 'fulfilled') throw new Error(`Expected a failure, got ${inspect(result.value)}`);
  expect(result.reason).toBeInstanceOf(SecretError);
  return result.reason as SecretError;
}

function expectNothingSecret(error: Error): void {
  const shown = inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: true });
  const { secretAccessKey } = sharedAws().credentials;
  for (const hidden of [VALUE, btoa(VALUE), secretAccessKey]) {
    expect(`${shown}\n${JSON.stringify(error)}\n${error.stack}`).not.toContain(hidden);
  }
}
