import { StorageError } from './errors';
import { harmlessCause } from './service-failure';

/** What was being done of a store of objects when an error came up. */
export interface StorageCall {
  /** A sentence's beginning: `Reading "a/b.json"`. */
  readonly action: string;
  /** The container's or bucket's address, without a secret. */
  readonly store: string;
  /** Whether the call names an object, so that a bare 404 means the object. */
  readonly ofObject: boolean;
}

/** The error of a call that took longer than it may. */
export function storageTimeout(call: StorageCall, timeoutMs: number): StorageError {
  return new StorageError(`${call.action} in ${call.store} was given up: nothing moved for ${timeoutMs} ms.`, {
    code: 'storage_timeout',
    kind: 'transient',
  });
}

/** The error of a body that ended before it was whole. */
export function truncatedBody(call: StorageCall, cause?: unknown): StorageError {
  return new StorageError(`${call.action} in ${call.store} ended before the whole body had come.`, {
    code: 'storage_connection_lost',
    kind: 'transient',
    cause: cause === undefined ? undefined : harmlessCause(cause),
  });
}
