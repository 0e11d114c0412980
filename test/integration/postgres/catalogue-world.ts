import type { CatalogueDatabase, CatalogueLoad, LoadFigures } from '../../../shared/ports/catalogue-database';
import { type CatalogueDatabaseOptions, createCatalogueDatabase } from '../../../shared/postgres/catalogue-database';
import type { DatabaseSettings } from '../../support/services';
import { type Sync, SyncFolder } from './sync-files';

/** Catalogue databases and files of one suite, to be closed and removed together. */
export class CatalogueWorld {
  readonly folder = new SyncFolder();
  readonly #opened: CatalogueDatabase[] = [];

  open(settings: DatabaseSettings, options: Partial<CatalogueDatabaseOptions> = {}): CatalogueDatabase {
    const database = createCatalogueDatabase({
      host: settings.DB_HOST,
      port: Number(settings.DB_PORT),
      database: settings.DB_NAME,
      user: settings.DB_USERNAME,
      password: async () => settings.DB_PASSWORD,
      ssl: 'disable',
      poolMax: 2,
      ...options,
    });
    this.#opened.push(database);
    return database;
  }

  async load(database: CatalogueDatabase, sync: Sync, changes: Partial<CatalogueLoad> = {}): Promise<LoadFigures> {
    return await database.load({ ...(await this.folder.write(sync)), ...changes });
  }

  async end(): Promise<void> {
    await Promise.all(this.#opened.splice(0).map((database) => database.close()));
    await this.folder.remove();
  }
}

/** What was thrown, for tests that look at more of it than its message. */
export async function failureOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error('It did not fail.');
}

/** All that an error could bring into a log: its own words, and those of what caused it. */
export function everyWordOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return [error.stack, JSON.stringify(error), error.cause === undefined ? '' : everyWordOf(error.cause)].join('\n');
}
