type Undo = () => Promise<unknown> | unknown;

/** What was begun and must be ended, in the opposite order: services, hosts, files. */
export class Teardown {
  readonly #undo: Undo[] = [];
  #running: Promise<void> | undefined;

  /** To be called as soon as there is something to undo. What comes after the end is undone at once. */
  async add(undo: Undo): Promise<void> {
    this.#undo.push(undo);
    if (this.#running !== undefined) {
      await this.#running;
      await this.#undoAll();
    }
  }

  /** Undoes everything, once; one that fails does not keep the others from being undone. @throws the first failure */
  run(): Promise<void> {
    this.#running ??= this.#undoAll();
    return this.#running;
  }

  async #undoAll(): Promise<void> {
    const failures: unknown[] = [];
    for (let undo = this.#undo.pop(); undo !== undefined; undo = this.#undo.pop()) {
      try {
        await undo();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
