import { addAbortSignal, Readable } from 'node:stream';
import type { GetObjectCommandOutput } from '@aws-sdk/client-s3';
import { wholeBody } from '../http/whole-body';
import { type StorageCall, truncatedBody } from '../storage-call';

/** One try of a call. */
export interface Attempt {
  readonly signal: AbortSignal;
  /** To be told of every progress. */
  readonly moved: () => void;
  readonly call: StorageCall;
}

/**
 * The whole body of an answer.
 *
 * @throws StorageError `storage_connection_lost` where it ends too soon, or has another checksum than it came with
 */
export async function objectBody(
  { Body, ContentLength }: GetObjectCommandOutput,
  { signal, moved, call }: Attempt,
): Promise<Uint8Array> {
  if (!(Body instanceof Readable)) throw truncatedBody(call);
  return wholeBody(addAbortSignal(signal, Body), ContentLength, { moved, call });
}
