import { MetadataError, StorageError } from '../../../shared/errors';
import { MemoryMetadataStore } from '../../../shared/local/memory-metadata-store';
import { MemoryObjectStore } from '../../../shared/local/memory-object-store';
import type { MetadataItem, MetadataStore } from '../../../shared/ports/metadata-store';
import type { ObjectStore } from '../../../shared/ports/object-store';
import { DEFAULT_RETRY_POLICY } from '../../../shared/retry/retry';
import { RetryingMetadataStore } from '../../../shared/retry/retrying-metadata-store';
import {
  RetryingObjectStore,
  type RetryingStoreOptions,
  type StoreRetry,
} from '../../../shared/retry/retrying-object-store';
import { describeMetadataStore, PAGE_SIZE as METADATA_PAGE_SIZE } from '../../contract/metadata-store-contract';
import { describeObjectStore, expectFailure, PAGE_SIZE } from '../../contract/object-store-contract';
import { SteppingClock } from '../../support/stepping-clock';

const TEXT = { contentType: 'text/plain' };

function options(retries: StoreRetry[] = []): RetryingStoreOptions {
  const onRetry = (retry: StoreRetry) => retries.push(retry);
  return { clock: new SteppingClock(), random: () => 0.5, policy: DEFAULT_RETRY_POLICY, onRetry };
}

/** Calls at the same time share the faults unevenly: one of them may get many in a row. */
const patient = (): RetryingStoreOptions => ({ ...options(), policy: { ...DEFAULT_RETRY_POLICY, maxTries: 100 } });

const lost = () => new StorageError('The connection was lost.', { code: 'storage_connection_lost', kind: 'transient' });
const throttled = () => new StorageError('Too busy.', { code: 'storage_throttled', kind: 'transient' });
const metadataLost = () =>
  new MetadataError('The connection was lost.', { code: 'metadata_connection_lost', kind: 'transient' });

/** Makes every call of a store fail in turn: first before it does anything, then after it did it, then not at all. */
function flaky<Store extends object>(store: Store, error: () => Error): Store {
  let calls = 0;
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return async (...args: unknown[]) => {
        calls += 1;
        if (calls % 3 === 1) throw error();
        const result: unknown = await Reflect.apply(member, target, args);
        if (calls % 3 === 2) throw error();
        return result;
      };
    },
  });
}

const openObjects = async () => {
  const memory = new MemoryObjectStore({ pageSize: PAGE_SIZE });
  return { store: new RetryingObjectStore(flaky<ObjectStore>(memory, lost), patient()) };
};

describeObjectStore('retries over a store that fails two of three times', openObjects, { canBeMissing: false });

const openItems = async () => {
  const memory = new MemoryMetadataStore({ pageSize: METADATA_PAGE_SIZE });
  return { store: new RetryingMetadataStore(flaky<MetadataStore>(memory, metadataLost), patient()) };
};

describeMetadataStore('retries over a store that fails two of three times', openItems, { canBeMissing: false });

describe('RetryingObjectStore', () => {
  /** A store whose first write fails in a given way, which may have written something by then. */
  function failingFirst(error: () => Error, before: (store: ObjectStore) => Promise<unknown> = async () => undefined) {
    const memory = new MemoryObjectStore();
    let writes = 0;
    const store: ObjectStore = Object.assign(Object.create(memory), {
      name: 'memory',
      list: (prefix: string, continuation?: string) => memory.list(prefix, continuation),
      listPrefixes: (prefix: string, continuation?: string) => memory.listPrefixes(prefix, continuation),
      read: (...args: Parameters<ObjectStore['read']>) => memory.read(...args),
      head: (key: string) => memory.head(key),
      delete: (key: string) => memory.delete(key),
      write: async (...args: Parameters<ObjectStore['write']>) => {
        writes += 1;
        if (writes > 1) return memory.write(...args);
        await before(memory);
        throw error();
      },
    });
    return { memory, store };
  }

  test('a lost write that was ours counts as done, with its ETag', async () => {
    const { memory, store } = failingFirst(lost, (inner) => inner.write('x', Buffer.from('mine'), TEXT));

    const written = await new RetryingObjectStore(store, options()).write('x', Buffer.from('mine'), {
      ...TEXT,
      onlyIf: 'absent',
    });

    expect(written.etag).toBe((await memory.head('x'))?.etag);
  });

  test.each([
    ['another length', 'mine too'],
    ['the same length', 'them'],
  ])('somebody else’s object of %s is not taken for ours', async (_, theirs) => {
    const { store } = failingFirst(lost, (inner) => inner.write('x', Buffer.from(theirs), TEXT));

    const late = new RetryingObjectStore(store, options()).write('x', Buffer.from('mine'), {
      ...TEXT,
      onlyIf: 'absent',
    });

    await expectFailure(late, 'precondition_failed', 'permanent');
  });

  test('a write that the service refused to look at cannot have been ours', async () => {
    const { store } = failingFirst(throttled, (inner) => inner.write('x', Buffer.from('mine'), TEXT));

    const late = new RetryingObjectStore(store, options()).write('x', Buffer.from('mine'), {
      ...TEXT,
      onlyIf: 'absent',
    });

    await expectFailure(late, 'precondition_failed', 'permanent');
  });

  test('an object that is gone by the time it is read back is not ours', async () => {
    const { store } = failingFirst(lost, (inner) => inner.write('x', Buffer.from('1'), TEXT));

    const late = new RetryingObjectStore(store, options()).write('y', Buffer.from('mine'), {
      ...TEXT,
      onlyIf: { etag: 'an older one' },
    });

    await expectFailure(late, 'precondition_failed', 'permanent');
  });

  test('tells what was tried, on what and where', async () => {
    const retries: StoreRetry[] = [];
    const { store } = failingFirst(lost);

    await new RetryingObjectStore(store, options(retries)).write('a/b', Buffer.from('1'), TEXT);

    expect(retries).toMatchObject([{ store: 'memory', operation: 'write', target: 'a/b', tries: 1, waitMs: 125 }]);
  });
});

describe('RetryingMetadataStore', () => {
  const item: MetadataItem = { PK: 'p', SK: 's', nested: { a: [1, null] } };

  test('an item is compared by what it says, not by the order in which it says it', async () => {
    const memory = new MemoryMetadataStore();
    let puts = 0;
    const store: MetadataStore = {
      name: 'memory',
      get: (partition, sortKey) => memory.get(partition, sortKey),
      query: (query, continuation) => memory.query(query, continuation),
      put: async (...args) => {
        puts += 1;
        if (puts > 1) return memory.put(...args);
        await memory.put({ nested: { a: [1, null] }, SK: 's', PK: 'p' });
        throw metadataLost();
      },
    };

    await new RetryingMetadataStore(store, options()).put({ ...item, none: undefined }, 'absent');

    expect((await memory.get('p', 's'))?.item).toEqual(item);
  });
});
