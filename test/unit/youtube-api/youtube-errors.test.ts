import fc from 'fast-check';
import { type FailureKind, YoutubeError, type YoutubeErrorCode } from '../../../shared/errors';
import {
  answerError,
  notFound,
  transportError,
  unusableAnswer,
  type YoutubeCall,
} from '../../../shared/google/youtube-errors';
import { Masker } from '../../../shared/logging/masking';

const KEY = 'AIzaSyNotARealKey-0123456789_abcdefghij';
const masker = new Masker([KEY]);

const CALL: YoutubeCall = {
  action: 'Reading the channel @shirogane',
  api: 'https://youtube.googleapis.com',
  subject: 'channel',
  mask: (text) => masker.maskText(text),
};

interface Said {
  readonly reason?: string;
  readonly detail?: string;
  readonly limit?: string;
  readonly message?: string;
}

/** An error's body; the reason of the YouTube Data API, the detail and the limit of Google's gateway. */
function body({ reason, detail, limit, message = 'Because.' }: Said): unknown {
  const errors = reason === undefined ? [] : [{ message, domain: 'youtube.quota', reason }];
  const metadata = limit === undefined ? { service: 'youtube.googleapis.com' } : { quota_limit: limit };
  const details =
    detail === undefined
      ? []
      : [
          { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: detail, metadata },
          { '@type': 'type.googleapis.com/google.rpc.LocalizedMessage', locale: 'en-US', message },
        ];
  return { error: { code: 0, message, errors, details, status: 'X' } };
}

const answered = (status: number, said: unknown, headers: unknown = {}, call: YoutubeCall = CALL) =>
  answerError({ status, headers, body: said }, call);

describe('what the API answers', () => {
  test.each<[number, Said, YoutubeErrorCode, FailureKind]>([
    [403, { reason: 'quotaExceeded' }, 'youtube_quota_exceeded', 'quota'],
    [403, { reason: 'dailyLimitExceeded' }, 'youtube_quota_exceeded', 'quota'],
    [429, { reason: 'quotaExceeded' }, 'youtube_quota_exceeded', 'quota'],
    [
      429,
      { reason: 'rateLimitExceeded', detail: 'RATE_LIMIT_EXCEEDED', limit: 'defaultPerDayPerProject' },
      'youtube_quota_exceeded',
      'quota',
    ],
    [
      429,
      {
        reason: 'rateLimitExceeded',
        message: "Quota exceeded for quota metric 'Queries' and limit 'Queries per day' of x",
      },
      'youtube_quota_exceeded',
      'quota',
    ],
    [
      429,
      { reason: 'rateLimitExceeded', detail: 'RATE_LIMIT_EXCEEDED', limit: 'defaultPerMinutePerProject' },
      'youtube_rate_limited',
      'transient',
    ],
    [
      429,
      { reason: 'rateLimitExceeded', message: "metric 'Queries' and limit 'Queries per minute' of x, not per day" },
      'youtube_rate_limited',
      'transient',
    ],
    [403, { reason: 'rateLimitExceeded' }, 'youtube_rate_limited', 'transient'],
    [403, { reason: 'userRateLimitExceeded' }, 'youtube_rate_limited', 'transient'],
    [429, {}, 'youtube_rate_limited', 'transient'],
    [400, { reason: 'keyInvalid' }, 'youtube_key_invalid', 'configuration'],
    [400, { reason: 'keyExpired' }, 'youtube_key_invalid', 'configuration'],
    [400, { reason: 'badRequest', detail: 'API_KEY_INVALID' }, 'youtube_key_invalid', 'configuration'],
    [403, { reason: 'dailyLimitExceededUnreg' }, 'youtube_key_invalid', 'configuration'],
    [403, { reason: 'accessNotConfigured' }, 'youtube_access_not_configured', 'configuration'],
    [403, { reason: 'forbidden', detail: 'SERVICE_DISABLED' }, 'youtube_access_not_configured', 'configuration'],
    [403, { reason: 'ipRefererBlocked' }, 'youtube_access_denied', 'configuration'],
    [403, { reason: 'forbidden', detail: 'API_KEY_HTTP_REFERRER_BLOCKED' }, 'youtube_access_denied', 'configuration'],
    [403, { reason: 'forbidden', detail: 'API_KEY_SERVICE_BLOCKED' }, 'youtube_access_denied', 'configuration'],
    [403, { reason: 'playlistItemsNotAccessible' }, 'youtube_access_denied', 'configuration'],
    [403, {}, 'youtube_access_denied', 'configuration'],
    [401, { reason: 'authError' }, 'youtube_access_denied', 'configuration'],
    [404, { reason: 'channelNotFound' }, 'youtube_channel_not_found', 'configuration'],
    [404, { reason: 'playlistNotFound' }, 'youtube_playlist_not_found', 'permanent'],
    [400, { reason: 'invalidPageToken' }, 'youtube_page_token_invalid', 'permanent'],
    [400, { reason: 'badRequest' }, 'youtube_request_invalid', 'permanent'],
    [400, { reason: 'missingRequiredParameter' }, 'youtube_request_invalid', 'permanent'],
    [400, { reason: 'toString' }, 'youtube_request_invalid', 'permanent'],
    [408, {}, 'youtube_timeout', 'transient'],
    [409, { reason: 'SERVICE_UNAVAILABLE' }, 'youtube_unavailable', 'transient'],
    [500, { reason: 'backendError' }, 'youtube_unavailable', 'transient'],
    [503, { reason: 'internalError' }, 'youtube_unavailable', 'transient'],
  ])('%d %j is %s, %s', (status, said, code, kind) => {
    const error = answered(status, body(said));

    expect(error).toBeInstanceOf(YoutubeError);
    expect(error).toMatchObject({ code, kind });
    const facts = [CALL.action, CALL.api, `answered with ${status}`, said.reason ?? '', said.detail ?? ''];
    for (const fact of facts) expect(error.message).toContain(fact);
  });

  test.each([
    ['channel', 'youtube_channel_not_found', 'configuration'],
    ['playlist', 'youtube_playlist_not_found', 'permanent'],
    ['videos', 'youtube_request_invalid', 'permanent'],
  ] as const)('a 404 that names no more is the %s that was asked for', (subject, code, kind) => {
    const call = { ...CALL, subject };

    expect(answered(404, body({ reason: 'notFound' }), {}, call)).toMatchObject({ code, kind });
    if (subject !== 'videos') expect(notFound(call)).toMatchObject({ code, kind });
  });

  test.each([
    ['200', 'youtube_answer_invalid', 'permanent'],
    ['302', 'youtube_request_invalid', 'configuration'],
    ['304', 'youtube_request_invalid', 'configuration'],
    ['400', 'youtube_request_invalid', 'permanent'],
    ['403', 'youtube_access_denied', 'configuration'],
    ['404', 'youtube_request_invalid', 'configuration'],
    ['413', 'youtube_request_invalid', 'permanent'],
    ['429', 'youtube_rate_limited', 'transient'],
    ['502', 'youtube_unavailable', 'transient'],
  ] as const)('%s from something in between is %s, %s', (status, code, kind) => {
    for (const page of ['<html>Sign in</html>', '', null, [], { error: 'no' }, { error: null }]) {
      expect(answered(Number(status), page)).toMatchObject({ code, kind });
    }
  });

  test.each<[number, Said, string]>([
    [403, { reason: 'quotaExceeded' }, 'midnight Pacific'],
    [400, { reason: 'keyInvalid' }, 'YOUTUBE_API_KEY'],
    [403, { reason: 'accessNotConfigured' }, 'Enable YouTube Data API v3'],
    [403, { reason: 'ipRefererBlocked' }, 'restrictions'],
    [404, { reason: 'channelNotFound' }, 'YOUTUBE_CHANNEL_IDS'],
    [400, { reason: 'badRequest' }, 'developers.google.com'],
  ])('%d %j says what to do', (status, said, advice) => {
    expect(answered(status, body(said)).message).toContain(advice);
  });

  test('a message is shown on one line, without its links, and not endlessly', () => {
    const message = `You have exceeded your <a href="/youtube/v3/getting-started#quota">quota</a>.\r\n\tReally.${'x'.repeat(5000)}`;

    const shown = answered(403, body({ reason: 'quotaExceeded', message })).message;

    expect(shown).toContain('You have exceeded your quota. Really.');
    expect(shown).not.toMatch(/[\r\n\t<>]/);
    expect(shown.length).toBeLessThan(900);
  });

  test('only what may be tried again says when', () => {
    const headers = { 'retry-after': '3' };

    expect(answered(503, body({}), headers).retryAfterMs).toBe(3000);
    expect(answered(403, body({ reason: 'quotaExceeded' }), headers).retryAfterMs).toBeUndefined();
  });

  test('any answer is some failure, told on one line, without the key', () => {
    const words = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(KEY, `x${KEY}y`, 'quotaExceeded', 'forbidden', '__proto__', 'constructor', '<', '\n', 7, null),
    );
    const saids = fc.record({
      error: fc.record(
        {
          message: words,
          errors: fc.oneof(words, fc.array(fc.record({ reason: words }, { requiredKeys: [] }))),
          details: fc.oneof(words, fc.array(fc.record({ reason: words, metadata: words }, { requiredKeys: [] }))),
        },
        { requiredKeys: [] },
      ),
    });
    const statuses = fc.integer({ min: 201, max: 599 });

    fc.assert(
      fc.property(statuses, fc.oneof(saids, fc.jsonValue(), words), words, (status, said, retryAfter) => {
        const error = answered(status, said, { 'retry-after': retryAfter });

        expect(error).toBeInstanceOf(YoutubeError);
        expect(error.message).toMatch(/^Reading the channel @shirogane from \S+ was answered with \d+.*\.$/);
        expect(error.message).not.toContain(KEY);
        expect(error.message.isWellFormed()).toBe(true);
        if (error.kind !== 'transient') expect(error.retryAfterMs).toBeUndefined();
      }),
    );
  });
});

describe('requests without an answer', () => {
  /** As Google's client throws it: around the error of fetch, with the whole request beside it. */
  function clientError(cause: Error): Error {
    const config = { headers: new Headers({ 'X-Goog-Api-Key': KEY }), url: new URL(`https://x/?key=${KEY}`) };
    return Object.assign(new Error(cause.message, { cause }), { config });
  }

  const fetchFailed = (code: string, message = 'the reason') =>
    new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) });

  test.each([
    ['ECONNREFUSED', 'youtube_connection_lost', 'transient'],
    ['ECONNRESET', 'youtube_connection_lost', 'transient'],
    ['ENOTFOUND', 'youtube_connection_lost', 'transient'],
    ['EAI_AGAIN', 'youtube_connection_lost', 'transient'],
    ['UND_ERR_SOCKET', 'youtube_connection_lost', 'transient'],
    ['HPE_INVALID_CONSTANT', 'youtube_connection_lost', 'transient'],
    ['UND_ERR_CONNECT_TIMEOUT', 'youtube_timeout', 'transient'],
    ['UND_ERR_HEADERS_TIMEOUT', 'youtube_timeout', 'transient'],
    ['UND_ERR_BODY_TIMEOUT', 'youtube_timeout', 'transient'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'youtube_connection_lost', 'configuration'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'youtube_connection_lost', 'configuration'],
    ['CERT_NOT_YET_VALID', 'youtube_connection_lost', 'configuration'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'youtube_connection_lost', 'configuration'],
    ['ERR_SOMETHING_ELSE', 'youtube_request_invalid', 'permanent'],
  ])('%s is %s, %s', (code, expected, kind) => {
    const error = transportError(clientError(fetchFailed(code)), CALL, 500);

    expect(error).toMatchObject({ code: expected, kind });
    expect(error.message).toContain(CALL.action);
    expect(String(error.cause)).toContain(code);
  });

  test('a time that is up is a timeout, which says how long it was', () => {
    const expired = new DOMException('The operation was aborted due to timeout', 'TimeoutError');

    const error = transportError(clientError(expired), CALL, 500);

    expect(error).toMatchObject({ code: 'youtube_timeout', kind: 'transient' });
    expect(error.message).toContain('500 ms');
  });

  test('a defect is permanent, and passes under its own name', () => {
    const error = transportError(new TypeError('x is not a function'), CALL, 500);

    expect(error).toMatchObject({ code: 'youtube_request_invalid', kind: 'permanent' });
    expect(error.message).toContain('x is not a function');
  });

  test.each([undefined, null, 'text', 7, {}])('%j is a failure too', (thrown) => {
    expect(transportError(thrown, CALL, 500)).toMatchObject({ code: 'youtube_request_invalid' });
  });

  test('causes that go round in a circle end', () => {
    const outer = new Error('outer');
    const inner = new Error('inner', { cause: outer });
    outer.cause = inner;
    const code = 'ECONNRESET';
    const reset = Object.assign(new Error('reset', { cause: outer }), { code });

    expect(transportError(reset, CALL, 500)).toMatchObject({ code: 'youtube_connection_lost' });
  });

  test('nothing of the request is kept, and the key in no text', () => {
    const error = transportError(clientError(fetchFailed('EPIPE', `"${KEY}" is no header`)), CALL, 500);
    const shown = [error.message, error.stack, String(error.cause), JSON.stringify(error), JSON.stringify(error.cause)];

    expect(shown.join('\n')).not.toContain(KEY);
    expect(Object.keys(error.cause ?? {})).toEqual([]);
  });
});

test('an answer that cannot be used says what is wrong with it', () => {
  const error = unusableAnswer(CALL, 'items.0.id: Expected a string');

  expect(error).toMatchObject({ code: 'youtube_answer_invalid', kind: 'permanent' });
  expect(error.message).toContain('items.0.id: Expected a string. Check YOUTUBE_API_URL');
});
