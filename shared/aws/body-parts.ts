import { sizeOf, unreadableBody, wrongBodySize } from '../ports/object-bodies';
import type { ObjectBody } from '../ports/object-store';

/**
 * A body in parts of `partBytes`, but for the last; a body of no bytes is one empty part. Of a body that is opened, one part is in memory.
 *
 * @param moved is called for every piece that came
 * @throws StorageError `storage_request_invalid` where the body cannot be read, or has another size than it said
 */
export async function* bodyParts(
  body: ObjectBody,
  partBytes: number,
  moved: () => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const size = sizeOf(body);
  if (body instanceof Uint8Array) {
    for (let at = 0; at === 0 || at < size; at += partBytes) yield body.subarray(at, at + partBytes);
    return;
  }
  let left = size;
  let part = new PartBuffer(Math.min(partBytes, left));
  for await (const chunk of chunksOf(body.open())) {
    moved();
    left -= chunk.byteLength;
    if (left < 0) throw wrongBodySize(size, `at least ${size - left}`);
    for (let at = 0; at < chunk.byteLength; ) {
      at += part.take(chunk.subarray(at));
      if (!part.isFull) continue;
      // The last part waits for the end: until then the body may be longer than it said.
      const rest = left + chunk.byteLength - at;
      if (rest === 0) continue;
      yield part.bytes;
      part = new PartBuffer(Math.min(partBytes, rest));
    }
  }
  if (left > 0) throw wrongBodySize(size, size - left);
  yield part.bytes;
}

class PartBuffer {
  readonly bytes: Buffer;
  #used = 0;

  constructor(size: number) {
    this.bytes = Buffer.allocUnsafe(size);
  }

  get isFull(): boolean {
    return this.#used === this.bytes.length;
  }

  /** @returns how many bytes there was room for */
  take(chunk: Uint8Array): number {
    const taken = Math.min(chunk.byteLength, this.bytes.length - this.#used);
    this.bytes.set(taken === chunk.byteLength ? chunk : chunk.subarray(0, taken), this.#used);
    this.#used += taken;
    return taken;
  }
}

async function* chunksOf(source: AsyncIterable<unknown>): AsyncGenerator<Uint8Array, void, undefined> {
  const chunks = source[Symbol.asyncIterator]();
  try {
    while (true) {
      const { value, done } = await chunks.next().catch((error: unknown) => {
        throw unreadableBody(error);
      });
      if (done === true) return;
      if (!(value instanceof Uint8Array)) throw unreadableBody(new TypeError('it gives text or objects, not bytes'));
      yield value;
    }
  } finally {
    // Closes a source that was not read to its end.
    await chunks.return?.();
  }
}
