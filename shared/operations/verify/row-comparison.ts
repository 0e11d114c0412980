import { compareKeys } from '../../messages/key-order';
import type { PartRef } from '../../messages/manifest';
import type { ColumnValue } from '../../parquet/schema';

/** Rows that are named one by one, of each kind of difference. */
const NAMED = 3;

/** How many rows differ, and some of them. */
export class Difference {
  count = 0;
  readonly named: string[] = [];

  add(name: string): void {
    this.count += 1;
    if (this.named.length < NAMED) this.named.push(name);
  }

  /** `3 rows (a, b, c)` */
  toString(): string {
    const more = this.count > this.named.length ? ', …' : '';
    return `${this.count} ${this.count === 1 ? 'row' : 'rows'} (${this.named.join(', ')}${more})`;
  }
}

/** What a comparison of rows came to. */
export interface Differences {
  /** Rows that the messages give and the parts do not have, and the other way round. */
  readonly missing: Difference;
  readonly surplus: Difference;
  /** Rows that are there with other values, each with the columns that differ. */
  readonly differing: Difference;
}

export interface RowComparisonOptions {
  /** The rows of the parts, a row group at a time. */
  readonly actual: AsyncIterable<readonly (readonly ColumnValue[])[]>;
  readonly columns: readonly string[];
  /** A row's place in the key order, which tells rows apart. */
  readonly keyOf: (row: readonly ColumnValue[]) => string;
  /** Columns whose values are not known, and not compared. */
  readonly unknown?: ReadonlySet<string>;
}

/**
 * Compares the rows that messages give, in key order, with those that parts hold: takes the place of what writes parts. Both sides go forward
 * together, so that only a row group of the parts is in memory, however many rows there are.
 */
export class RowComparison implements Differences {
  readonly missing = new Difference();
  readonly surplus = new Difference();
  readonly differing = new Difference();
  readonly #options: RowComparisonOptions;
  readonly #groups: AsyncIterator<readonly (readonly ColumnValue[])[]>;
  #group: readonly (readonly ColumnValue[])[] = [];
  #at = 0;
  #ended = false;

  constructor(options: RowComparisonOptions) {
    this.#options = options;
    this.#groups = options.actual[Symbol.asyncIterator]();
  }

  /** The next row that the messages give. A promise is returned where rows have to be read first; the next call may only come when it has settled. */
  append(expected: readonly ColumnValue[]): void | Promise<void> {
    const key = this.#options.keyOf(expected);
    return this.#passOver(key) ? this.#take(expected, key) : this.#readUpTo(expected, key);
  }

  /** No more rows: what the parts have left is too much. */
  async finish(): Promise<readonly PartRef[]> {
    do {
      for (; this.#at < this.#group.length; this.#at++) this.#surplusRow();
    } while (await this.#nextGroup());
    return [];
  }

  async discard(): Promise<void> {
    await this.#groups.return?.();
  }

  /** Passes over rows before the key. @returns false where the group has ended, and the next one must tell */
  #passOver(key: string): boolean {
    for (; this.#at < this.#group.length; this.#at++) {
      const row = this.#group[this.#at] ?? [];
      if (compareKeys(this.#options.keyOf(row), key) >= 0) return true;
      this.#surplusRow();
    }
    return this.#ended;
  }

  #take(expected: readonly ColumnValue[], key: string): void {
    const row = this.#group[this.#at];
    if (row === undefined || this.#options.keyOf(row) !== key) {
      this.missing.add(key);
      return;
    }
    this.#at += 1;
    const { columns, unknown } = this.#options;
    const other = columns.filter((name, i) => !unknown?.has(name) && !sameValue(expected[i] ?? null, row[i] ?? null));
    if (other.length > 0) this.differing.add(`${key}: ${other.join(', ')}`);
  }

  async #readUpTo(expected: readonly ColumnValue[], key: string): Promise<void> {
    while (!this.#passOver(key)) await this.#nextGroup();
    this.#take(expected, key);
  }

  #surplusRow(): void {
    this.surplus.add(this.#options.keyOf(this.#group[this.#at] ?? []));
  }

  async #nextGroup(): Promise<boolean> {
    if (this.#ended) return false;
    const next = await this.#groups.next();
    this.#ended = next.done === true;
    this.#group = next.done === true ? [] : next.value;
    this.#at = 0;
    return !this.#ended;
  }
}

/** Writers take safe integers for INT64, readers give bigints. */
function sameValue(a: ColumnValue, b: ColumnValue): boolean {
  if (typeof a === typeof b) return Object.is(a, b);
  const whole = (value: ColumnValue) => typeof value === 'bigint' || Number.isSafeInteger(value);
  return typeof a !== 'string' && typeof b !== 'string' && whole(a) && whole(b) && Number(a) === Number(b);
}
