import type { MetadataItem, MetadataQuery, MetadataStore } from '../ports/metadata-store';
import type { ListOptions, ObjectEntry, ObjectPage, ObjectStore } from '../ports/object-store';

/** Follows continuation tokens to the end, a page in memory at a time. */
async function* pages<Page extends { readonly next?: string }>(
  fetch: (continuation: string | undefined) => Promise<Page>,
): AsyncGenerator<Page, void, undefined> {
  let continuation: string | undefined;
  do {
    const page = await fetch(continuation);
    yield page;
    continuation = page.next;
  } while (continuation !== undefined);
}

/** Every object below a prefix, a page at a time. */
export function objectPages(
  store: ObjectStore,
  prefix: string,
  options?: ListOptions,
): AsyncGenerator<ObjectPage, void, undefined> {
  return pages((continuation) => store.list(prefix, continuation, options));
}

/** Every object below a prefix. */
export async function* allObjects(store: ObjectStore, prefix: string): AsyncGenerator<ObjectEntry, void, undefined> {
  for await (const page of objectPages(store, prefix)) yield* page.entries;
}

/** Every "folder" directly below a prefix. */
export async function* allPrefixes(store: ObjectStore, prefix: string): AsyncGenerator<string, void, undefined> {
  for await (const page of pages((continuation) => store.listPrefixes(prefix, continuation))) yield* page.prefixes;
}

/** Every item that a query finds. */
export async function* allItems(
  metadata: MetadataStore,
  query: MetadataQuery,
): AsyncGenerator<MetadataItem, void, undefined> {
  for await (const page of pages((continuation) => metadata.query(query, continuation))) yield* page.items;
}
