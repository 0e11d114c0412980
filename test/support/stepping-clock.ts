import type { Clock } from '../../shared/ports/clock';

/**
 * A clock on which every sleep is over at once, and which knows how long each was meant to be. Only a sleep with a signal, which goes on
 * beside other work, waits until other sleeps have moved the clock that far.
 */
export class SteppingClock implements Clock {
  readonly sleeps: number[] = [];
  #nowMs: number;
  #beside: readonly { readonly dueMs: number; readonly wake: () => void }[] = [];

  constructor(startMs = Date.parse('2025-08-12T17:00:00Z')) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal !== undefined) return this.#sleepBeside(this.#nowMs + ms, signal);
    this.sleeps.push(ms);
    this.#nowMs += ms;
    const due = this.#beside.filter(({ dueMs }) => dueMs <= this.#nowMs);
    this.#beside = this.#beside.filter((sleeper) => !due.includes(sleeper));
    for (const { wake } of due) wake();
  }

  async #sleepBeside(dueMs: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      const wake = () => {
        signal.removeEventListener('abort', wake);
        resolve();
      };
      signal.addEventListener('abort', wake);
      this.#beside = [...this.#beside, { dueMs, wake }];
    });
  }
}
