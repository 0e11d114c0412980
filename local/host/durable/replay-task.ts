/** A task in the replay of an orchestrator's actions: settles once, and then tells whoever waits for it, at once. */
export class ReplayTask {
  #settled = false;
  #failed = false;
  #waiting: ((failed: boolean) => void)[] = [];

  get isSettled(): boolean {
    return this.#settled;
  }

  settle(failed: boolean): void {
    if (this.#settled) {
      return;
    }
    this.#settled = true;
    this.#failed = failed;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const listener of waiting) {
      listener(failed);
    }
  }

  whenSettled(listener: (failed: boolean) => void): void {
    if (this.#settled) {
      listener(this.#failed);
    } else {
      this.#waiting.push(listener);
    }
  }

  static settled(): ReplayTask {
    const task = new ReplayTask();
    task.settle(false);
    return task;
  }

  /** Settles when all of them have, failed ones too: unlike the library's Task.all, which ends at the first failure. */
  static all(tasks: readonly ReplayTask[]): ReplayTask {
    const all = new ReplayTask();
    let left = tasks.length;
    let anyFailed = false;
    if (left === 0) {
      all.settle(false);
    }
    for (const task of tasks) {
      task.whenSettled((failed) => {
        anyFailed ||= failed;
        if (--left === 0) {
          all.settle(anyFailed);
        }
      });
    }
    return all;
  }

  static any(tasks: readonly ReplayTask[]): ReplayTask {
    const any = new ReplayTask();
    for (const task of tasks) {
      task.whenSettled(() => any.settle(false));
    }
    return any;
  }
}
