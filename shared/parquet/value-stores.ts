import type { ColumnValues } from './column-data';
import { GrowingArray, GrowingBitmap } from './growing-buffers';
import type { ColumnType, ColumnValue } from './schema';

/** Holds the values of one column that are not null, each at its row. */
export interface ValueStore {
  /** What a row costs in every case, in bits; the bytes of a text come on top. */
  readonly bitsPerRow: number;
  /** What the value is instead of one of this column's type, or undefined where it is one. */
  problem(value: NonNullable<ColumnValue>): string | undefined;
  /** Takes a value without `problem`, at a row behind all rows before. @returns its bytes beyond `bitsPerRow` */
  put(row: number, value: NonNullable<ColumnValue>): number;
  /** Hands out `rows` rows and starts anew. Rows never put are zero, or empty. */
  take(rows: number): ColumnValues;
}

const MAX_INT32 = 2 ** 31 - 1;
const MAX_QUOTED = 40;

function describe(value: NonNullable<ColumnValue>): string {
  if (typeof value === 'string') {
    return `a string of ${value.length} characters`;
  }
  return `the ${typeof value} ${String(value).slice(0, MAX_QUOTED)}`;
}

/** UTF-8 text. A lone surrogate, which UTF-8 cannot hold, becomes U+FFFD. */
class TextStore implements ValueStore {
  readonly bitsPerRow = 32;
  private readonly offsets = new GrowingArray((length) => new Int32Array(length));
  private readonly bytes = new GrowingArray((length) => Buffer.alloc(length));
  private used = 0;
  /** The text written last, and its bytes, which end at `used`: in the columns of tenant, user and room most texts are the one before. */
  private last = '';
  private lastBytes = 0;
  /** The row whose start is written in `offsets`; rows that were left out after it have theirs still to come. */
  private open = 0;

  problem(value: NonNullable<ColumnValue>): string | undefined {
    if (typeof value !== 'string') {
      return describe(value);
    }
    // Offsets are 32 bits wide, and a UTF-16 unit takes up to three bytes.
    const fits = this.used + value.length * 3 <= MAX_INT32;
    return fits ? undefined : `${describe(value)} behind ${this.used} bytes, too much for one batch`;
  }

  put(row: number, value: NonNullable<ColumnValue>): number {
    const text = value as string;
    const offsets = this.offsets.atLeast(row + 2);
    for (; this.open < row; this.open += 1) offsets[this.open + 1] = this.used;
    const bytes = this.bytes.atLeast(this.used + text.length * 3);
    if (text === this.last) {
      bytes.copyWithin(this.used, this.used - this.lastBytes, this.used);
    } else {
      this.lastBytes = bytes.write(text, this.used);
      this.last = text;
    }
    this.used += this.lastBytes;
    offsets[row + 1] = this.used;
    this.open = row + 1;
    return this.lastBytes;
  }

  take(rows: number): ColumnValues {
    const written = this.offsets.atLeast(rows + 1);
    for (; this.open < rows; this.open += 1) written[this.open + 1] = this.used;
    const offsets = this.offsets.take(rows + 1).subarray(0, rows + 1);
    const { buffer, byteOffset } = this.bytes.take(this.used);
    const values = new Uint8Array(buffer, byteOffset, this.used);
    this.used = 0;
    this.last = '';
    this.lastBytes = 0;
    this.open = 0;
    return { kind: 'text', offsets, values };
  }
}

class BooleanStore implements ValueStore {
  readonly bitsPerRow = 1;
  private readonly bits = new GrowingBitmap();

  problem(value: NonNullable<ColumnValue>): string | undefined {
    return typeof value === 'boolean' ? undefined : describe(value);
  }

  put(row: number, value: NonNullable<ColumnValue>): number {
    if (value === true) {
      this.bits.set(row);
    }
    return 0;
  }

  take(rows: number): ColumnValues {
    return { kind: 'boolean', values: this.bits.take(rows) };
  }
}

class Int32Store implements ValueStore {
  readonly bitsPerRow = 32;
  private readonly array = new GrowingArray((length) => new Int32Array(length));

  problem(value: NonNullable<ColumnValue>): string | undefined {
    const fits = typeof value === 'number' && Number.isInteger(value) && value >= -MAX_INT32 - 1 && value <= MAX_INT32;
    return fits ? undefined : describe(value);
  }

  put(row: number, value: NonNullable<ColumnValue>): number {
    this.array.atLeast(row + 1)[row] = value as number;
    return 0;
  }

  take(rows: number): ColumnValues {
    return { kind: 'int32', values: this.array.take(rows).subarray(0, rows) };
  }
}

const TWO_32 = 2 ** 32;

/** Kept as halves, the lower one first, as all of Node's platforms have them: a bigint for each number would be an object. */
class Int64Store implements ValueStore {
  readonly bitsPerRow = 64;
  private readonly halves = new GrowingArray((length) => new Int32Array(length));

  problem(value: NonNullable<ColumnValue>): string | undefined {
    const fits = typeof value === 'bigint' ? BigInt.asIntN(64, value) === value : Number.isSafeInteger(value);
    return fits ? undefined : describe(value);
  }

  put(row: number, value: NonNullable<ColumnValue>): number {
    const halves = this.halves.atLeast(2 * row + 2);
    if (typeof value === 'number') {
      const upper = Math.floor(value / TWO_32);
      halves[2 * row] = value - upper * TWO_32;
      halves[2 * row + 1] = upper;
    } else {
      const whole = BigInt(value);
      halves[2 * row] = Number(BigInt.asIntN(32, whole));
      halves[2 * row + 1] = Number(BigInt.asIntN(32, whole >> 32n));
    }
    return 0;
  }

  take(rows: number): ColumnValues {
    return { kind: 'int64', values: new BigInt64Array(this.halves.take(2 * rows).buffer, 0, rows) };
  }
}

class DoubleStore implements ValueStore {
  readonly bitsPerRow = 64;
  private readonly array = new GrowingArray((length) => new Float64Array(length));

  /** NaN is refused: it has no place in an order, so engines disagree on filters and statistics that meet it. */
  problem(value: NonNullable<ColumnValue>): string | undefined {
    return typeof value === 'number' && !Number.isNaN(value) ? undefined : describe(value);
  }

  put(row: number, value: NonNullable<ColumnValue>): number {
    this.array.atLeast(row + 1)[row] = value as number;
    return 0;
  }

  take(rows: number): ColumnValues {
    return { kind: 'double', values: this.array.take(rows).subarray(0, rows) };
  }
}

const STORES: Readonly<Record<ColumnType, new () => ValueStore>> = {
  string: TextStore,
  json: TextStore,
  boolean: BooleanStore,
  int32: Int32Store,
  date: Int32Store,
  int64: Int64Store,
  timestamp: Int64Store,
  double: DoubleStore,
};

export function createValueStore(type: ColumnType): ValueStore {
  return new STORES[type]();
}
