import type { MetadataErrorCode } from '../../shared/errors';
import type { MetadataStore } from '../../shared/ports/metadata-store';
import { DEFAULT_RETRY_POLICY } from '../../shared/retry/retry';
import type { Fault, SeenRequest } from '../support/fault-proxy';
import { type FaultWorld, TRY_TIMEOUT_MS } from './fault-world';
import { everything, expectFailure } from './metadata-store-contract';

/** The item that is there, PK and SK. */
export const WARM = { PK: 'p', SK: 'warm' };

/** What a service of metadata says when it cannot or will not. */
export interface MetadataFaults {
  readonly transient: readonly (readonly [name: string, fault: Fault, code: MetadataErrorCode])[];
  /** What a store gives up on in the end. */
  readonly endless: readonly [fault: Fault, code: MetadataErrorCode];
  /** Throttled, and told how long to wait. */
  readonly wait: readonly [fault: Fault, askedMs: number];
  /** What is not tried again, and what its error tells. */
  readonly final: readonly (readonly [name: string, fault: Fault, code: MetadataErrorCode, told: string])[];
  readonly isWrite: (request: SeenRequest) => boolean;
}

/** Every call of a store. @param direct tells the version of {@link WARM} */
export async function callsOf(store: MetadataStore, direct: MetadataStore): Promise<(() => Promise<unknown>)[]> {
  const { version = '' } = (await direct.get('p', 'warm')) ?? {};
  return [
    () => store.get('p', 'warm'),
    () => store.query({ partition: 'p' }),
    () => store.put({ PK: 'p', SK: 's' }),
    () => store.put({ PK: 'p', SK: 's2' }, 'absent'),
    () => store.put({ PK: 'p', SK: 'warm', n: 1 }, { version }),
  ];
}

/** What every metadata store makes of a service's faults. @param world with {@link WARM} in the store */
export function describeMetadataFaults(world: () => FaultWorld<MetadataStore>, faults: MetadataFaults): void {
  describe.each(faults.transient)('%s', (_, fault, code) => {
    test('is a transient failure of every call, which makes one request', async () => {
      const { proxy, direct, single } = world();

      for (const call of await callsOf(single, direct)) {
        proxy.reset();
        proxy.inject({ fault, times: 10 });
        const error = await expectFailure(call(), code, 'transient');
        expect(proxy.requests).toHaveLength(1);
        expect(error.message).toContain(single.name);
      }
    });

    test('is tried again, and loses nothing', async () => {
      const { proxy, store, retries, clock } = world();
      const items = Array.from({ length: 7 }, (__, n) => ({ PK: 'q', SK: `CHAT#${n}`, n }));
      proxy.inject({ fault, times: 12, when: () => proxy.requests.length % 3 === 0 });

      for (const item of items) await store.put(item);
      const found = await everything(store, { partition: 'q' });

      expect(found).toEqual(items);
      expect(retries.length).toBeGreaterThan(3);
      expect(clock.sleeps).toEqual(retries.map(({ waitMs }) => waitMs));
    });
  });

  test.each([0, 0.5])('an answer that stalls after %d of it is given up, and asked for again', async (kept) => {
    const { proxy, hasty, retries } = world();
    proxy.inject({ fault: { kind: 'stall', kept } });

    const found = await hasty.get('p', 'warm');

    expect(found?.item).toEqual(WARM);
    expect(retries.map(({ error }) => error.code)).toEqual(['metadata_timeout']);
    expect(retries[0]?.error.message).toContain(`${TRY_TIMEOUT_MS} ms`);
  });

  test('waits as long as a throttling service asks', async () => {
    const { proxy, store, clock } = world();
    const [fault, askedMs] = faults.wait;
    proxy.inject({ fault });

    await store.get('p', 'warm');

    expect(clock.sleeps).toHaveLength(1);
    expect(clock.sleeps[0]).toBeGreaterThanOrEqual(askedMs);
  });

  test('gives up after the policy says so', async () => {
    const { proxy, store } = world();
    const [fault, code] = faults.endless;
    proxy.inject({ fault, times: 1000 });

    await expectFailure(store.get('p', 's'), code, 'transient');

    expect(proxy.requests).toHaveLength(DEFAULT_RETRY_POLICY.maxTries);
  });

  test.each(faults.final)('%s is not tried again, and is named with what to do', async (_, fault, code, told) => {
    const { proxy, direct, store, clock } = world();

    for (const call of await callsOf(store, direct)) {
      proxy.reset();
      proxy.inject({ fault, times: 10 });
      const error = await expectFailure(call(), code, 'configuration');
      expect(proxy.requests).toHaveLength(1);
      expect(error.message).toContain(store.name);
      expect(error.message).toContain(told);
    }
    expect(clock.sleeps).toEqual([]);
  });

  describe('conditional puts whose answer is lost', () => {
    test('count as done where the item is there, with absent', async () => {
      const { proxy, direct, store, retries } = world();
      proxy.inject({ fault: { kind: 'drop-after' }, when: faults.isWrite });

      await store.put({ PK: 'p', SK: 's', n: { deep: [1] } }, 'absent');

      expect((await direct.get('p', 's'))?.item).toEqual({ PK: 'p', SK: 's', n: { deep: [1] } });
      expect(retries).toHaveLength(1);
    });

    test('count as done where the item is there, over a version', async () => {
      const { proxy, direct, store } = world();
      const { version = '' } = (await direct.get('p', 'warm')) ?? {};
      proxy.inject({ fault: { kind: 'drop-after' }, when: faults.isWrite });

      await store.put({ ...WARM, n: 1 }, { version });

      expect((await direct.get('p', 'warm'))?.item.n).toBe(1);
    });

    test('fail where somebody else was faster', async () => {
      const { proxy, direct, store } = world();
      const { version = '' } = (await direct.get('p', 'warm')) ?? {};
      await direct.put({ ...WARM, by: 'them' });
      proxy.inject({ fault: { kind: 'drop-before' }, when: faults.isWrite });

      const late = store.put({ ...WARM, by: 'me' }, { version });

      await expectFailure(late, 'metadata_precondition_failed', 'permanent');
      expect((await direct.get('p', 'warm'))?.item.by).toBe('them');
    });
  });
}
