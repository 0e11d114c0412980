import { pipeline, Readable, Transform } from 'node:stream';
import { sizeOf, unreadableBody, wrongBodySize } from '../ports/object-bodies';
import type { ObjectBody } from '../ports/object-store';

/** Up to this size bytes are handed to the socket at once; above it they are fed in, so that a stall can be noticed. */
const WHOLE_UP_TO_BYTES = 1024 * 1024;
const SLICE_BYTES = 64 * 1024;

export interface OpenBody {
  readonly size: number;
  readonly content: Buffer | (() => Readable);
  /** Rejects when the body's source fails or has another size than it said; never resolves. */
  readonly broken: Promise<never>;
  close(): void;
}

/**
 * Opens a body for one try of an upload. A stream holds no more than its buffers in memory.
 *
 * @param moved is called for every chunk that the socket took
 */
export function openBody(body: ObjectBody, moved: () => void): OpenBody {
  if (body instanceof Uint8Array && body.byteLength <= WHOLE_UP_TO_BYTES) {
    const content = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    return { size: content.byteLength, content, broken: new Promise<never>(() => {}), close: () => {} };
  }
  const size = sizeOf(body);
  const source = body instanceof Uint8Array ? Readable.from(slicesOf(body), { objectMode: false }) : body.open();
  const measured = measuredTo(size, moved);
  const broken = new Promise<never>((_, reject) => {
    pipeline(source, measured, (error) => {
      if (error !== undefined && error !== null) reject(unreadableBody(error));
    });
  });
  // A try that fails for another reason closes the stream, which rejects this promise when nobody listens any more.
  broken.catch(() => {});
  return { size, content: () => measured, broken, close: () => measured.destroy() };
}

/** Node's HTTP client sends whatever it is given, even if that is not what the Content-Length said. */
function measuredTo(size: number, moved: () => void): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      moved();
      if (bytes > size) done(wrongBodySize(size, `at least ${bytes}`));
      else done(null, chunk);
    },
    flush(done) {
      done(bytes === size ? null : wrongBodySize(size, bytes));
    },
  });
}

function* slicesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += SLICE_BYTES) yield bytes.subarray(at, at + SLICE_BYTES);
}
