import type { Clock } from '../../shared/ports/clock';

/** A clock on which every sleep is over at once, and which knows how long each was meant to be. */
export class SteppingClock implements Clock {
  readonly sleeps: number[] = [];
  #nowMs: number;

  constructor(startMs = Date.parse('2025-08-12T17:00:00Z')) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  async sleep(ms: number): Promise<void> {
    this.sleeps.push(ms);
    this.#nowMs += ms;
  }
}
