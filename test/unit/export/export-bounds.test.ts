import { StorageError } from '../../../shared/errors';
import type { ObjectStore } from '../../../shared/ports/object-store';
import { DEFAULT_RETRY_POLICY } from '../../../shared/retry/retry';
import { RetryingObjectStore } from '../../../shared/retry/retrying-object-store';
import { messageBody, messageKeyAt } from '../../support/chat';
import { ExportWorld, runDay, TENANT } from '../../support/export-world';
import { recorded } from '../../support/store-spies';

// What an export holds in memory does not grow with the day.

const DATE = '2025-08-11';
const MESSAGES = 120;
const CONCURRENCY = 5;

/** A store that counts its reads, and how many of them are under way at a time. */
function counting(store: ObjectStore): {
  readonly store: ObjectStore;
  readonly most: () => number;
  readonly reads: () => number;
} {
  let underWay = 0;
  let most = 0;
  let reads = 0;
  const read: ObjectStore['read'] = async (key, options) => {
    underWay += 1;
    reads += 1;
    most = Math.max(most, underWay);
    const object = await store.read(key, options);
    // Others get their turn first, as they would while a real answer is on its way.
    await new Promise((resolve) => setImmediate(resolve));
    underWay -= 1;
    return object;
  };
  const counted: ObjectStore = {
    name: store.name,
    read,
    list: store.list.bind(store),
    listPrefixes: store.listPrefixes.bind(store),
    head: store.head.bind(store),
    write: store.write.bind(store),
    delete: store.delete.bind(store),
  };
  return { store: counted, most: () => most, reads: () => reads };
}

describe('an export', () => {
  it('has at most so many messages under way as it is told, and reads each once', async () => {
    const world = new ExportWorld({ readConcurrency: CONCURRENCY });
    for (let i = 0; i < MESSAGES; i++) {
      const at = new Date(Date.parse('2025-08-11T03:00:00Z') + i * 1000).toISOString();
      await world.putMessage(messageKeyAt(TENANT, `user${i % 7}`, 'r', at, `m${i}`), messageBody(`m${i}`, at));
    }
    const data = counting(world.data);

    const { manifest } = await runDay(world.context(DATE, { data: data.store }));

    expect(manifest.proof.exported).toBe(MESSAGES);
    expect(data.reads()).toBe(MESSAGES);
    expect(data.most()).toBe(CONCURRENCY);
  });

  it('does not read an object that is larger than a message may be, and says so in quarantine', async () => {
    const world = new ExportWorld();
    const at = '2025-08-11T03:00:00.000Z';
    await world.putMessage(messageKeyAt(TENANT, 'alice', 'r', at, 'big'), new Uint8Array(1024 * 1024 + 1));
    const data = counting(world.data);

    const { manifest } = await runDay(world.context(DATE, { data: data.store }));

    expect(data.reads()).toBe(0);
    expect(manifest.notices.quarantine).toEqual({ too_large: 1 });
    expect(manifest.proof).toMatchObject({ listed: 1, quarantined: 1 });
  });

  it('has fewer under way while the store has had enough, and loses nothing', async () => {
    const world = new ExportWorld({ readConcurrency: 64 });
    for (let i = 0; i < 600; i++) {
      const at = new Date(Date.parse('2025-08-11T03:00:00Z') + i * 1000).toISOString();
      await world.putMessage(messageKeyAt(TENANT, `user${i % 7}`, 'r', at, `m${i}`), messageBody(`m${i}`, at));
    }
    const capacity = 12;
    let refused = 0;
    const { store, most, reads } = counting(world.data);
    let underWay = 0;
    const read: ObjectStore['read'] = async (key, options) => {
      if (underWay >= capacity) {
        refused += 1;
        throw new StorageError('Too many.', { code: 'storage_throttled', kind: 'transient' });
      }
      underWay += 1;
      return store.read(key, options).finally(() => {
        underWay -= 1;
      });
    };
    const limited: ObjectStore = { ...store, read };
    let nowMs = 0;
    const sleep = async (ms: number) => {
      nowMs += ms;
      // Those that are under way go on meanwhile.
      for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    };
    const policy = { ...DEFAULT_RETRY_POLICY, maxTries: 1000 };
    const retrying = new RetryingObjectStore(limited, { clock: { now: () => nowMs, sleep }, random: () => 1, policy });

    const { manifest } = await runDay(world.context(DATE, { data: retrying }));

    expect(manifest.proof.exported).toBe(600);
    expect([reads(), most()]).toEqual([600, capacity]);
    expect(refused).toBeGreaterThan(0);
    expect(refused).toBeLessThan(600);
  });

  it('does not list a folder twice that it has found to be empty', async () => {
    const world = new ExportWorld();
    const at = '2025-08-11T03:00:00.000Z';
    for (const user of ['alice', 'bob']) {
      await world.putMessage(messageKeyAt(TENANT, user, 'r', at, 'm'), messageBody('m', at));
    }
    await runDay(world.context(DATE));
    await world.putMessage(messageKeyAt(TENANT, 'alice', 'r', at, 'new'), messageBody('new', at));
    // Long past, so that folders are listed one by one.
    world.nowMs = Date.parse('2025-09-12T17:00:00Z');
    const { store, calls } = recorded(world.data);

    const { manifest } = await runDay(world.context(DATE, { data: store }));

    const listed = calls.filter(({ method }) => method === 'list').map(({ key }) => key);
    const empty = listed.filter((key) => key.endsWith('/2025/08/10/'));
    const others = listed.filter((key) => key.endsWith('/2025/08/11/'));
    expect(manifest.proof.exported).toBe(3);
    expect([empty.length, new Set(empty).size]).toEqual([2, 2]);
    // Once to find out whether anything has changed, once to read it.
    expect([others.length, new Set(others).size]).toEqual([4, 2]);
  });
});
