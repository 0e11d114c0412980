import type { Column } from './schema';

/**
 * The values of a column in the memory layout of Apache Arrow: little-endian, zero in the rows that are null.
 * - `text`: row i is the UTF-8 in `values` from `offsets[i]` to `offsets[i + 1]`
 * - `boolean`: one bit a row, counted from the least significant of each byte
 * - else: one number a row
 */
export type ColumnValues =
  | { readonly kind: 'text'; readonly offsets: Int32Array; readonly values: Uint8Array }
  | { readonly kind: 'boolean'; readonly values: Uint8Array }
  | { readonly kind: 'int32'; readonly values: Int32Array }
  | { readonly kind: 'int64'; readonly values: BigInt64Array }
  | { readonly kind: 'double'; readonly values: Float64Array };

export type ColumnData = ColumnValues & {
  readonly column: Column;
  readonly nullCount: number;
  /** Bit i is 1 where row i has a value; null where every row has one. */
  readonly validity: Uint8Array | null;
};

/** The bit of row `index`, as `validity` and boolean values hold it. */
export function bitAt(bits: Uint8Array, index: number): boolean {
  return (((bits[index >>> 3] ?? 0) >>> (index & 7)) & 1) === 1;
}
