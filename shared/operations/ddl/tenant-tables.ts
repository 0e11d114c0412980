import { createHash } from 'node:crypto';
import { DATASETS, type DatasetName, MONTHLY_DATASETS } from '../../messages/datasets';
import { datasetRoot, manifestFolder, monthlyDatasetRoot, monthlyManifestFolder } from '../../messages/output-paths';
import type { DatasetTable, Partition, TenantTables } from './engines';

/** The years that a table of projected partitions covers: a query that names no year asks for all of them. */
const YEARS = { from: 2020, to: 2050 } as const;

const PARTITIONS: readonly Partition[] = [
  { name: 'year', digits: 4, ...YEARS },
  { name: 'month', digits: 2, from: 1, to: 12 },
  { name: 'day', digits: 2, from: 1, to: 31 },
];

/** @param location the address of the container or folder, without a slash at its end */
export function tenantTables(
  tenant: string,
  location: string,
  datasets: readonly DatasetName[],
  monthly: boolean,
): TenantTables {
  const root = location === '/' ? location : `${location}/`;
  const below = (path: string) => `${root}${path}`;
  const folderOf = monthly ? monthlyDatasetRoot : datasetRoot;
  const manifests = monthly ? monthlyManifestFolder(tenant) : manifestFolder(tenant);
  const tables = datasets.map(
    (dataset): DatasetTable => ({
      dataset,
      table: monthly ? `${dataset}_monthly` : dataset,
      schema: (monthly ? MONTHLY_DATASETS : DATASETS)[dataset],
      folder: below(folderOf(tenant, dataset)).replace(/\/$/, ''),
      partitions: monthly ? PARTITIONS.slice(0, 2) : PARTITIONS,
    }),
  );
  return { tenant, database: databaseName(tenant), location: root, manifests: below(`${manifests}*.json`), tables };
}

/**
 * A name of lower-case letters, digits and `_`, as Athena wants it. Ids of lower-case letters, digits and hyphens keep theirs; of the others
 * a digest goes with it, because several of them would else be called the same.
 */
export function databaseName(tenant: string): string {
  const plain = tenant.toLowerCase().replace(/[^a-z0-9]/g, '_');
  const name = `makoto_${plain}`;
  if (/^[a-z0-9-]+$/.test(tenant)) return name;
  return `${name}_${createHash('sha256').update(tenant).digest('hex').slice(0, 8)}`;
}

/** `year=*\/month=*\/day=*`, for what reads file names by a pattern. */
export function partitionPattern(partitions: readonly Partition[], value: (partition: Partition) => string): string {
  return partitions.map((partition) => `${partition.name}=${value(partition)}`).join('/');
}
