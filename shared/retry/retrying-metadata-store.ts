import { isDeepStrictEqual } from 'node:util';
import { MetadataError } from '../errors';
import { storableItem } from '../ports/metadata-item-rules';
import type { MetadataItem, MetadataPage, MetadataQuery, MetadataStore, VersionedItem } from '../ports/metadata-store';
import { retrying } from './retry';
import type { RetryingStoreOptions } from './retrying-object-store';
import { UnclearTries } from './unclear-tries';

/**
 * A metadata store whose calls are tried again while they fail with something transient.
 *
 * A conditional put whose answer was lost, and that then finds its condition broken, reads the item back: where it is the
 * very item that was to be written, it counts as ours, and the put as done.
 */
export class RetryingMetadataStore implements MetadataStore {
  readonly name: string;
  readonly #store: MetadataStore;
  readonly #options: RetryingStoreOptions;

  constructor(store: MetadataStore, options: RetryingStoreOptions) {
    this.name = store.name;
    this.#store = store;
    this.#options = options;
  }

  async get(partition: string, sortKey: string): Promise<VersionedItem | undefined> {
    return this.#retry('get', `${partition} / ${sortKey}`, () => this.#store.get(partition, sortKey));
  }

  async query(query: MetadataQuery, continuation?: string): Promise<MetadataPage> {
    return this.#retry('query', query.partition, () => this.#store.query(query, continuation));
  }

  async put(item: MetadataItem, onlyIf?: 'absent' | { readonly version: string }): Promise<void> {
    const tries = new UnclearTries();
    try {
      const put = () => tries.watch(() => this.#store.put(item, onlyIf));
      await this.#retry('put', `${item.PK} / ${item.SK}`, put);
    } catch (error) {
      if (!tries.seen || !isBrokenCondition(error)) throw error;
      const there = await this.get(item.PK, item.SK);
      if (there === undefined || !isDeepStrictEqual(there.item, storableItem(item))) throw error;
    }
  }

  async #retry<T>(operation: string, target: string, call: () => Promise<T>): Promise<T> {
    const { onRetry, ...options } = this.#options;
    return retrying(call, {
      ...options,
      onRetry: onRetry && ((retry) => onRetry({ ...retry, store: this.name, operation, target })),
    });
  }
}

function isBrokenCondition(error: unknown): boolean {
  return error instanceof MetadataError && error.code === 'metadata_precondition_failed';
}
