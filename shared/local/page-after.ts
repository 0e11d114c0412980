/** One page of sorted names: those after the name that the page before ended with. */
export function pageAfter(
  sorted: readonly string[],
  continuation: string | undefined,
  pageSize: number,
): { readonly items: readonly string[]; readonly next: { readonly next?: string } } {
  const from = continuation === undefined ? 0 : firstAfter(sorted, continuation);
  const items = sorted.slice(from, from + pageSize);
  const last = items.at(-1);
  return { items, next: last === undefined || from + pageSize >= sorted.length ? {} : { next: last } };
}

function firstAfter(sorted: readonly string[], name: string): number {
  const index = sorted.findIndex((other) => other > name);
  return index < 0 ? sorted.length : index;
}
