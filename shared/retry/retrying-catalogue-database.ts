import type {
  CatalogueChannel,
  CatalogueDatabase,
  CatalogueLoad,
  CataloguePruning,
  CatalogueState,
  LoadFigures,
  PrunedRows,
} from '../ports/catalogue-database';
import { type Retry, type RetryOptions, retrying } from './retry';

export interface CatalogueRetry extends Retry {
  readonly store: string;
  readonly operation: string;
}

export interface RetryingCatalogueOptions extends Omit<RetryOptions, 'onRetry'> {
  readonly onRetry?: (retry: CatalogueRetry) => void;
}

/** A catalogue database whose transient failures are tried again. Every operation of the port is whole or nothing, so each may be repeated. */
export class RetryingCatalogueDatabase implements CatalogueDatabase {
  readonly #database: CatalogueDatabase;
  readonly #options: RetryingCatalogueOptions;

  constructor(database: CatalogueDatabase, options: RetryingCatalogueOptions) {
    this.#database = database;
    this.#options = options;
  }

  get name(): string {
    return this.#database.name;
  }

  prepare(): Promise<void> {
    return this.#retrying('prepare', () => this.#database.prepare());
  }

  inspect(): Promise<CatalogueState> {
    return this.#retrying('inspect', () => this.#database.inspect());
  }

  channels(tenant: string): Promise<readonly CatalogueChannel[]> {
    return this.#retrying('channels', () => this.#database.channels(tenant));
  }

  knownVideos(tenant: string, channelId: string): Promise<readonly string[]> {
    return this.#retrying('knownVideos', () => this.#database.knownVideos(tenant, channelId));
  }

  premieres(tenant: string): Promise<ReadonlySet<string>> {
    return this.#retrying('premieres', () => this.#database.premieres(tenant));
  }

  load(load: CatalogueLoad): Promise<LoadFigures> {
    return this.#retrying('load', () => this.#database.load(load));
  }

  prune(pruning: CataloguePruning): Promise<PrunedRows> {
    return this.#retrying('prune', () => this.#database.prune(pruning));
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  #retrying<T>(operation: string, run: () => Promise<T>): Promise<T> {
    const { onRetry, ...options } = this.#options;
    const told = onRetry && ((retry: Retry) => onRetry({ ...retry, store: this.name, operation }));
    return retrying(run, { ...options, onRetry: told });
  }
}
