import { createHash } from 'node:crypto';
import { type CorpusMessage, type CorpusShape, corpusMessages, messageBytes } from './corpus';
import type { ListedBlob } from './list-xml';

export interface FoundBlob {
  readonly etag: string;
  readonly bytes: Buffer;
}

export interface FoundPage {
  readonly blobs: readonly ListedBlob[];
  readonly prefixes: readonly string[];
  readonly nextMarker: string;
}

/** One container: the messages of a corpus, made when they are asked for, and what was written. */
export class BlobStore {
  readonly #messages = new Map<string, CorpusMessage>();
  readonly #written = new Map<string, FoundBlob>();
  readonly #bodyBytes: number;
  #sorted: string[] | undefined;
  #writes = 0;

  constructor(shape: CorpusShape) {
    this.#bodyBytes = shape.bodyBytes;
    for (const message of corpusMessages(shape)) this.#messages.set(message.key, message);
  }

  find(key: string): FoundBlob | undefined {
    const written = this.#written.get(key);
    if (written !== undefined) return written;
    const message = this.#messages.get(key);
    return message && { etag: etagOf(message), bytes: messageBytes(message, this.#bodyBytes) };
  }

  put(key: string, bytes: Buffer): string {
    const digest = createHash('md5').update(bytes).digest('hex').slice(0, 12);
    this.#writes += 1;
    const etag = `0x8${digest}${this.#writes.toString(16)}`;
    if (this.find(key) === undefined) this.#sorted = undefined;
    this.#written.set(key, { etag, bytes: Buffer.from(bytes) });
    return etag;
  }

  delete(key: string): boolean {
    this.#sorted = undefined;
    return this.#written.delete(key) || this.#messages.delete(key);
  }

  list(prefix: string, delimiter: string, marker: string, maxResults: number): FoundPage {
    const blobs: ListedBlob[] = [];
    const prefixes: string[] = [];
    const keys = this.#keys();
    for (let i = lowerBound(keys, marker === '' ? prefix : marker); i < keys.length; i++) {
      const key = keys[i] as string;
      if (!key.startsWith(prefix)) break;
      if (blobs.length + prefixes.length === maxResults) return { blobs, prefixes, nextMarker: key };
      const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
      if (end === -1) {
        blobs.push(this.#listed(key));
      } else {
        const folder = key.slice(0, end + 1);
        prefixes.push(folder);
        i = lowerBound(keys, `${folder}\uffff`) - 1;
      }
    }
    return { blobs, prefixes, nextMarker: '' };
  }

  #listed(key: string): ListedBlob {
    const written = this.#written.get(key);
    if (written !== undefined) return { key, etag: written.etag, size: written.bytes.length };
    const message = this.#messages.get(key) as CorpusMessage;
    return { key, etag: etagOf(message), size: this.#bodyBytes };
  }

  #keys(): readonly string[] {
    this.#sorted ??= [...new Set([...this.#messages.keys(), ...this.#written.keys()])].sort();
    return this.#sorted;
  }
}

function etagOf({ id }: CorpusMessage): string {
  return `0x8DDD${id.slice(-12)}`;
}

function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle] as string) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
