import type { BlobDownloadResponseParsed } from '@azure/storage-blob';
import { type StorageCall, truncatedBody } from '../storage-call';

/**
 * The whole body of a download's answer.
 *
 * @param moved is called for every chunk that came
 * @throws StorageError `storage_connection_lost` where the body ends before it has the length that the answer said
 */
export async function downloadedBody(
  answer: BlobDownloadResponseParsed,
  moved: () => void,
  call: StorageCall,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of answer.readableStreamBody ?? []) {
      if (!(chunk instanceof Uint8Array)) throw new TypeError('A blob came as text.');
      chunks.push(chunk);
      size += chunk.byteLength;
      moved();
    }
  } catch (error) {
    throw truncatedBody(call, error);
  }
  if (size !== answer.contentLength) throw truncatedBody(call);
  const [first] = chunks;
  return chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks, size);
}
