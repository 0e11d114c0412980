/** Runs jobs in the order they were added, a bounded number at a time. */
export class WorkQueue {
  readonly #limit: number;
  readonly #onFailure: (error: unknown) => void;
  #jobs: (() => Promise<void>)[] = [];
  #next = 0;
  #running = 0;
  #stopped = false;
  #idle: (() => void)[] = [];

  /** `onFailure` receives what a job throws: jobs handle their own failures, so it is a defect. */
  constructor(limit: number, onFailure: (error: unknown) => void) {
    this.#limit = limit;
    this.#onFailure = onFailure;
  }

  get running(): number {
    return this.#running;
  }

  /** Adds a job; after {@link stop} it is dropped. */
  add(job: () => Promise<void>): void {
    if (this.#stopped) {
      return;
    }
    this.#jobs.push(job);
    this.#dispatch();
  }

  /** Drops the waiting jobs and takes no more; the running ones go on. */
  stop(): void {
    this.#stopped = true;
    this.#jobs = [];
    this.#next = 0;
  }

  /** Resolves once no job is running or waiting. */
  idle(): Promise<void> {
    if (this.#running === 0 && this.#next === this.#jobs.length) {
      return Promise.resolve();
    }
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #dispatch(): void {
    while (this.#running < this.#limit) {
      const job = this.#jobs[this.#next];
      if (job === undefined) {
        this.#jobs = [];
        this.#next = 0;
        return;
      }
      this.#next++;
      this.#forgetStartedJobs();
      this.#running++;
      void this.#run(job);
    }
  }

  /** A queue that is never empty must not grow by the jobs it has done; halving keeps the cost per job constant. */
  #forgetStartedJobs(): void {
    if (this.#next > 1000 && this.#next * 2 > this.#jobs.length) {
      this.#jobs = this.#jobs.slice(this.#next);
      this.#next = 0;
    }
  }

  async #run(job: () => Promise<void>): Promise<void> {
    try {
      await job();
    } catch (error) {
      this.#onFailure(error);
    }
    this.#running--;
    this.#dispatch();
    if (this.#running === 0 && this.#next === this.#jobs.length) {
      const waiting = this.#idle;
      this.#idle = [];
      for (const resolve of waiting) {
        resolve();
      }
    }
  }
}
