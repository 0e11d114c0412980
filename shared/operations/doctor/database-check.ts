import type { BatchPlatform } from '../../batch/batch-platform';
import { adviceFor, type Check, failed, fine, problem, warning } from './check';

/** Asks the database for its version and for the state of its tables, and changes nothing. None where the settings name no database. */
export async function checkDatabase(platform: BatchPlatform): Promise<readonly Check[]> {
  if (platform.settings.database === undefined) return [];
  const database = platform.catalogue();
  const { name } = database;
  try {
    const { serverVersion, applied, missing, problem: obstacle } = await database.inspect();
    if (obstacle !== undefined)
      return [problem('database', `${obstacle.code}: ${obstacle.message}`, adviceFor(obstacle), name)];
    const server = `PostgreSQL ${serverVersion}`;
    if (missing.length === 0) return [fine('database', `${server}; the tables are those of ${applied.at(-1)}.`, name)];
    const found = `${server}; the tables lack ${missing.join(', ')}.`;
    return [warning('database', found, 'The next sync brings them up to date: makoto-batch run youtube', name)];
  } catch (error) {
    return [failed('database', 'Asking the database', error, name)];
  }
}
