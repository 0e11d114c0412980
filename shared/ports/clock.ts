/** Time as the batch sees it. Tests pass one that they move by hand. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /**
   * Resolves after `ms` milliseconds; with a signal, also as soon as that aborts. A sleep with a signal is what goes on beside other
   * work: it keeps no process alive.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
