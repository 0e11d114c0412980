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

export interface ListOptions {
  /** Begin at this key, which begins with the listing's prefix: a store that cannot gives earlier ones too. */
  readonly from?: string;
}

export interface ReadOptions {
  readonly ifMatch?: string;
  /** `length` bytes from `offset`. */
  readonly range?: { readonly offset: number; readonly length: number };
  /** Is told of the tries behind the call by stores that make several; others pass over it. */
  readonly watch?: ReadWatch;
}

/** How the tries of reads go, for whoever reads so much that it matters how much at a time. Instants are in ms of one clock. */
export interface ReadWatch {
  /** A try was answered, be it that the object is not there. */
  answered(begunMs: number, endedMs: number): void;
  /** A try failed as they do where more is asked than can be served: it was refused, not answered in time, or failed at the service. */
  overloaded(begunMs: number, endedMs: number): void;
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
  list(prefix: string, continuation?: string, options?: ListOptions): Promise<ObjectPage>;

  /** The distinct key parts between `prefix` (which ends in `/` or is empty) and the next `/`, as whole prefixes. */
  listPrefixes(prefix: string, continuation?: string): Promise<PrefixPage>;

  /**
   * The object, or the `range` of it (`length` bytes from `offset`; past the end it is cut short).
   * @throws StorageError `object_not_found`; `precondition_failed` where `ifMatch` is given and the object has another etag
   */
  read(key: string, options?: ReadOptions): Promise<StoredObject>;

  /** The object's entry, or undefined where there is none. */
  head(key: string): Promise<ObjectEntry | undefined>;

  /** Writes the whole object or nothing. @throws StorageError `precondition_failed` where `onlyIf` does not hold */
  write(key: string, body: ObjectBody, options: WriteOptions): Promise<{ readonly etag: string }>;

  /** Deletes the object; one that is not there is no error. */
  delete(key: string): Promise<void>;
}
