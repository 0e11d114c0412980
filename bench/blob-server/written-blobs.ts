import { hash } from 'node:crypto';
import { lowerBound, type NameCursor } from './name-cursor';

export interface FoundBlob {
  readonly etag: string;
  readonly bytes: Buffer;
}

/** What clients wrote: whole blobs, and blocks that are not committed yet. */
export class WrittenBlobs {
  readonly #blobs = new Map<string, FoundBlob>();
  readonly #blocks = new Map<string, Map<string, Buffer>>();
  #sorted: readonly string[] | undefined;
  #writes = 0;

  find(key: string): FoundBlob | undefined {
    return this.#blobs.get(key);
  }

  /** @returns the new ETag */
  put(key: string, bytes: Buffer): string {
    this.#writes += 1;
    const etag = `0x9${hash('md5', bytes, 'hex').slice(0, 10)}${this.#writes.toString(16)}`;
    if (!this.#blobs.has(key)) this.#sorted = undefined;
    // A request's own bytes are a part of what came over the connection, which would be kept with them.
    this.#blobs.set(key, { etag, bytes: Buffer.from(bytes) });
    this.#blocks.delete(key);
    return etag;
  }

  putBlock(key: string, id: string, bytes: Buffer): void {
    const blocks = this.#blocks.get(key) ?? new Map<string, Buffer>();
    blocks.set(id, Buffer.from(bytes));
    this.#blocks.set(key, blocks);
  }

  /** @returns the new ETag; undefined where one of the blocks is not there */
  commit(key: string, ids: readonly string[]): string | undefined {
    const blocks = this.#blocks.get(key);
    const bytes = ids.map((id) => blocks?.get(id)).filter((block) => block !== undefined);
    return bytes.length === ids.length ? this.put(key, Buffer.concat(bytes)) : undefined;
  }

  delete(key: string): boolean {
    this.#sorted = undefined;
    return this.#blobs.delete(key);
  }

  clear(): void {
    this.#blobs.clear();
    this.#blocks.clear();
    this.#sorted = undefined;
  }

  /** Stands at the first key that is not before the given one. */
  from(key: string): NameCursor {
    this.#sorted ??= [...this.#blobs.keys()].sort();
    const keys = this.#sorted;
    let place = 0;
    const seek = (wanted: string) => {
      place = lowerBound(keys.length, (index) => (keys[index] as string) < wanted);
    };
    seek(key);
    return {
      entry: () => {
        const name = keys[place];
        if (name === undefined) return undefined;
        const { etag, bytes } = this.#blobs.get(name) as FoundBlob;
        return { key: name, etag, size: bytes.length };
      },
      advance: () => {
        place += 1;
      },
      seek,
    };
  }
}
