import { StorageError } from '../../../shared/errors';
import { MemoryObjectStore } from '../../../shared/local/memory-object-store';
import type { ObjectStore, ReadWatch } from '../../../shared/ports/object-store';
import { DEFAULT_RETRY_POLICY } from '../../../shared/retry/retry';
import { RetryingObjectStore } from '../../../shared/retry/retrying-object-store';
import { SteppingClock } from '../../support/stepping-clock';

const failure = (code: 'storage_throttled' | 'storage_unavailable' | 'storage_timeout' | 'storage_connection_lost') =>
  new StorageError('It failed.', { code, kind: 'transient' });

/** A store whose reads take 7 ms each, and fail with the given errors first. */
function storeThatFails(errors: StorageError[]) {
  const memory = new MemoryObjectStore();
  let nowMs = 1000;
  const clock = new SteppingClock();
  const read: ObjectStore['read'] = async (key) => {
    nowMs += 7;
    const error = errors.shift();
    if (error !== undefined) throw error;
    return memory.read(key);
  };
  const inner: ObjectStore = Object.assign(Object.create(memory) as ObjectStore, { name: 'x', read });
  const options = { clock: { now: () => nowMs, sleep: clock.sleep.bind(clock) }, random: () => 0 };
  return { memory, store: new RetryingObjectStore(inner, { ...options, policy: DEFAULT_RETRY_POLICY }) };
}

function watching(): { readonly watch: ReadWatch; readonly told: string[] } {
  const told: string[] = [];
  const watch: ReadWatch = {
    answered: (begunMs, endedMs) => told.push(`answered in ${endedMs - begunMs} ms`),
    overloaded: (begunMs, endedMs) => told.push(`overloaded in ${endedMs - begunMs} ms`),
  };
  return { watch, told };
}

describe('who watches a read that is tried several times', () => {
  test('is told of every try, and which of them asked for less', async () => {
    const codes = ['storage_throttled', 'storage_connection_lost', 'storage_unavailable', 'storage_timeout'] as const;
    const { memory, store } = storeThatFails(codes.map(failure));
    await memory.write('a', Buffer.from('1'), { contentType: 'text/plain' });
    const { watch, told } = watching();

    await store.read('a', { watch });

    expect(told).toEqual([
      'overloaded in 7 ms',
      'answered in 7 ms',
      'overloaded in 7 ms',
      'overloaded in 7 ms',
      'answered in 7 ms',
    ]);
  });

  test('is told of an answer that says that nothing is there', async () => {
    const { store } = storeThatFails([]);
    const { watch, told } = watching();

    await expect(store.read('a', { watch })).rejects.toMatchObject({ code: 'object_not_found' });

    expect(told).toEqual(['answered in 7 ms']);
  });
});
