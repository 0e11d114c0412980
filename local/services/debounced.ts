/** Work that is done a while after it was asked for, once for all that ask meanwhile, and never twice at a time. */
export class Debounced {
  readonly #delayMs: number;
  readonly #work: () => Promise<void>;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #failure: unknown;

  constructor(delayMs: number, work: () => Promise<void>) {
    this.#delayMs = delayMs;
    this.#work = work;
  }

  ask(): void {
    this.#timer ??= setTimeout(() => this.#start(), this.#delayMs).unref();
  }

  /** Does what was asked for and not yet done. @throws what the work threw last, if it has not succeeded since */
  async finish(): Promise<void> {
    if (this.#timer !== undefined) this.#start();
    await this.#running;
    if (this.#failure !== undefined) throw this.#failure;
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#running = this.#running.then(this.#work).then(
      () => {
        this.#failure = undefined;
      },
      (error: unknown) => {
        this.#failure = error;
      },
    );
  }
}
