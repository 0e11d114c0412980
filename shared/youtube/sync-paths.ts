import type { CatalogueDataset } from '../ports/catalogue-database';

/** Where a tenant's sync keeps things in its output container. Every path is below `{tenant}/youtube/`. */
export function youtubeRoot(tenant: string): string {
  return `${tenant}/youtube/`;
}

/** The CSV files of one run. */
export function csvFolder(tenant: string, run: string): string {
  return `${youtubeRoot(tenant)}csv/${run}/`;
}

/** One file of a dataset: `videos.csv`, or `videos_001.csv` and so on where there are several. */
export function csvKey(tenant: string, run: string, dataset: CatalogueDataset, number: number, of: number): string {
  const suffix = of === 1 ? '' : `_${String(number).padStart(3, '0')}`;
  return `${csvFolder(tenant, run)}${dataset}${suffix}.csv`;
}

/** How far the reading of a channel has come. One object a channel: the next sync finds there what to go on with. */
export function progressKey(tenant: string, channelId: string): string {
  return `${youtubeRoot(tenant)}_work/${channelId}/progress.json`;
}

/** Videos that were read of a channel by the reading that `run` began, in lots of some hundred. */
export function videoLotKey(tenant: string, channelId: string, run: string, number: number): string {
  return `${youtubeRoot(tenant)}_work/${channelId}/${run}/videos-${String(number).padStart(5, '0')}.jsonl`;
}

/** The pages of a channel's uploads list as the last whole reading found them, with their etags. */
export function uploadsPagesKey(tenant: string, channelId: string): string {
  return `${youtubeRoot(tenant)}_work/${channelId}/uploads.json`;
}
