import { isNativeError } from 'node:util/types';
import { BatchError } from '../errors';
import type { ErrorText } from './encoding-messages';
import { ParquetError } from './parquet-error';

/** What crosses from one thread to another, which the class of an error does not. */
export function errorText(error: unknown): ErrorText {
  if (error instanceof BatchError) {
    const { name, message, stack, code, kind } = error;
    return { name, message, stack, family: { code, kind } };
  }
  if (!isNativeError(error)) return { name: 'Error', message: String(error) };
  const { name, message, stack } = error;
  return { name, message, stack };
}

/** The error that was thrown in the other thread, as it would have been thrown in this one. */
export function errorOf({ name, message, stack, family }: ErrorText): Error {
  const error = family === undefined ? new Error(message) : new ParquetError(message, family);
  error.name = name;
  if (stack !== undefined) error.stack = stack;
  return error;
}
