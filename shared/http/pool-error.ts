import { property } from '../service-failure';
import { type StorageCall, storageTimeout, truncatedBody } from '../storage-call';

const TIMEOUTS = new Set(['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

/**
 * The error of a request to the pool that got no answer, or not all of it.
 *
 * @param translate makes what is no error of undici's own into one of the store's
 */
export function poolError(
  error: unknown,
  call: StorageCall,
  timeoutMs: number,
  translate: (error: unknown, call: StorageCall) => Error,
): Error {
  if (TIMEOUTS.has(String(property(error, 'code')))) return storageTimeout(call, timeoutMs);
  // Some of its parser's errors have no code.
  return property(error, 'name') === 'HTTPParserError' ? truncatedBody(call, error) : translate(error, call);
}
