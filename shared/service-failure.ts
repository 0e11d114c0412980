import { CONNECTION_CODES } from './connection-codes';
import { isError } from './logging/is-error';

/** What clients of services throw, read without trusting any of it: Azure's RestError and ErrorResponse, Google's, Node's own. */

/** What clients of services say on top of {@link CONNECTION_CODES}. */
const CLIENT_CODES = new Set([
  'ETIMEDOUT',
  // @azure/core-rest-pipeline: a request that could not be sent, an answer that ended before it was whole.
  'REQUEST_SEND_ERROR',
  'PARSE_ERROR',
  // undici: a connection that ended, before an answer or within one, a proxy that does not let through.
  'UND_ERR_SOCKET',
  'UND_ERR_ABORTED',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
]);

const CERTIFICATE_CODES = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REVOKED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** The error classes of @azure/identity, by name: another copy of the package has other classes of the same names. */
const CREDENTIAL_ERRORS = new Set([
  'AggregateAuthenticationError',
  'AuthenticationError',
  'AuthenticationRequiredError',
  'CredentialUnavailableError',
]);

/** How the way to a service failed, before the service answered; undefined where it did answer. */
export type TransportFailure = 'connection' | 'certificate' | 'credential' | 'credential_service';

export function transportFailure(error: unknown, above: readonly unknown[] = []): TransportFailure | undefined {
  if (!isError(error) || above.includes(error)) return undefined;
  if (CREDENTIAL_ERRORS.has(error.name)) return isOutage(statusOf(error)) ? 'credential_service' : 'credential';
  const code = errorCode(error);
  if (code !== undefined && (CERTIFICATE_CODES.has(code) || code.startsWith('ERR_SSL_'))) return 'certificate';
  // HPE_… are the codes of Node's HTTP parser: what came was not, or not wholly, HTTP.
  if (code !== undefined && isConnectionCode(code)) return 'connection';
  if (/socket hang up|\baborted\b|premature close/i.test(error.message)) return 'connection';
  return error.cause === undefined ? undefined : transportFailure(error.cause, [...above, error]);
}

function isConnectionCode(code: string): boolean {
  return CONNECTION_CODES.has(code) || CLIENT_CODES.has(code) || code.startsWith('HPE_');
}

/** The string that names the kind of an error (`ECONNRESET`, `BlobNotFound`), if it has one. */
export function errorCode(error: unknown): string | undefined {
  const code = property(error, 'code');
  return typeof code === 'string' && code !== '' ? code : undefined;
}

/** The HTTP status that an error carries, if it carries one. */
export function statusOf(error: unknown): number | undefined {
  for (const name of ['statusCode', 'code']) {
    const value = property(error, name);
    if (typeof value === 'number' && value >= 100) return value;
  }
  return undefined;
}

/** Says what an error is in a few words, for a message. */
export function describe(error: unknown): string {
  if (!isError(error)) return String(property(error, 'message') ?? error);
  return error.message === '' ? error.name : error.message.split('\n', 1).join('');
}

/**
 * An error to be the `cause` of another one. Azure's own errors hold the whole request, whose address and headers may
 * carry a signature: what is left here is what a log may show.
 */
export function harmlessCause(error: unknown): Error {
  const name = isError(error) ? error.name : 'Error';
  const facts = [errorCode(error), statusOf(error)].filter((fact) => fact !== undefined);
  const cause = new Error([name, ...facts].join(' '));
  if (isError(error) && error.stack !== undefined) cause.stack = `${cause.message}\n${framesOf(error.stack)}`;
  return cause;
}

export function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function isOutage(status: number | undefined): boolean {
  return status !== undefined && (status >= 500 || status === 429 || status === 408);
}

function framesOf(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
}
