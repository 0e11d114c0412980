import type { FailureKind } from '../errors';
import type { ColumnBatch } from './column-batch';
import type { Compression } from './compression';
import type { DatasetSchema } from './schema';

/** What is to be done with a file: the methods of its writer. */
export type EncodingTask =
  | { readonly task: 'open'; readonly schema: DatasetSchema; readonly compression: Compression }
  | { readonly task: 'write'; readonly batch: ColumnBatch }
  | { readonly task: 'close' }
  | { readonly task: 'abort' };

/** To the thread that encodes: each is answered once, by its number, with `done` or `failed`. */
export type EncodingRequest = EncodingTask & { readonly call: number; readonly file: number };

/** From the thread. The bytes of a file that a request has made come before the answer to it. */
export type EncodingAnswer =
  | { readonly answer: 'chunk'; readonly file: number; readonly bytes: Uint8Array }
  | { readonly answer: 'done'; readonly call: number }
  | { readonly answer: 'failed'; readonly call: number; readonly error: ErrorText };

/** An error as plain data, with code and kind where it is one of the family. */
export interface ErrorText {
  readonly name: string;
  readonly message: string;
  readonly stack?: string | undefined;
  readonly family?: { readonly code: string; readonly kind: FailureKind };
}
