import type { CatalogueDatabase } from '../ports/catalogue-database';
import type { Telemetry } from '../ports/telemetry';

/** A catalogue database whose calls are told to telemetry, one by one: a sync makes a handful. */
export function observedCatalogueDatabase(database: CatalogueDatabase, telemetry: Telemetry): CatalogueDatabase {
  const call = <T>(operation: string, make: () => Promise<T>): Promise<T> =>
    telemetry.call({ system: 'postgresql', target: database.name, operation, many: false }, make);
  return {
    name: database.name,
    prepare: () => call('prepare', () => database.prepare()),
    inspect: () => call('inspect', () => database.inspect()),
    channels: (tenant) => call('channels', () => database.channels(tenant)),
    knownVideos: (tenant, channelId) => call('knownVideos', () => database.knownVideos(tenant, channelId)),
    premieres: (tenant) => call('premieres', () => database.premieres(tenant)),
    load: (load) => call('load', () => database.load(load)),
    prune: (pruning) => call('prune', () => database.prune(pruning)),
    close: () => database.close(),
  };
}
