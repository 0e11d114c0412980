import { DEFAULT_RETRY_POLICY } from '../../shared/retry/retry';
import type { RetryingStoreOptions, StoreRetry } from '../../shared/retry/retrying-object-store';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy';
import { SteppingClock } from '../support/stepping-clock';

/** What a hasty store gives a try: short for a test that waits for it, long for a busy machine that answers. */
export const TRY_TIMEOUT_MS = 1500;

/** One store, reached in several ways. Through the proxy, a page has three entries. */
export interface FaultyStores<Store> {
  /** Without the proxy. */
  readonly direct: Store;
  /** Through the proxy; every call is tried once. */
  readonly single: Store;
  /** The same, with {@link TRY_TIMEOUT_MS}. */
  readonly hasty: Store;
  close?(): void;
}

export interface FaultWorld<Store> extends Omit<FaultyStores<Store>, 'close'> {
  readonly proxy: FaultProxy;
  readonly clock: SteppingClock;
  /** What was tried again, by `store` and `hasty`. */
  readonly retries: readonly StoreRetry[];
  /** As `single`, but that its calls are tried again; so are those of `hasty`. */
  readonly store: Store;
}

/**
 * Gives every test of a `describe` a store of its own on a service behind a proxy that spoils requests.
 *
 * @param open opens an empty store
 * @param Retrying what tries calls again
 * @returns gives the running test's
 */
export function behindFaults<Store>(
  serviceOrigin: () => string,
  open: (proxyOrigin: string) => Promise<FaultyStores<Store>>,
  Retrying: new (store: Store, options: RetryingStoreOptions) => Store,
): () => FaultWorld<Store> {
  let proxy: FaultProxy;
  let opened: FaultyStores<Store>;
  let world: FaultWorld<Store>;

  beforeAll(async () => {
    proxy = await startFaultProxy(serviceOrigin());
  });

  afterAll(() => proxy.stop());

  beforeEach(async () => {
    proxy.reset();
    opened = await open(proxy.origin);
    proxy.reset();
    const clock = new SteppingClock();
    const retries: StoreRetry[] = [];
    const onRetry = (retry: StoreRetry) => retries.push(retry);
    const options = { clock, random: () => 1, policy: DEFAULT_RETRY_POLICY, onRetry };
    const { direct, single, hasty } = opened;
    const store = new Retrying(single, options);
    world = { proxy, clock, retries, direct, single, store, hasty: new Retrying(hasty, options) };
  });

  afterEach(() => opened.close?.());

  return () => world;
}
