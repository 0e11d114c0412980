import type { HostClock } from '../../../local/host/host-clock';

/** A clock that a test moves by hand. What is due is called in order of time. */
export class FakeClock implements HostClock {
  #now: number;
  #entries: { readonly due: number; readonly callback: () => void }[] = [];
  #watchers: { readonly due: number; readonly resolve: () => void }[] = [];

  constructor(start = '2025-08-11T17:00:00.000Z') {
    this.#now = Date.parse(start);
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, callback: () => void): () => void {
    const entry = { due: this.#now + Math.max(ms, 0), callback };
    this.#entries.push(entry);
    this.#watchers = this.#watchers.filter((watcher) => {
      if (watcher.due === entry.due) {
        watcher.resolve();
      }
      return watcher.due !== entry.due;
    });
    return () => {
      this.#entries = this.#entries.filter((other) => other !== entry);
    };
  }

  get waiting(): readonly number[] {
    return this.#entries.map((entry) => entry.due).sort((a, b) => a - b);
  }

  /** Resolves when something is due at that very time. */
  armed(due: number): Promise<void> {
    if (this.waiting.includes(due)) {
      return Promise.resolve();
    }
    return new Promise((resolve) => this.#watchers.push({ due, resolve }));
  }

  advanceTo(time: number): void {
    for (;;) {
      const next = this.#entries.filter((entry) => entry.due <= time).sort((a, b) => a.due - b.due)[0];
      if (next === undefined) {
        break;
      }
      this.#entries = this.#entries.filter((entry) => entry !== next);
      this.#now = Math.max(this.#now, next.due);
      next.callback();
    }
    this.#now = Math.max(this.#now, time);
  }

  advance(ms: number): void {
    this.advanceTo(this.#now + ms);
  }
}
