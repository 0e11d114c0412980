import { MetadataError } from '../errors';
import type { MetadataStore } from '../ports/metadata-store';
import type { Telemetry } from '../ports/telemetry';

/** A metadata store whose calls are told to telemetry, added up by the step: a plan makes one for every user. */
export function observedMetadataStore(store: MetadataStore, telemetry: Telemetry): MetadataStore {
  const call = <T>(operation: string, make: () => Promise<T>): Promise<T> =>
    telemetry.call({ system: 'cosmos', target: store.name, operation, many: true, isAnswer }, make);
  return {
    name: store.name,
    get: (partition, sortKey) => call('get', () => store.get(partition, sortKey)),
    query: (query, continuation) => call('query', () => store.query(query, continuation)),
    put: (item, onlyIf) => call('put', () => store.put(item, onlyIf)),
  };
}

function isAnswer(error: unknown): boolean {
  return error instanceof MetadataError && error.code === 'metadata_precondition_failed';
}
