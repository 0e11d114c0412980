export interface PacedMapOptions<In> {
  /** How many may be under way at a time; asked again whenever that matters. One is in any case. */
  readonly limit: () => number;
  /** What an item and its result take, in the unit of `capacity`. */
  readonly weight: (item: In) => number;
  /** How much may be under way or waiting to be taken. A single item may weigh more; it is then alone. */
  readonly capacity: number;
}

/**
 * Applies `transform` to every item and yields the results in the order of the items, as {@link orderedMap} does, for very many small items
 * that each wait for somebody else: how many are under way may change meanwhile, results that are done do not count among them, and
 * the results that are there are handed out while the source is still getting the next item.
 *
 * The capacity is the back-pressure: the source is pulled one item ahead of it, however slowly the results are taken.
 *
 * When one item fails, the error is thrown in its place in the order; when the source fails, at once. What is under way is
 * awaited first, so that no call outlives the iteration. Leaving the iteration early does the same and closes the source.
 */
export async function* pacedMap<In, Out>(
  source: AsyncIterable<In>,
  options: PacedMapOptions<In>,
  transform: (item: In) => Promise<Out>,
): AsyncGenerator<Out, void, undefined> {
  const flow = new Flow(source[Symbol.asyncIterator](), options, transform);
  try {
    for (let head = await flow.head(); head !== undefined; head = await flow.head()) {
      if ('error' in head) throw head.error;
      yield head.value;
    }
  } finally {
    await flow.end();
  }
}

type Outcome<Out> = { readonly value: Out } | { readonly error: unknown };

interface Slot<Out> {
  readonly weight: number;
  outcome: Outcome<Out> | undefined;
  next: Slot<Out> | undefined;
}

class Flow<In, Out> {
  /** What is begun and not taken, in the order of the items: linked, as there may be thousands. */
  #first: Slot<Out> | undefined;
  #last: Slot<Out> | undefined;
  #underWay = 0;
  /** The weight of what is begun and not done with, and of what was handed out last. */
  #held = 0;
  #handedOut = 0;
  /** An item that has been pulled and must wait for room. */
  #next: { readonly item: In; readonly weight: number } | undefined;
  #isPulling = false;
  #isEnded = false;
  #sourceError: Outcome<Out> | undefined;
  #wake: () => void = () => undefined;

  constructor(
    private readonly items: AsyncIterator<In>,
    private readonly options: PacedMapOptions<In>,
    private readonly transform: (item: In) => Promise<Out>,
  ) {}

  /** The next outcome in order, when it is there; undefined at the end. */
  async head(): Promise<Outcome<Out> | undefined> {
    // Whoever asks for the next one is done with the last.
    this.#held -= this.#handedOut;
    this.#handedOut = 0;
    while (true) {
      this.#fill();
      if (this.#sourceError !== undefined) return this.#sourceError;
      const first = this.#first;
      if (first?.outcome !== undefined) {
        this.#first = first.next;
        this.#handedOut = first.weight;
        return first.outcome;
      }
      if (first === undefined && this.#isEnded) return undefined;
      await this.#change();
    }
  }

  /** Begins nothing more, waits for what is under way, and closes the source. */
  async end(): Promise<void> {
    const isWhole = this.#isEnded;
    this.#isEnded = true;
    while (this.#underWay > 0 || this.#isPulling) await this.#change();
    if (!isWhole) await this.items.return?.();
  }

  /** Begins as many items as there is room for. */
  #fill(): void {
    while (true) {
      if (this.#next === undefined) {
        if (!this.#isEnded && !this.#isPulling) this.#pull();
        return;
      }
      const { item, weight } = this.#next;
      const isFull = this.#held > 0 && this.#held + weight > this.options.capacity;
      const isBusy = this.#underWay > 0 && this.#underWay >= this.options.limit();
      if (isFull || isBusy || this.#isEnded) return;
      this.#next = undefined;
      this.#begin(item, weight);
    }
  }

  #pull(): void {
    this.#isPulling = true;
    this.items.next().then(
      (next) => {
        this.#isPulling = false;
        if (next.done === true) this.#isEnded = true;
        else this.#next = { item: next.value, weight: this.options.weight(next.value) };
        this.#moved();
      },
      (error: unknown) => {
        this.#isPulling = false;
        this.#isEnded = true;
        this.#sourceError = { error };
        this.#moved();
      },
    );
  }

  #begin(item: In, weight: number): void {
    const slot: Slot<Out> = { weight, outcome: undefined, next: undefined };
    if (this.#first === undefined || this.#last === undefined) this.#first = slot;
    else this.#last.next = slot;
    this.#last = slot;
    this.#underWay += 1;
    this.#held += weight;
    const settle = (outcome: Outcome<Out>) => {
      slot.outcome = outcome;
      this.#underWay -= 1;
      this.#moved();
    };
    this.transform(item).then(
      (value) => settle({ value }),
      (error: unknown) => settle({ error }),
    );
  }

  /** Something has ended: there may be room, and somebody may wait for it. */
  #moved(): void {
    this.#fill();
    this.#wake();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
