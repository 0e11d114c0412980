/** What Int32Array, Float64Array (of number) and BigInt64Array (of bigint) have in common. */
export interface FixedWidthArray<V> {
  readonly length: number;
  [index: number]: V;
  set(values: ArrayLike<V>): void;
  subarray(begin: number, end: number): FixedWidthArray<V>;
}

const INITIAL_LENGTH = 256;

/**
 * A typed array that grows by doubling, so that filling it costs time in proportion to its length. After `take` it starts
 * anew at the size it had, since the next batch is likely as large.
 */
export class GrowingArray<V, A extends FixedWidthArray<V>> {
  private array: A;

  constructor(private readonly allocate: (length: number) => A) {
    this.array = allocate(INITIAL_LENGTH);
  }

  /** The array itself, at least `length` long. Only valid until the next call. */
  atLeast(length: number): A {
    if (length > this.array.length) {
      const larger = this.allocate(Math.max(length, this.array.length * 2));
      larger.set(this.array);
      this.array = larger;
    }
    return this.array;
  }

  /** Hands out the array, of which the first `length` places matter. Places never written are zero. */
  take(length: number): A {
    const taken = this.atLeast(length);
    this.array = this.allocate(taken.length);
    return taken;
  }
}

/** Growing bits, zero until set. */
export class GrowingBitmap {
  private readonly bytes = new GrowingArray((length) => new Uint8Array(length));

  set(index: number): void {
    const at = index >>> 3;
    const bytes = this.bytes.atLeast(at + 1);
    bytes[at] = (bytes[at] ?? 0) | (1 << (index & 7));
  }

  /** The bytes that hold the first `length` bits. */
  take(length: number): Uint8Array {
    const size = Math.ceil(length / 8);
    return this.bytes.take(size).subarray(0, size);
  }
}
