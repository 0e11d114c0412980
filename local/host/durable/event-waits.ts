import { ReplayTask } from './replay-task';

/**
 * Waits for external events, and events that nobody waits for yet. Names are compared without case; of several waits
 * for one name the latest gets the event (both as the Durable extension has it).
 */
export class EventWaits {
  readonly #waiting = new Map<string, ReplayTask[]>();
  readonly #unclaimed = new Map<string, number>();

  get isWaiting(): boolean {
    return this.#waiting.size > 0;
  }

  wait(name: string): ReplayTask {
    const key = name.toLowerCase();
    const unclaimed = this.#unclaimed.get(key) ?? 0;
    if (unclaimed > 0) {
      this.#unclaimed.set(key, unclaimed - 1);
      return ReplayTask.settled();
    }
    const task = new ReplayTask();
    this.#waiting.set(key, [...(this.#waiting.get(key) ?? []), task]);
    return task;
  }

  raise(name: string): void {
    const key = name.toLowerCase();
    const waiting = this.#waiting.get(key);
    const task = waiting?.at(-1);
    if (task === undefined) {
      this.#unclaimed.set(key, (this.#unclaimed.get(key) ?? 0) + 1);
      return;
    }
    if (waiting?.length === 1) {
      this.#waiting.delete(key);
    } else {
      this.#waiting.set(key, waiting?.slice(0, -1) ?? []);
    }
    task.settle(false);
  }
}
