import { addAbortSignal, Readable } from 'node:stream';
import type { GetObjectCommandOutput } from '@aws-sdk/client-s3';
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
export async function wholeBody(answer: GetObjectCommandOutput, { signal, moved, call }: Attempt): Promise<Uint8Array> {
  const { Body: stream, ContentLength } = answer;
  if (!(stream instanceof Readable)) throw truncatedBody(call);
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of addAbortSignal(signal, stream)) {
      if (!(chunk instanceof Uint8Array)) throw new TypeError('An object came as text.');
      chunks.push(chunk);
      size += chunk.byteLength;
      moved();
    }
  } catch (error) {
    throw truncatedBody(call, error);
  }
  if (size !== ContentLength) throw truncatedBody(call);
  const [first] = chunks;
  return chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks, size);
}
