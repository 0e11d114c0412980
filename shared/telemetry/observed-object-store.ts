import { StorageError } from '../errors';
import type { ObjectBody, ObjectEntry, ObjectPage, ObjectStore, PrefixPage, StoredObject } from '../ports/object-store';
import type { Telemetry } from '../ports/telemetry';

/**
 * An object store whose calls are told to telemetry: writes one by one, the others, of which a day makes 100,000, added up by the step.
 * It stands around the retries: a call that succeeded at its third try is one.
 */
export function observedObjectStore(store: ObjectStore, telemetry: Telemetry): ObjectStore {
  const call = <T>(operation: string, many: boolean, make: () => Promise<T>): Promise<T> =>
    telemetry.call({ system: 'blob', target: store.name, operation, many, isAnswer }, make);
  return {
    name: store.name,
    list: (prefix, continuation, options): Promise<ObjectPage> =>
      call('list', true, () => store.list(prefix, continuation, options)),
    listPrefixes: (prefix, continuation): Promise<PrefixPage> =>
      call('listPrefixes', true, () => store.listPrefixes(prefix, continuation)),
    read: (key, options): Promise<StoredObject> => call('read', true, () => store.read(key, options)),
    head: (key): Promise<ObjectEntry | undefined> => call('head', true, () => store.head(key)),
    write: (key, body: ObjectBody, options): Promise<{ readonly etag: string }> =>
      call('write', false, () => store.write(key, body, options)),
    delete: (key): Promise<void> => call('delete', true, () => store.delete(key)),
  };
}

function isAnswer(error: unknown): boolean {
  return error instanceof StorageError && (error.code === 'object_not_found' || error.code === 'precondition_failed');
}
