import { BatchError } from '../errors';
import type { Clock } from '../ports/clock';

/** How often and how patiently a transient failure is tried again. */
export interface RetryPolicy {
  /** Tries in all, the first one included; at least 1. */
  readonly maxTries: number;
  /** The upper bound of the first wait, in milliseconds; it doubles with every try. */
  readonly baseDelayMs: number;
  /** The upper bound of every wait, in milliseconds. */
  readonly maxDelayMs: number;
  /**
   * The longest wait that a service may ask for, in milliseconds. One that asks for more is not waited for: the failure
   * is thrown at once, so that whoever called can spend the time better than this process.
   */
  readonly maxRetryAfterMs: number;
}

/** Outlasts about half a minute of throttling, which is what storage accounts and Cosmos DB need to scale or fail over. */
export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  maxTries: 8,
  baseDelayMs: 250,
  maxDelayMs: 20_000,
  maxRetryAfterMs: 60_000,
};

/** A failed try that is about to be followed by another one. */
export interface Retry {
  readonly error: BatchError;
  /** How many tries have failed so far. */
  readonly tries: number;
  readonly waitMs: number;
}

export interface RetryOptions {
  readonly clock: Clock;
  /** A number from 0 to below 1, as Math.random gives it. */
  readonly random: () => number;
  readonly policy: RetryPolicy;
  readonly onRetry?: ((retry: Retry) => void) | undefined;
}

/**
 * Runs the operation until it succeeds, fails with something that is not a BatchError of kind `transient`, or has used up
 * its tries. Between tries it waits a random time up to an exponentially growing bound ("full jitter"), and never less
 * than the service asked for.
 *
 * @throws whatever the last try threw; a transient failure that was tried more than once says so in its message
 */
export async function retrying<T>(operation: () => Promise<T>, options: RetryOptions): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await operation();
    } catch (error) {
      if (!isTransient(error)) throw error;
      if (!mayTryAgain(error, tries, options.policy)) throw afterTries(error, tries);
      const waitMs = waitAfter(error, tries, options);
      options.onRetry?.({ error, tries, waitMs });
      await options.clock.sleep(waitMs);
    }
  }
}

function isTransient(error: unknown): error is BatchError {
  return error instanceof BatchError && error.kind === 'transient';
}

function mayTryAgain(error: BatchError, tries: number, policy: RetryPolicy): boolean {
  return tries < policy.maxTries && (error.retryAfterMs ?? 0) <= policy.maxRetryAfterMs;
}

function waitAfter(error: BatchError, tries: number, { random, policy }: RetryOptions): number {
  const bound = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (tries - 1));
  const jitter = Math.round(random() * bound);
  // Everybody who was throttled was told the same time: the jitter on top of it keeps them from coming back at once.
  return error.retryAfterMs === undefined ? jitter : error.retryAfterMs + Math.min(jitter, policy.baseDelayMs);
}

function afterTries(error: BatchError, tries: number): BatchError {
  if (tries > 1) error.message = `${error.message} (tried ${tries} times)`;
  return error;
}
