import { type StorageCall, truncatedBody } from '../storage-call';

/**
 * The whole body of an answer.
 *
 * @param length what the answer said of it, in bytes
 * @param moved is called for every chunk that came
 * @throws StorageError `storage_connection_lost` where the body ends before it has that length, or cannot be read to its end
 */
export async function wholeBody(
  stream: AsyncIterable<unknown> | Iterable<unknown>,
  length: number | undefined,
  { moved, call }: { readonly moved: () => void; readonly call: StorageCall },
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      if (!(chunk instanceof Uint8Array)) throw new TypeError('An object came as text.');
      chunks.push(chunk);
      size += chunk.byteLength;
      moved();
    }
  } catch (error) {
    throw truncatedBody(call, error);
  }
  if (size !== length) throw truncatedBody(call);
  const [first] = chunks;
  return chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks, size);
}
