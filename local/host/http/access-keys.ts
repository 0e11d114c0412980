import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** The keys of the host. They are never logged; programs that start a host are given them. */
export interface AccessKeys {
  /** Opens functions of the levels `function` and `admin`, and the admin endpoints. */
  readonly functionKey: string;
  /** Opens the durable HTTP API below `/runtime/webhooks/durabletask`. */
  readonly systemKey: string;
}

export function newKey(): string {
  return randomBytes(32).toString('base64url');
}

/** Whether a request carries `key`, as the header `x-functions-key` or the query parameter `code`. */
export function carriesKey(request: IncomingMessage, query: URLSearchParams, key: string): boolean {
  const header = request.headers['x-functions-key'];
  return [Array.isArray(header) ? header[0] : header, query.get('code')].some((given) => isKey(given, key));
}

export function isKey(given: string | null | undefined, key: string): boolean {
  return typeof given === 'string' && timingSafeEqual(digest(given), digest(key));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
