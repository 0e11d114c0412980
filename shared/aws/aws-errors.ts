import { isError } from '../logging/is-error';
import { type AnswerHeaders, retryAfterMs } from '../retry/retry-after';
import { describe, property, type TransportFailure, transportFailure } from '../service-failure';

/** What an error of AWS's clients says, whichever service it is of. Nothing in it is a secret. */
export interface AwsFailure {
  /** The status of the service's answer; undefined where there was none. */
  readonly status: number | undefined;
  /** The service's own name for what is wrong (`SlowDown`, `AccessDenied`); undefined where its answer had none. */
  readonly code: string | undefined;
  readonly requestId: string | undefined;
  /** Only where no answer came: why. `credentials`: none could be got to sign with. */
  readonly transport: TransportFailure | 'credentials' | 'timeout' | 'unreadable' | undefined;
  /** What the service asked to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** What went wrong, in a few words. */
  readonly what: string;
}

/** Reads whatever a call of AWS's clients threw (smithy's ServiceException, errors of its HTTP handler, Node's own). */
export function awsFailure(error: unknown): AwsFailure {
  const response = property(error, '$response');
  const status = numberOf(property(property(error, '$metadata'), 'httpStatusCode') ?? property(response, 'statusCode'));
  const headers = answerHeaders(error);
  if (status === undefined || status < 300) {
    const transport = withoutAnswer(error) ?? (response === undefined ? undefined : 'unreadable');
    return { ...NOTHING, transport, what: `failed: ${described(error)}` };
  }
  const code = codeOf(error);
  const requestId = headers.get('x-amz-request-id') ?? headers.get('x-amzn-requestid');
  const named = [String(status), code].filter((part) => part !== undefined).join(' ');
  return {
    status,
    code,
    requestId,
    transport: undefined,
    retryAfterMs: retryAfterMs(headers),
    what: `was answered with ${named}${requestId === undefined ? '' : ` (request ${requestId})`}`,
  };
}

/** The headers of the answer that an error came of, their names in lower case. */
export function answerHeaders(error: unknown): AnswerHeaders {
  const headers = property(property(error, '$response'), 'headers');
  return {
    get: (name) => {
      const value = property(headers, name);
      return typeof value === 'string' ? value : undefined;
    },
  };
}

/**
 * Whether the service had too many requests, by the error codes of AWS's services (the list that the SDK itself goes by: smithy's
 * service-error-classification).
 */
export function isThrottling({ status, code }: AwsFailure): boolean {
  return status === 429 || (code !== undefined && (THROTTLING_CODES.has(code) || /Throttl/.test(code)));
}

const THROTTLING_CODES: ReadonlySet<string> = new Set([
  'BandwidthLimitExceeded',
  'EC2ThrottledException',
  'LimitExceededException',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'SlowDown',
  'TooManyRequestsException',
  'TransactionInProgressException',
]);

/** Whether the service did not take the credentials themselves, whatever they would allow. */
export function isCredentialRefusal(code: string | undefined): boolean {
  return code !== undefined && CREDENTIAL_CODES.has(code);
}

const CREDENTIAL_CODES: ReadonlySet<string> = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'IncompleteSignature',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'InvalidToken',
  'MissingAuthenticationToken',
  'SignatureDoesNotMatch',
  'TokenRefreshRequired',
  'UnrecognizedClientException',
]);

/** Whether this machine's clock is too far from the service's. The SDK has taken note of the difference, and signs the next try by it. */
export function isClockSkew(code: string | undefined): boolean {
  return code === 'RequestTimeTooSkewed' || code === 'RequestExpired' || code === 'RequestInTheFuture';
}

export const CREDENTIAL_ADVICE =
  'On AWS, give the function a role; elsewhere, sign in with "aws sso login" or "aws configure", or set AWS_PROFILE or ' +
  'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.';

export const CLOCK_ADVICE = "Check this machine's clock: requests are signed with its time.";

const NOTHING = { status: undefined, code: undefined, requestId: undefined, retryAfterMs: undefined };

/** The errors of the SDK's credential providers, by name. */
const NO_CREDENTIALS = /^(CredentialsProviderError|TokenProviderError|ProviderError)$/;

function withoutAnswer(error: unknown): AwsFailure['transport'] {
  const name = isError(error) ? error.name : '';
  if (NO_CREDENTIALS.test(name)) return 'credentials';
  return name === 'TimeoutError' ? 'timeout' : (transportFailure(error) ?? transportFailure(unwrapped(error)));
}

/** Of an error that is from another realm than its own, the SDK keeps the text alone (smithy's asSdkError). */
function unwrapped(error: unknown): Error | undefined {
  const code = /^AWS SDK error wrapper for .*\b(E[A-Z_]{3,})\b/.exec(describe(error))?.[1];
  return code === undefined ? undefined : Object.assign(new Error('a wrapped error'), { code });
}

/** A program that gets credentials (`credential_process`) may be called with a secret, and its error repeats the call. */
function described(error: unknown): string {
  const text = describe(error);
  return /command failed/i.test(text) ? 'the command that gets the credentials failed' : text;
}

/** Names that the SDK makes up where an answer has no code are none. */
function codeOf(error: unknown): string | undefined {
  const name = isError(error) ? error.name : '';
  const isMadeUp =
    name === '' || name === 'Error' || name === 'UnknownError' || name === 'NotFound' || /^\d+$/.test(name);
  return isMadeUp || !/^[\w.]{1,100}$/.test(name) ? undefined : name;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
