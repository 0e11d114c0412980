import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readJson } from '../../unit/docs/documents';

// What is deployed: the compiled app with its dependencies and none of the development's.

const SCRIPT = join(__dirname, '..', '..', 'support', 'load-without.js');

const SETTINGS = {
  AZURE_STORAGE_CONNECTION_STRING: 'UseDevelopmentStorage=true',
  COSMOS_ENDPOINT: 'http://127.0.0.1:1/',
  COSMOS_KEY: 'bm90IGEgcmVhbCBrZXk=',
  DB_HOST: 'localhost',
};

async function loadWithout(packages: readonly string[]): Promise<string[]> {
  const env = { PATH: process.env.PATH, ...SETTINGS };
  const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, ...packages], { env });
  return JSON.parse(stdout) as string[];
}

test('the app loads, and registers all of its functions, where no development dependency is installed', async () => {
  const { devDependencies } = readJson<{ devDependencies: Readonly<Record<string, string>> }>('package.json');

  const functions = await loadWithout(Object.keys(devDependencies));

  expect(functions.sort()).toEqual(
    [
      ...['dailyBatch', 'tenantLane', 'tenantBatch', 'attempt'],
      ...['resolveRun', 'surveyDays', 'planExport', 'exportShard', 'publishExport', 'recordFailure', 'recordRun'],
      ...['planSync', 'fetchChannel', 'fetchVideo', 'loadSync', 'pruneSync', 'recordSync'],
      ...['backfill', 'backfillLane', 'backfillDay', 'planBackfill', 'planBackfillDay', 'lookAtDay', 'startBackfill'],
      ...['exportTimer', 'youtubeTimer', 'startRuns', 'getRun', 'dashboard'],
    ].sort(),
  );
});

test('the app does not load where one of its own dependencies is missing', async () => {
  await expect(loadWithout(['parquet-wasm'])).rejects.toThrow('parquet-wasm is not installed');
});
