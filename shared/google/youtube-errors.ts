import { YoutubeError } from '../errors';
import { retryAfterMs } from '../retry/retry-after';
import { describe, errorCode, harmlessCause, property, transportFailure } from '../service-failure';
import { type ApiError, limitsADay, readApiError } from './youtube-error-body';
import {
  ACCESS_DENIED,
  ANSWER_INVALID,
  BY_REASON,
  CERTIFICATE_REFUSED,
  CHANNEL_NOT_FOUND,
  CONNECTION_LOST,
  type Meaning,
  PLAYLIST_NOT_FOUND,
  QUOTA,
  RATE_LIMITED,
  REQUEST_INVALID,
  TIMEOUT,
  UNAVAILABLE,
  WRONG_ADDRESS,
} from './youtube-meanings';

/** What was being asked when an error came up. */
export interface YoutubeCall {
  /** A sentence's beginning: `Reading the channel @name`. */
  readonly action: string;
  /** Where the API is. */
  readonly api: string;
  /** What is not there where the API finds nothing. */
  readonly subject: 'channel' | 'playlist' | 'videos';
  /** Takes the API key out of a text. */
  readonly mask: (text: string) => string;
}

export interface YoutubeAnswer {
  readonly status: number;
  /** By their names in lower case. */
  readonly headers: unknown;
  /** JSON as it was parsed, or the text that was none. */
  readonly body: unknown;
}

/** The error of an answer that is none of those asked for. */
export function answerError(answer: YoutubeAnswer, call: YoutubeCall): YoutubeError {
  const apiError = readApiError(answer.body);
  const meaning = meaningOf(answer.status, apiError, call);
  const said = apiError === undefined ? '' : [apiError.reasons.join(', '), apiError.message].filter(Boolean).join(': ');
  const what = `was answered with ${answer.status}${said === '' ? '' : ` (${said.replace(/\.$/, '')})`}`;
  return youtubeError(call, meaning, what, {
    retryAfterMs: retryAfterMs({ get: (name) => headerOf(answer, name) }),
  });
}

/** The error of a name or id that the API answers with a list of nothing. */
export function notFound(call: YoutubeCall): YoutubeError {
  return youtubeError(call, missing(call), 'found nothing of that name');
}

/** The error of an answer that came as a success and cannot be used. */
export function unusableAnswer(call: YoutubeCall, problem: string): YoutubeError {
  return youtubeError(call, ANSWER_INVALID, `got an answer that cannot be used. ${problem}`);
}

/** The error of a request that got no answer, or not a whole one. Keeps nothing of the request, which holds the key. */
export function transportError(error: unknown, call: YoutubeCall, timeoutMs: number): YoutubeError {
  const errors = chainOf(error);
  const root = errors.at(-1);
  if (errors.some(isTimeout)) {
    return youtubeError(call, TIMEOUT, `was given up after ${timeoutMs} ms at most`, { cause: harmlessCause(root) });
  }
  const what = `failed: ${describe(root) || 'no reason given'}`;
  return youtubeError(call, meaningWithoutAnswer(error, errors), what, { cause: harmlessCause(root) });
}

function meaningOf(status: number, error: ApiError | undefined, call: YoutubeCall): Meaning {
  const known = error?.reasons.map((reason) => BY_REASON.get(reason)).find((meaning) => meaning !== undefined);
  const meaning = known ?? byStatus(status, error !== undefined, call);
  // Limits of a day come with the reason and the status of those of a minute.
  return meaning === RATE_LIMITED && error !== undefined && limitsADay(error) ? QUOTA : meaning;
}

function byStatus(status: number, fromApi: boolean, call: YoutubeCall): Meaning {
  if (status < 300) return ANSWER_INVALID;
  if (status < 400) return WRONG_ADDRESS;
  if (status === 401 || status === 403) return ACCESS_DENIED;
  if (status === 404) return fromApi ? missing(call) : WRONG_ADDRESS;
  if (status === 408) return TIMEOUT;
  if (status === 429) return RATE_LIMITED;
  // 409: Google's gateway says ABORTED, for a request that lost against another one.
  return status >= 500 || status === 409 ? UNAVAILABLE : REQUEST_INVALID;
}

function missing({ subject }: YoutubeCall): Meaning {
  if (subject === 'videos') return REQUEST_INVALID;
  return subject === 'channel' ? CHANNEL_NOT_FOUND : PLAYLIST_NOT_FOUND;
}

function meaningWithoutAnswer(error: unknown, errors: readonly unknown[]): Meaning {
  const transport = transportFailure(error);
  const codes = errors.map((each) => errorCode(each) ?? '');
  // OpenSSL's own codes: no TLS where TLS was expected, or none that both sides speak.
  if (transport === 'certificate' || codes.some((code) => /^(ERR_(SSL|TLS)_|CERT_|EPROTO$)/.test(code))) {
    return CERTIFICATE_REFUSED;
  }
  // UND_ERR_… are the codes of undici, which is Node's fetch.
  return transport === 'connection' || codes.some((code) => code.startsWith('UND_ERR_'))
    ? CONNECTION_LOST
    : REQUEST_INVALID;
}

function isTimeout(error: unknown): boolean {
  return property(error, 'name') === 'TimeoutError' || /^UND_ERR_\w+_TIMEOUT$/.test(errorCode(error) ?? '');
}

/** An error and its causes, the root last. */
function chainOf(error: unknown): readonly unknown[] {
  const found: unknown[] = [];
  for (let next = error; next !== undefined && next !== null && !found.includes(next); next = property(next, 'cause')) {
    found.push(next);
  }
  return found;
}

/** A header by its name in lower case. */
export function headerOf({ headers }: YoutubeAnswer, name: string): string | undefined {
  const value = property(headers, name);
  return typeof value === 'string' ? value : undefined;
}

function youtubeError(
  call: YoutubeCall,
  { code, kind, advice }: Meaning,
  what: string,
  more: { readonly cause?: Error; readonly retryAfterMs?: number | undefined } = {},
): YoutubeError {
  const message = `${call.action} from ${call.api} ${what}.${advice === undefined ? '' : ` ${advice}`}`;
  return new YoutubeError(call.mask(message), {
    code,
    kind,
    cause: more.cause,
    retryAfterMs: kind === 'transient' ? more.retryAfterMs : undefined,
  });
}
