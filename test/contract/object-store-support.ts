import { StorageError, type StorageErrorCode } from '../../shared/errors';
import type { ObjectEntry, ObjectStore, WriteOptions } from '../../shared/ports/object-store';

/** Gives the store that the running test has to itself. */
export type StoreOfTest = () => ObjectStore;

/** Entries in a page of a listing, in the stores that the contract is about. */
export const PAGE_SIZE = 7;

export const TEXT: WriteOptions = { contentType: 'text/plain' };

/** Asserts that a call fails as a StorageError of this code and kind, and gives the error. */
export async function expectFailure(
  call: Promise<unknown>,
  code: StorageErrorCode,
  kind: string,
): Promise<StorageError> {
  const error = await call.then(
    () => new Error('It did not fail.'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof StorageError)) throw error;
  expect(error).toMatchObject({ code, kind });
  return error;
}

export async function pagesOf<Page extends { readonly next?: string }>(
  fetch: (continuation: string | undefined) => Promise<Page>,
): Promise<Page[]> {
  const pages: Page[] = [];
  let continuation: string | undefined;
  do {
    const page = await fetch(continuation);
    pages.push(page);
    continuation = page.next;
  } while (continuation !== undefined);
  return pages;
}

export async function everything(store: ObjectStore, prefix = ''): Promise<ObjectEntry[]> {
  return (await pagesOf((continuation) => store.list(prefix, continuation))).flatMap(({ entries }) => entries);
}

export function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}
