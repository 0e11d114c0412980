import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import type { StorageErrorCode } from '../../shared/errors';
import type { ObjectStore } from '../../shared/ports/object-store';
import { DEFAULT_RETRY_POLICY } from '../../shared/retry/retry';
import type { Fault } from '../support/fault-proxy';
import { type FaultWorld, TRY_TIMEOUT_MS } from './fault-world';
import { everything, expectFailure } from './object-store-support';

const JSON_BODY = { contentType: 'application/json' };

/** What a service of objects says when it cannot or will not. */
export interface ObjectFaults {
  readonly transient: readonly (readonly [name: string, fault: Fault, code: StorageErrorCode])[];
  /** Answers that say how long to wait. */
  readonly waits: readonly (readonly [name: string, fault: Fault, askedMs: number])[];
  /** What is not tried again, and what its error tells. */
  readonly final: readonly (readonly [name: string, fault: Fault, code: StorageErrorCode, told: string])[];
  /** What no error shows. */
  readonly secrets: RegExp;
}

const callsOf = (store: ObjectStore): (() => Promise<unknown>)[] => [
  () => store.list(''),
  () => store.listPrefixes(''),
  () => store.read('x'),
  () => store.head('x'),
  () => store.write('y', Buffer.from('1'), JSON_BODY),
  () => store.delete('z'),
];

/** What every object store makes of a service's faults. */
export function describeObjectFaults(world: () => FaultWorld<ObjectStore>, faults: ObjectFaults): void {
  describe.each(faults.transient)('%s', (_, fault, code) => {
    test('is a transient failure of every call, which makes one request', async () => {
      const { proxy, direct, single } = world();
      await direct.write('x', Buffer.from('1'), JSON_BODY);

      for (const call of callsOf(single)) {
        proxy.reset();
        proxy.inject({ fault, times: 10 });
        const error = await expectFailure(call(), code, 'transient');
        expect(proxy.requests).toHaveLength(1);
        expect(error.message).toContain(single.name);
      }
    });

    test('is tried again, with growing waits and no loss', async () => {
      const { proxy, store, retries, clock } = world();
      const keys = Array.from({ length: 7 }, (__, i) => `messages/${i}.json`);
      proxy.inject({ fault, times: 40, when: () => proxy.requests.length % 3 !== 0 });

      for (const key of keys) await store.write(key, Buffer.from(`body of ${key}`), JSON_BODY);
      const listed = await keysOf(store);
      const read: string[] = [];
      for (const key of listed) read.push(Buffer.from((await store.read(key)).body).toString());

      expect(listed).toEqual(keys);
      expect(read).toEqual(keys.map((key) => `body of ${key}`));
      expect(retries.length).toBeGreaterThan(5);
      expect(clock.sleeps).toEqual(retries.map(({ waitMs }) => waitMs));
    });
  });

  test('gives up after the policy says so, and says how often it tried', async () => {
    const { proxy, store, clock } = world();
    proxy.inject({ fault: { kind: 'status', status: 503 }, times: 1000 });

    const error = await expectFailure(store.read('x'), 'storage_unavailable', 'transient');

    expect(proxy.requests).toHaveLength(DEFAULT_RETRY_POLICY.maxTries);
    expect(error.message).toContain(`tried ${DEFAULT_RETRY_POLICY.maxTries} times`);
    expect(clock.sleeps).toEqual([250, 500, 1000, 2000, 4000, 8000, 16_000]);
  });

  test.each(faults.waits)('waits as long as the service asks: %s', async (_, fault, askedMs) => {
    const { proxy, direct, store, clock } = world();
    await direct.write('x', Buffer.from('1'), JSON_BODY);
    proxy.inject({ fault });

    await store.read('x');

    expect(clock.sleeps).toHaveLength(1);
    expect(clock.sleeps[0]).toBeGreaterThanOrEqual(askedMs);
    expect(clock.sleeps[0]).toBeLessThanOrEqual(askedMs + DEFAULT_RETRY_POLICY.baseDelayMs);
  });

  test.each(faults.final)('%s is not tried again, and is named with what to do', async (_, fault, code, told) => {
    const { proxy, store, clock } = world();

    for (const call of callsOf(store)) {
      proxy.reset();
      proxy.inject({ fault, times: 10 });
      const error = await expectFailure(call(), code, 'configuration');
      expect(proxy.requests).toHaveLength(1);
      expect(error.message).toContain(store.name);
      expect(error.message).toContain(told);
      expect(inspect(error, { depth: 10, showHidden: true })).not.toMatch(faults.secrets);
    }
    expect(clock.sleeps).toEqual([]);
  });

  describeLostAnswers(world);
}

/** Answers that end too soon, or never come. */
function describeLostAnswers(world: () => FaultWorld<ObjectStore>): void {
  test.each([0, 0.1, 0.9])('a body that ends after %d of it is read again whole', async (kept) => {
    const { proxy, direct, store, retries } = world();
    const body = randomBytes(300_000);
    await direct.write('x', body, JSON_BODY);
    proxy.inject({ fault: { kind: 'truncate', kept }, times: 2 });

    const read = await store.read('x');

    expect(Buffer.compare(read.body, body)).toBe(0);
    expect(retries.map(({ error }) => error.code)).toEqual(['storage_connection_lost', 'storage_connection_lost']);
  });

  test('a listing that ends in the middle is listed again whole', async () => {
    const { proxy, direct, store, retries } = world();
    for (const key of ['a', 'b', 'c', 'd', 'e']) await direct.write(key, Buffer.from('1'), JSON_BODY);
    proxy.inject({ fault: { kind: 'truncate' }, times: 2 });

    expect(await keysOf(store)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(retries.map(({ error }) => error.kind)).toEqual(['transient', 'transient']);
  });

  test.each([0, 0.5])('a body that stalls after %d of it is given up and read again', async (kept) => {
    const { proxy, direct, hasty, retries } = world();
    await direct.write('x', randomBytes(100_000), JSON_BODY);
    proxy.inject({ fault: { kind: 'stall', kept } });

    const { body } = await hasty.read('x');

    expect(body.byteLength).toBe(100_000);
    expect(retries.map(({ error }) => error.code)).toEqual(['storage_timeout']);
    expect(retries[0]?.error.message).toContain(`${TRY_TIMEOUT_MS} ms`);
  });

  test('a write that is not answered is given up and made again', async () => {
    const { proxy, direct, hasty, retries } = world();
    proxy.inject({ fault: { kind: 'stall', kept: 0 } });

    await hasty.write('x', Buffer.from('1'), JSON_BODY);

    expect(retries.map(({ error }) => error.code)).toEqual(['storage_timeout']);
    expect(Buffer.from((await direct.read('x')).body).toString()).toBe('1');
  });

  test('a conditional write whose answer is lost counts as done where the object holds it', async () => {
    const { proxy, direct, store } = world();
    proxy.inject({ fault: { kind: 'drop-after' }, when: ({ method }) => method === 'PUT' });

    const { etag } = await store.write('x', Buffer.from('mine'), { ...JSON_BODY, onlyIf: 'absent' });

    expect(Buffer.from((await direct.read('x', { ifMatch: etag })).body).toString()).toBe('mine');
  });

  test('one over a version counts as done, too', async () => {
    const { proxy, direct, store } = world();
    const before = await direct.write('x', Buffer.from('before'), JSON_BODY);
    proxy.inject({ fault: { kind: 'drop-after' }, when: ({ method }) => method === 'PUT' });

    const { etag } = await store.write('x', Buffer.from('after'), { ...JSON_BODY, onlyIf: before });

    expect((await direct.head('x'))?.etag).toBe(etag);
  });

  test('a conditional write fails where somebody else was faster', async () => {
    const { proxy, direct, store } = world();
    await direct.write('x', Buffer.from('them'), JSON_BODY);
    proxy.inject({ fault: { kind: 'drop-before' }, when: ({ method }) => method === 'PUT' });

    const late = store.write('x', Buffer.from('mine'), { ...JSON_BODY, onlyIf: 'absent' });

    await expectFailure(late, 'precondition_failed', 'permanent');
  });

  test('a conditional write fails at once where no answer was lost, even over the same bytes', async () => {
    const { proxy, direct, store } = world();
    await direct.write('x', Buffer.from('same'), JSON_BODY);

    const late = store.write('x', Buffer.from('same'), { ...JSON_BODY, onlyIf: 'absent' });

    await expectFailure(late, 'precondition_failed', 'permanent');
    expect(proxy.requests).toHaveLength(1);
  });
}

async function keysOf(store: ObjectStore): Promise<string[]> {
  return (await everything(store)).map(({ key }) => key);
}
