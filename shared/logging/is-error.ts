import { types } from 'node:util';

/** Whether a thrown value is an error, also one from another realm, and a DOMException, which is no native error. */
export function isError(value: unknown): value is Error {
  return value instanceof Error || types.isNativeError(value);
}
