import type { Readable } from 'node:stream';

/** One stored object as a listing names it. `etag` changes whenever the content does; `size` is in bytes. */
export interface ObjectEntry {
  readonly key: string;
  readonly etag: string;
  readonly size: number;
}

/** One page of a listing. `next` is the token of the following page, absent on the last one. */
export interface ObjectPage {
  readonly entries: readonly ObjectEntry[];
  readonly next?: string;
}

/** One page of the "folders" directly below a prefix, each ending in `/`. */
export interface PrefixPage {
  readonly prefixes: readonly string[];
  readonly next?: string;
}

export interface StoredObject {
  readonly body: Uint8Array;
  readonly etag: string;
}

/** What is written. A reopenable body is read from its start again at every try, so that a write can be retried. */
export type ObjectBody = Uint8Array | { readonly size: number; open(): Readable };

export interface WriteOptions {
  readonly contentType: string;
  /** `absent`: only where no object is; an etag: only over that very version. Without it: over whatever is there. */
  readonly onlyIf?: 'absent' | { readonly etag: string };
}

/**
 * A container of objects (a blob container, a bucket, a folder), at the level of single requests: every method is one
 * call that can be retried by itself. Keys are `/`-separated, without a leading slash.
 *
 * Every method throws StorageError; `container_not_found` and `access_denied` are of kind `configuration`.
 */
export interface ObjectStore {
  /** What this store is, for people: an account and container, never a secret. */
  readonly name: string;

  /** Objects whose key begins with `prefix`, at any depth. No order is promised across stores: sort with compareKeys. */
  list(prefix: string, continuation?: string): Promise<ObjectPage>;

  /** The distinct key parts between `prefix` (which ends in `/` or is empty) and the next `/`, as whole prefixes. */
  listPrefixes(prefix: string, continuation?: string): Promise<PrefixPage>;

  /**
   * The object, or the `range` of it (`length` bytes from `offset`; past the end it is cut short).
   * @throws StorageError `object_not_found`; `precondition_failed` where `ifMatch` is given and the object has another etag
   */
  read(
    key: string,
    options?: { readonly ifMatch?: string; readonly range?: { readonly offset: number; readonly length: number } },
  ): Promise<StoredObject>;

  /** The object's entry, or undefined where there is none. */
  head(key: string): Promise<ObjectEntry | undefined>;

  /** Writes the whole object or nothing. @throws StorageError `precondition_failed` where `onlyIf` does not hold */
  write(key: string, body: ObjectBody, options: WriteOptions): Promise<{ readonly etag: string }>;

  /** Deletes the object; one that is not there is no error. */
  delete(key: string): Promise<void>;
}
