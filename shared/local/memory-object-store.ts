import { StorageError } from '../errors';
import { unreadableBody, wrongBodySize } from '../ports/object-bodies';
import { checkFolderPrefix, checkKey, checkNewKey, checkPrefix, checkRange } from '../ports/object-key-rules';
import type {
  ListOptions,
  ObjectBody,
  ObjectEntry,
  ObjectPage,
  ObjectStore,
  PrefixPage,
  ReadOptions,
  StoredObject,
  WriteOptions,
} from '../ports/object-store';
import { pageAfter } from './page-after';

export interface MemoryObjectStoreOptions {
  readonly name?: string;
  /** Entries in a page of a listing. */
  readonly pageSize?: number;
}

/** An object store in this process's memory, for tests. Like Azure's, it gives a new ETag at every write. */
export class MemoryObjectStore implements ObjectStore {
  readonly name: string;
  readonly #pageSize: number;
  readonly #objects = new Map<string, StoredObject>();
  /** The keys in order, made again when they have changed. */
  #sorted: readonly string[] | undefined;
  #writes = 0;

  constructor({ name = 'memory', pageSize = 1000 }: MemoryObjectStoreOptions = {}) {
    this.name = name;
    this.#pageSize = pageSize;
  }

  async list(prefix: string, continuation?: string, { from = '' }: ListOptions = {}): Promise<ObjectPage> {
    checkPrefix(prefix);
    const keys = this.#keysBelow(prefix).filter((key) => key >= from);
    const { items, next } = pageAfter(keys, continuation, this.#pageSize);
    return { entries: items.map((key) => this.#entry(key)), ...next };
  }

  async listPrefixes(prefix: string, continuation?: string): Promise<PrefixPage> {
    checkFolderPrefix(prefix);
    const folders = new Set<string>();
    for (const key of this.#keysBelow(prefix)) {
      const end = key.indexOf('/', prefix.length);
      if (end >= 0) folders.add(key.slice(0, end + 1));
    }
    const { items, next } = pageAfter([...folders].sort(), continuation, this.#pageSize);
    return { prefixes: items, ...next };
  }

  async read(key: string, options: ReadOptions = {}): Promise<StoredObject> {
    checkKey(key);
    const { ifMatch, range } = options;
    if (range !== undefined) checkRange(key, range);
    const stored = this.#objects.get(key);
    if (stored === undefined) throw this.#error('object_not_found', `There is no object ${JSON.stringify(key)}`);
    if (ifMatch !== undefined && ifMatch !== stored.etag) throw this.#changed(key);
    const { offset, length } = range ?? { offset: 0, length: stored.body.byteLength };
    return { body: stored.body.slice(offset, offset + length), etag: stored.etag };
  }

  async head(key: string): Promise<ObjectEntry | undefined> {
    checkKey(key);
    return this.#objects.has(key) ? this.#entry(key) : undefined;
  }

  async write(key: string, body: ObjectBody, { onlyIf }: WriteOptions): Promise<{ readonly etag: string }> {
    checkNewKey(key);
    const bytes = await bytesOf(body);
    const current = this.#objects.get(key)?.etag;
    if (onlyIf !== undefined && current !== (onlyIf === 'absent' ? undefined : onlyIf.etag)) throw this.#changed(key);
    this.#writes += 1;
    const etag = `0x${this.#writes.toString(16).toUpperCase()}`;
    if (current === undefined) this.#sorted = undefined;
    this.#objects.set(key, { body: bytes, etag });
    return { etag };
  }

  async delete(key: string): Promise<void> {
    checkKey(key);
    if (this.#objects.delete(key)) this.#sorted = undefined;
  }

  #keysBelow(prefix: string): string[] {
    this.#sorted ??= [...this.#objects.keys()].sort();
    return this.#sorted.filter((key) => key.startsWith(prefix));
  }

  #entry(key: string): ObjectEntry {
    const { etag = '', body } = this.#objects.get(key) ?? {};
    return { key, etag, size: body?.byteLength ?? 0 };
  }

  #changed(key: string): StorageError {
    return this.#error('precondition_failed', `The object ${JSON.stringify(key)} is not the version that was expected`);
  }

  #error(code: 'object_not_found' | 'precondition_failed', what: string): StorageError {
    return new StorageError(`${what} in ${this.name}.`, { code, kind: 'permanent' });
  }
}

async function bytesOf(body: ObjectBody): Promise<Uint8Array> {
  // A copy of our own, and a plain array: slice() of a Buffer shares its memory.
  if (body instanceof Uint8Array) return new Uint8Array(body);
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of body.open()) chunks.push(chunk);
  } catch (error) {
    throw unreadableBody(error);
  }
  const bytes = new Uint8Array(Buffer.concat(chunks));
  if (bytes.byteLength !== body.size) throw wrongBodySize(body.size, bytes.byteLength);
  return bytes;
}
