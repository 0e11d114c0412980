import type { ObjectStore } from '../../../shared/ports/object-store';
import { messageBody, messageKeyAt } from '../../support/chat';
import { ExportWorld, runDay, TENANT } from '../../support/export-world';

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
});
