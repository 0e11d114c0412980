import { z } from 'zod';
import { allObjects } from '../messages/pages';
import type { ObjectStore } from '../ports/object-store';
import { progressKey } from './sync-paths';
import { readJson } from './work-json';
import { handlesFolder, singleVideosFolder, workRoot } from './work-paths';

const ofRun = z.object({ run: z.string() });

/**
 * Removes working papers of channels, handles and single videos that no run since a date has touched. Of those that are in use, each sync keeps
 * what it needs.
 *
 * @param oldest the earliest business date of a run whose papers stay
 */
export async function removeOldWork(output: ObjectStore, tenant: string, oldest: string): Promise<void> {
  const root = workRoot(tenant);
  const folders = new Map<string, string[]>();
  for await (const { key } of allObjects(output, root)) {
    const folder = folderOf(key, tenant);
    folders.set(folder, [...(folders.get(folder) ?? []), key]);
  }
  for (const [folder, keys] of folders) {
    if ((await lastRunOf(output, tenant, folder, keys)) >= oldest) continue;
    // What tells how old they are goes last: an interrupted removal is gone on with.
    const tells = progressKey(tenant, folder.slice(root.length, -1));
    for (const key of keys) if (key !== tells) await output.delete(key);
    if (keys.includes(tells)) await output.delete(tells);
  }
}

/** What goes or stays together: the papers of a channel, or of one run's single videos, or the note of one handle. */
function folderOf(key: string, tenant: string): string {
  if (key.startsWith(handlesFolder(tenant))) return key;
  const root = key.startsWith(singleVideosFolder(tenant)) ? singleVideosFolder(tenant) : workRoot(tenant);
  return key.slice(0, key.indexOf('/', root.length) + 1) || key;
}

/** The name of the run that touched papers last, which begins with its date; empty where nothing tells. */
async function lastRunOf(
  output: ObjectStore,
  tenant: string,
  folder: string,
  keys: readonly string[],
): Promise<string> {
  const singles = singleVideosFolder(tenant);
  if (folder.startsWith(singles)) return folder.slice(singles.length);
  const told = folder.startsWith(handlesFolder(tenant))
    ? folder
    : progressKey(tenant, folder.slice(workRoot(tenant).length, -1));
  const note = keys.includes(told) ? await readJson(output, told, ofRun) : undefined;
  const readers = keys.map((key) => key.slice(folder.length)).filter((name) => /^\d{4}-\d\d-\d\dT/.test(name));
  return note?.value?.run ?? readers.sort().at(-1) ?? '';
}
