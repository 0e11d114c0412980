type Compare = (a: string, b: string) => number;

/** One page of names that are sorted by `compare`: those after the name that the page before ended with. */
export function pageAfter(
  sorted: readonly string[],
  continuation: string | undefined,
  pageSize: number,
  compare: Compare = byUnits,
): { readonly items: readonly string[]; readonly next: { readonly next?: string } } {
  const from = continuation === undefined ? 0 : firstAfter(sorted, continuation, compare);
  const items = sorted.slice(from, from + pageSize);
  const last = items.at(-1);
  return { items, next: last === undefined || from + pageSize >= sorted.length ? {} : { next: last } };
}

function firstAfter(sorted: readonly string[], name: string, compare: Compare): number {
  const index = sorted.findIndex((other) => compare(other, name) > 0);
  return index < 0 ? sorted.length : index;
}

/** JavaScript's own order, as of a sort that is given none. */
function byUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
