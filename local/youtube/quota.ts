import { businessDateAt } from '../../shared/calendar';
import type { Endpoint } from './endpoints';

/** Where quota days end (developers.google.com/youtube: determine_quota_cost). */
const QUOTA_ZONE = 'America/Los_Angeles';

type Bucket = 'units' | 'searches';

export interface QuotaLimits {
  /** Units a key has per Pacific day for all endpoints but `search`: each call costs one. */
  readonly units: number;
  /** Calls of `search` a key has per Pacific day. */
  readonly searches: number;
}

/** Counts what keys spend, by Pacific day. */
export class QuotaMeter {
  readonly #limits: QuotaLimits;
  readonly #now: () => number;
  /** By key, bucket and day. */
  readonly #spent = new Map<string, number>();
  readonly #usedUp = new Set<string>();

  constructor(limits: QuotaLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Charges a call. False, and nothing is charged, where the day's quota is used up. */
  charge(key: string, endpoint: Endpoint): boolean {
    const account = this.#account(key, endpoint);
    const spent = this.#spent.get(account) ?? 0;
    if (this.#usedUp.has(account) || spent >= this.#limits[bucketOf(endpoint)]) return false;
    this.#spent.set(account, spent + 1);
    return true;
  }

  /** Refuses every further call of the day, as where another program spends the same key's quota; the call in hand costs nothing. */
  useUp(key: string, endpoint: Endpoint): void {
    const account = this.#account(key, endpoint);
    if (!this.#usedUp.has(account)) this.#spent.set(account, Math.max(0, (this.#spent.get(account) ?? 0) - 1));
    this.#usedUp.add(account);
  }

  /** Units spent since the stand-in started, on all days. */
  unitsSpent(key: string): number {
    const start = `${key}/units/`;
    return [...this.#spent].reduce((sum, [account, spent]) => sum + (account.startsWith(start) ? spent : 0), 0);
  }

  unitsSpentToday(key: string): number {
    return this.#spent.get(this.#account(key, 'videos')) ?? 0;
  }

  #account(key: string, endpoint: Endpoint): string {
    return `${key}/${bucketOf(endpoint)}/${businessDateAt(this.#now(), QUOTA_ZONE)}`;
  }
}

function bucketOf(endpoint: Endpoint): Bucket {
  return endpoint === 'search' ? 'searches' : 'units';
}
