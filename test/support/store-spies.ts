import type { ObjectStore } from '../../shared/ports/object-store';

export type StoreCall = {
  readonly method: 'list' | 'listPrefixes' | 'read' | 'head' | 'write' | 'delete';
  readonly key: string;
};

/**
 * A store that tells of every call before it is made; what `before` throws becomes the call's failure, and what `after` throws
 * becomes the failure of a call that has had its effect.
 */
export function watched(
  store: ObjectStore,
  before: (call: StoreCall) => void | Promise<void>,
  after: (call: StoreCall) => void | Promise<void> = () => undefined,
): ObjectStore {
  const around = async <Result>(call: StoreCall, run: () => Promise<Result>): Promise<Result> => {
    await before(call);
    const result = await run();
    await after(call);
    return result;
  };
  return {
    name: store.name,
    list: (prefix, continuation, options) =>
      around({ method: 'list', key: prefix }, () => store.list(prefix, continuation, options)),
    listPrefixes: (prefix, continuation) =>
      around({ method: 'listPrefixes', key: prefix }, () => store.listPrefixes(prefix, continuation)),
    read: (key, options) => around({ method: 'read', key }, () => store.read(key, options)),
    head: (key) => around({ method: 'head', key }, () => store.head(key)),
    write: (key, body, options) => around({ method: 'write', key }, () => store.write(key, body, options)),
    delete: (key) => around({ method: 'delete', key }, () => store.delete(key)),
  };
}

/** A store and the calls made of it. */
export function recorded(store: ObjectStore): { readonly store: ObjectStore; readonly calls: StoreCall[] } {
  const calls: StoreCall[] = [];
  return { store: watched(store, (call) => void calls.push(call)), calls };
}
