import type { ReadWatch } from './ports/object-store';

export interface ConcurrencyBounds {
  /** Never less at a time, whatever happens; 1 or more. */
  readonly floor: number;
  /** Never more at a time. */
  readonly ceiling: number;
  /** Whether this side is what keeps answers waiting, so that more requests under way would bring none sooner. */
  readonly isSaturated?: (() => boolean) | undefined;
}

/** Before anything is known: enough to learn from, and no burst. */
const FIRST = 8;
/** Answers may take so much longer than the quickest of late, and so many ms more, before there are fewer at a time. */
const SLOWER_TIMES = 2;
const SLOWER_MS = 25;
/** The weight of one answer in the mean of late. */
const WEIGHT = 1 / 32;
/**
 * After so many rounds of answers the quickest is looked for anew, so that a service that has become slower for good is not held against.
 * They are enough to find out before whether it is slow only because of how much is asked.
 */
const ROUNDS = 64;

/**
 * How many requests to have under way at a time: more and more while they are answered quickly, half as many when the service has had enough
 * (additive increase, multiplicative decrease, as in TCP).
 *
 * At first the number doubles with every round of answers; from the first sign of overload on it grows by one a round, and shrinks by one
 * while answers are slow, or this side is saturated. Failures of requests that were sent before it was last halved are of the same overload, and halve nothing.
 */
export class AdaptiveConcurrency implements ReadWatch {
  readonly #bounds: ConcurrencyBounds;
  /** Slow answers alone make it no lower than this. */
  readonly #first: number;
  #limit: number;
  #isStarting = true;
  #halvedAtMs = Number.NEGATIVE_INFINITY;
  #meanMs = 0;
  #quickestMs = Number.POSITIVE_INFINITY;
  #quickestNowMs = Number.POSITIVE_INFINITY;
  #answers = 0;

  /** @throws RangeError where the floor is below 1, or above the ceiling */
  constructor(bounds: ConcurrencyBounds) {
    const { floor, ceiling } = bounds;
    if (!(floor >= 1 && floor <= ceiling))
      throw new RangeError(`Expected 1 ≤ floor ≤ ceiling, got ${floor} and ${ceiling}.`);
    this.#bounds = bounds;
    this.#first = Math.min(ceiling, Math.max(floor, FIRST));
    this.#limit = this.#first;
  }

  /** A whole number within the bounds. */
  get limit(): number {
    return Math.floor(this.#limit);
  }

  answered(begunMs: number, endedMs: number): void {
    const tookMs = Math.max(0, endedMs - begunMs);
    this.#remember(tookMs);
    if (this.#isSlow() || this.#bounds.isSaturated?.() === true) {
      this.#isStarting = false;
      if (this.#limit > this.#first) this.#limit = Math.max(this.#first, this.#limit - 1 / this.#limit);
      return;
    }
    const more = this.#isStarting ? 1 : 1 / this.#limit;
    this.#limit = Math.min(this.#bounds.ceiling, this.#limit + more);
  }

  overloaded(begunMs: number, endedMs: number): void {
    this.#isStarting = false;
    if (begunMs < this.#halvedAtMs) return;
    this.#halvedAtMs = endedMs;
    this.#limit = Math.max(this.#bounds.floor, this.#limit / 2);
  }

  #isSlow(): boolean {
    return this.#meanMs > this.#quickestMs * SLOWER_TIMES + SLOWER_MS;
  }

  #remember(tookMs: number): void {
    this.#meanMs = this.#answers === 0 ? tookMs : this.#meanMs + (tookMs - this.#meanMs) * WEIGHT;
    this.#quickestMs = Math.min(this.#quickestMs, tookMs);
    this.#quickestNowMs = Math.min(this.#quickestNowMs, tookMs);
    this.#answers += 1;
    if (this.#answers > ROUNDS * this.#limit) {
      this.#answers = 1;
      this.#quickestMs = this.#quickestNowMs;
      this.#quickestNowMs = Number.POSITIVE_INFINITY;
    }
  }
}
