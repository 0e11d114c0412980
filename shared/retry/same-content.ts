import { StorageError } from '../errors';
import { sizeOf } from '../ports/object-bodies';
import type { ObjectBody, ObjectEntry, ObjectStore } from '../ports/object-store';

/** How much of an object is in memory at a time while it is compared. */
const PIECE_BYTES = 4 * 1024 * 1024;

/** Whether an object, in the version that the entry names, has exactly this content. Reads it in bounded pieces. */
export async function holds(
  store: ObjectStore,
  { key, etag, size }: ObjectEntry,
  content: ObjectBody,
): Promise<boolean> {
  if (size !== sizeOf(content)) return false;
  let offset = 0;
  try {
    for await (const piece of piecesOf(content)) {
      const { body } = await store.read(key, { ifMatch: etag, range: { offset, length: piece.byteLength } });
      if (Buffer.compare(body, piece) !== 0) return false;
      offset += piece.byteLength;
    }
  } catch (error) {
    // Somebody wrote or deleted it meanwhile: what is there now is not ours.
    if (error instanceof StorageError && ['precondition_failed', 'object_not_found'].includes(error.code)) return false;
    throw error;
  }
  return offset === size;
}

/** The content in pieces of one size, whatever the size of the chunks that it comes in. */
async function* piecesOf(content: ObjectBody): AsyncGenerator<Uint8Array> {
  let pending: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of content instanceof Uint8Array ? slicesOf(content) : content.open()) {
    pending.push(chunk);
    bytes += chunk.byteLength;
    if (bytes < PIECE_BYTES) continue;
    yield Buffer.concat(pending);
    pending = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(pending);
}

function* slicesOf(content: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < content.byteLength; at += PIECE_BYTES) yield content.subarray(at, at + PIECE_BYTES);
}
