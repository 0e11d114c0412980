import type { ListedBlob } from './list-xml';

/** A place in names that are in order. */
export interface NameCursor {
  /** What stands there; undefined behind the last one. */
  entry(): ListedBlob | undefined;
  advance(): void;
  /** Goes to the first key that is not before the given one. */
  seek(key: string): void;
}

/** The first of so many places, which are in order, that is not before what is looked for. */
export function lowerBound(count: number, isBefore: (index: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
