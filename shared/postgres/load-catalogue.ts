import { basename } from 'node:path';
import type { PoolClient } from 'pg';
import { CATALOGUE_DATASETS, type CatalogueLoad, type LoadFigures } from '../ports/catalogue-database';
import { copyFile } from './copy-file';
import { sql } from './sql-files';

interface Step {
  /** The name of its file in `sql/load/`. */
  readonly name: string;
  /** What it is given after the tenant. */
  readonly values?: (load: CatalogueLoad) => readonly unknown[];
}

/** Each changes one table, in the order in which the tables refer to each other. */
const STEPS: readonly Step[] = [
  { name: 'channels' },
  { name: 'channel-details' },
  { name: 'video-types' },
  { name: 'videos' },
  { name: 'kinds-ended' },
  { name: 'kinds' },
  { name: 'streams-ended' },
  { name: 'streams' },
  { name: 'statistics', values: ({ date }) => [date] },
];

const REMOVED: Step = { name: 'removed', values: ({ wholeChannels, goneVideos }) => [wholeChannels, goneVideos] };

/** Says when the channels were read: that alone is no change of the catalogue. */
const REFRESHED: Step = { name: 'refreshed', values: ({ date }) => [date] };

/**
 * Loads a sync within a transaction of the tenant. Loads of one tenant wait for each other.
 *
 * @param begins is told the beginning of every part, for the message of its failure
 */
export async function loadCatalogue(
  client: PoolClient,
  load: CatalogueLoad,
  begins: (action: string) => void,
): Promise<LoadFigures> {
  await client.query(sql('lock-tenant'), [load.tenant]);
  await client.query(sql('load/incoming'));
  for (const dataset of CATALOGUE_DATASETS) {
    for (const path of load.files[dataset]) {
      begins(`Copying ${basename(path)}`);
      await copyFile(client, dataset, path);
    }
  }
  let rowsWritten = 0;
  for (const step of STEPS) rowsWritten += await run(client, step, load, begins);
  const removed = await run(client, REMOVED, load, begins);
  await run(client, REFRESHED, load, begins);
  return { rowsWritten: rowsWritten + removed, removed };
}

/** @returns the rows that were inserted, changed or deleted */
async function run(client: PoolClient, step: Step, load: CatalogueLoad, begins: (action: string) => void) {
  begins(`Loading the catalogue of ${load.tenant} (${step.name})`);
  const values = [load.tenant, ...(step.values?.(load) ?? [])];
  const { rowCount } = await client.query(sql(`load/${step.name}`), values);
  return rowCount ?? 0;
}
