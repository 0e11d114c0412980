import { StorageError } from '../errors';
import type {
  ListOptions,
  ObjectBody,
  ObjectEntry,
  ObjectPage,
  ObjectStore,
  PrefixPage,
  ReadOptions,
  ReadWatch,
  StoredObject,
  WriteOptions,
} from '../ports/object-store';
import { type Retry, type RetryOptions, retrying } from './retry';
import { holds } from './same-content';
import { UnclearTries } from './unclear-tries';

/** A failed try of a store's call that is about to be followed by another one. */
export interface StoreRetry extends Retry {
  /** The store's name. */
  readonly store: string;
  readonly operation: string;
  /** The key, prefix or item that the call is about. */
  readonly target: string;
}

export interface RetryingStoreOptions extends Omit<RetryOptions, 'onRetry'> {
  readonly onRetry?: ((retry: StoreRetry) => void) | undefined;
}

/**
 * An object store whose calls are tried again while they fail with something transient.
 *
 * A conditional write whose answer was lost, and that then finds its condition broken, reads the object back: where it
 * holds the very bytes that were to be written, they count as ours, and the write as done.
 */
export class RetryingObjectStore implements ObjectStore {
  readonly name: string;
  readonly #store: ObjectStore;
  readonly #options: RetryingStoreOptions;

  constructor(store: ObjectStore, options: RetryingStoreOptions) {
    this.name = store.name;
    this.#store = store;
    this.#options = options;
  }

  async list(prefix: string, continuation?: string, options?: ListOptions): Promise<ObjectPage> {
    return this.#retry('list', prefix, () => this.#store.list(prefix, continuation, options));
  }

  async listPrefixes(prefix: string, continuation?: string): Promise<PrefixPage> {
    return this.#retry('listPrefixes', prefix, () => this.#store.listPrefixes(prefix, continuation));
  }

  read(key: string, options?: ReadOptions): Promise<StoredObject> {
    const watch = options?.watch;
    const read = () => this.#store.read(key, options);
    return this.#retry('read', key, watch === undefined ? read : () => this.#watched(read, watch));
  }

  async head(key: string): Promise<ObjectEntry | undefined> {
    return this.#retry('head', key, () => this.#store.head(key));
  }

  async write(key: string, body: ObjectBody, options: WriteOptions): Promise<{ readonly etag: string }> {
    const tries = new UnclearTries();
    try {
      return await this.#retry('write', key, () => tries.watch(() => this.#store.write(key, body, options)));
    } catch (error) {
      if (!tries.seen || !isBrokenCondition(error)) throw error;
      const written = await this.head(key);
      if (written !== undefined && (await holds(this, written, body))) return { etag: written.etag };
      throw error;
    }
  }

  async delete(key: string): Promise<void> {
    await this.#retry('delete', key, () => this.#store.delete(key));
  }

  async #watched<T>(attempt: () => Promise<T>, watch: ReadWatch): Promise<T> {
    const { clock } = this.#options;
    const begun = clock.now();
    try {
      const result = await attempt();
      watch.answered(begun, clock.now());
      return result;
    } catch (error) {
      if (error instanceof StorageError && OVERLOAD.has(error.code)) watch.overloaded(begun, clock.now());
      else watch.answered(begun, clock.now());
      throw error;
    }
  }

  #retry<T>(operation: string, target: string, call: () => Promise<T>): Promise<T> {
    const { clock, random, policy, onRetry } = this.#options;
    return retrying(call, {
      clock,
      random,
      policy,
      onRetry: onRetry && ((retry) => onRetry({ ...retry, store: this.name, operation, target })),
    });
  }
}

/** A connection that is lost says nothing about how much there was to do. */
const OVERLOAD = new Set<string>(['storage_throttled', 'storage_unavailable', 'storage_timeout']);

function isBrokenCondition(error: unknown): boolean {
  return error instanceof StorageError && error.code === 'precondition_failed';
}
