import { StorageError } from '../errors';
import { isError } from '../logging/is-error';
import type { ObjectBody } from './object-store';

/** The size of a body in bytes, as its owner says. */
export function sizeOf(body: ObjectBody): number {
  return body instanceof Uint8Array ? body.byteLength : body.size;
}

/** The error of a body that has another size than it said. */
export function wrongBodySize(expected: number, actual: number | string): StorageError {
  return unusableBody(`A body that was said to have ${expected} bytes had ${actual}.`);
}

/** The error of a body that could not be read while it was written. */
export function unreadableBody(cause: unknown): StorageError {
  if (cause instanceof StorageError) return cause;
  return unusableBody(
    `A body could not be read to be written: ${isError(cause) ? cause.message : String(cause)}`,
    cause,
  );
}

function unusableBody(message: string, cause?: unknown): StorageError {
  return new StorageError(message, { code: 'storage_request_invalid', kind: 'permanent', cause });
}
