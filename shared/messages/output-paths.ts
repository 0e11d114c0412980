import type { DatasetName } from './datasets';

/** Where a day's output lies in the analytics container. Every path is below `{tenant}/analytics/`. */

/** `{tenant}/analytics/`, the address that a person or an engine starts from. */
export function analyticsRoot(tenant: string): string {
  return `${tenant}/analytics/`;
}

/** The folder that an engine is pointed at for the days of a dataset. */
export function datasetRoot(tenant: string, dataset: DatasetName): string {
  return `${analyticsRoot(tenant)}${dataset}/`;
}

/** The folder of a dataset's parts of one day: Hive partitions, read by every engine. */
export function datasetFolder(tenant: string, dataset: DatasetName, date: string): string {
  const [year, month, day] = date.split('-');
  return `${datasetRoot(tenant, dataset)}year=${year}/month=${month}/day=${day}/`;
}

/**
 * A part's key. The name carries a digest of the content, so a new version of a part never overwrites the one that the
 * published manifest names: who follows the manifest sees the old day or the new one, never a mixture.
 */
export function partKey(tenant: string, dataset: DatasetName, date: string, shard: number, sha256: string): string {
  return `${datasetFolder(tenant, dataset, date)}${numbered('part', shard)}-${shortDigest(sha256)}.parquet`;
}

export function quarantineFolder(tenant: string, date: string): string {
  return `${analyticsRoot(tenant)}_quarantine/${date}/`;
}

export function quarantineKey(tenant: string, date: string, shard: number, sha256: string): string {
  return `${quarantineFolder(tenant, date)}${numbered('part', shard)}-${shortDigest(sha256)}.jsonl`;
}

export function manifestFolder(tenant: string): string {
  return `${analyticsRoot(tenant)}_manifests/`;
}

/** The manifest alone makes a day published. */
export function manifestKey(tenant: string, date: string): string {
  return `${manifestFolder(tenant)}${date}.json`;
}

/** The folder that an engine is pointed at for a dataset's whole months. */
export function monthlyDatasetRoot(tenant: string, dataset: DatasetName): string {
  return `${analyticsRoot(tenant)}monthly/${dataset}/`;
}

/** The folder of a dataset's parts of one month. @param month as yyyy-mm */
export function monthFolder(tenant: string, dataset: DatasetName, month: string): string {
  const [year, ofYear] = month.split('-');
  return `${monthlyDatasetRoot(tenant, dataset)}year=${year}/month=${ofYear}/`;
}

/** As {@link partKey}, of a month. @param number counts the month's parts from 0 */
export function monthPartKey(
  tenant: string,
  dataset: DatasetName,
  month: string,
  number: number,
  sha256: string,
): string {
  return `${monthFolder(tenant, dataset, month)}${numbered('part', number)}-${shortDigest(sha256)}.parquet`;
}

export function monthlyManifestFolder(tenant: string): string {
  return `${manifestFolder(tenant)}months/`;
}

/** What alone makes a month's parts published. */
export function monthManifestKey(tenant: string, month: string): string {
  return `${monthlyManifestFolder(tenant)}${month}.json`;
}

/** The folder of a day's working papers: what each shard was to read, what came of it, and late rooms to take in. */
export function planFolder(tenant: string, date: string): string {
  return `${analyticsRoot(tenant)}_plans/${date}/`;
}

/** A working paper's key, named by its content: written again it is the same object. */
export function paperKey(
  tenant: string,
  date: string,
  kind: 'plan' | 'shard' | 'result' | 'late',
  number: number,
  sha256: string,
): string {
  return `${planFolder(tenant, date)}${numbered(kind, number)}-${shortDigest(sha256)}.json`;
}

/** The folder of a day's corrected copies of quarantined messages. */
export function repairsFolder(tenant: string, date: string): string {
  return `${analyticsRoot(tenant)}_repairs/${date}/`;
}

/** A message has one corrected copy at most, named by a digest of its key: a second one takes the place of the first. */
export function repairKey(tenant: string, date: string, sha256OfKey: string): string {
  return `${repairsFolder(tenant, date)}${sha256OfKey.slice(0, 32)}.json`;
}

function numbered(kind: string, number: number): string {
  return `${kind}-${String(number).padStart(5, '0')}`;
}

function shortDigest(sha256: string): string {
  return sha256.slice(0, 16);
}
