import { MemoryMetadataStore } from '../../../shared/local/memory-metadata-store';
import type { Clock } from '../../../shared/ports/clock';
import type { MetadataItem, MetadataStore } from '../../../shared/ports/metadata-store';
import { QUOTA_LOT } from '../../../shared/youtube/quota-day';
import { QuotaLedger } from '../../../shared/youtube/quota-ledger';
import { untilAborted } from '../../support/standing-clock';

export const NOON = Date.parse('2026-07-01T19:00:00Z');
export const DAY = '2026-07-01';
export const NEXT_MIDNIGHT = '2026-07-02T07:00:00.000Z';

/** A clock that is moved by hand; whoever sleeps on it lets the others go first. */
export class ManualClock implements Clock {
  nowMs: number;
  readonly sleeps: number[] = [];

  constructor(nowMs = NOON) {
    this.nowMs = nowMs;
  }

  now(): number {
    return this.nowMs;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal !== undefined) return untilAborted(signal);
    this.sleeps.push(ms);
  }
}

export interface QuotaWorld {
  readonly metadata: MemoryMetadataStore;
  readonly clock: ManualClock;
  /** A ledger over the world's store, or over another one in its place. */
  ledger(options?: {
    readonly metadata?: MetadataStore;
    readonly dailyLimit?: number;
    readonly keyId?: string;
  }): QuotaLedger;
  /** The ledger's items of the key, by day. */
  items(): Promise<Map<string, LedgerItem>>;
}

export interface LedgerItem extends MetadataItem {
  readonly limit: number;
  readonly spent: number;
  readonly reservations: Readonly<Record<string, { readonly granted: number; readonly spent: number }>>;
  readonly exhausted_at?: string;
}

const KEY = 'key-1';

export function quotaWorld(limit = 10_000): QuotaWorld {
  const metadata = new MemoryMetadataStore();
  const clock = new ManualClock();
  return {
    metadata,
    clock,
    ledger: (options = {}) =>
      new QuotaLedger({ metadata, clock, random: () => 0.5, keyId: KEY, dailyLimit: limit, ...options }),
    items: async () => {
      const page = await metadata.query({ partition: 'SYSTEM#YOUTUBE_QUOTA', sortKeyPrefix: `KEY#${KEY}#` });
      return new Map(page.items.map((item) => [item.SK.slice(-10), item as LedgerItem]));
    },
  };
}

/** What a day counts in the end, with each reservation that was left behind at the most it can have spent. */
export function countedUnits({ spent, reservations }: LedgerItem): number {
  return Object.values(reservations).reduce((sum, left) => sum + Math.min(left.granted, left.spent + QUOTA_LOT), spent);
}

export function promisedUnits({ spent, reservations }: LedgerItem): number {
  return Object.values(reservations).reduce((sum, { granted }) => sum + granted, spent);
}

/** The end of a process, at a call of its store. */
export class Crash extends Error {}

/** A process's view of a store: the call with this number, from 0, ends the process before or after it has its effect. */
export class MortalStore implements MetadataStore {
  readonly name = 'mortal';
  readonly #store: MetadataStore;
  readonly #crash: { readonly call: number; readonly applied: boolean } | undefined;
  #calls = 0;
  crashed = false;

  constructor(store: MetadataStore, crash: { readonly call: number; readonly applied: boolean } | undefined) {
    this.#store = store;
    this.#crash = crash;
  }

  get(...args: Parameters<MetadataStore['get']>) {
    return this.#call(() => this.#store.get(...args));
  }

  query(...args: Parameters<MetadataStore['query']>) {
    return this.#call(() => this.#store.query(...args));
  }

  put(...args: Parameters<MetadataStore['put']>) {
    return this.#call(() => this.#store.put(...args));
  }

  async #call<T>(make: () => Promise<T>): Promise<T> {
    const dies = this.#calls++ === this.#crash?.call;
    if (this.crashed || (dies && !this.#crash?.applied)) throw this.#die();
    const result = await make();
    if (this.crashed || dies) throw this.#die();
    return result;
  }

  #die(): Crash {
    this.crashed = true;
    return new Crash('The process has ended.');
  }
}

/** What a promise was rejected with. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('It was expected to fail.');
}
