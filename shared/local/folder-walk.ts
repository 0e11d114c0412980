import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { segmentOf, UNFINISHED } from './file-names';
import { unlessMissing } from './folder-errors';

export interface FoundFile {
  readonly key: string;
  readonly path: string;
}

/**
 * The files below a folder in ascending order of their keys, one folder's names in memory at a time for each level. Links
 * are not followed: they could lead out of the store.
 *
 * @param path the folder
 * @param keyPrefix the key of the folder: empty, or ending in `/`
 * @param after only keys after this one
 */
export async function* filesBelow(
  path: string,
  keyPrefix: string,
  wanted: { readonly prefix: string; readonly after: string | undefined },
): AsyncGenerator<FoundFile, void, undefined> {
  for (const { key, path: entryPath, isFolder } of await entriesOf(path, keyPrefix)) {
    if (isFolder) {
      if (mayHold(key, wanted.prefix, wanted.after)) yield* filesBelow(entryPath, key, wanted);
    } else if (key.startsWith(wanted.prefix) && (wanted.after === undefined || key > wanted.after)) {
      yield { key, path: entryPath };
    }
  }
}

/**
 * The folders directly below a folder that have a file in them, at any depth, in ascending order. Their keys end in `/`.
 *
 * @param after only folders after this one
 */
export async function* foldersIn(
  path: string,
  keyPrefix: string,
  after: string | undefined,
): AsyncGenerator<string, void, undefined> {
  for (const { key, path: entryPath, isFolder } of await entriesOf(path, keyPrefix)) {
    if (isFolder && (after === undefined || key > after) && (await hasFile(entryPath, key))) yield key;
  }
}

async function hasFile(path: string, key: string): Promise<boolean> {
  const first = await filesBelow(path, key, { prefix: '', after: undefined }).next();
  return first.done !== true;
}

/** Whether a folder can hold a key with the prefix that comes after the other key. */
function mayHold(folderKey: string, prefix: string, after: string | undefined): boolean {
  const matches = folderKey.startsWith(prefix) || prefix.startsWith(folderKey);
  return matches && (after === undefined || folderKey > after || after.startsWith(folderKey));
}

async function entriesOf(
  path: string,
  keyPrefix: string,
): Promise<{ readonly key: string; readonly path: string; readonly isFolder: boolean }[]> {
  const entries = (await namesIn(path))
    .filter((entry) => (entry.isDirectory() || entry.isFile()) && !entry.name.startsWith(UNFINISHED))
    .map((entry) => ({
      // With the slash, folders and files sort as the whole keys below them do.
      key: keyPrefix + segmentOf(entry.name) + (entry.isDirectory() ? '/' : ''),
      path: join(path, entry.name),
      isFolder: entry.isDirectory(),
    }));
  return entries.sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** A folder that is gone by now, or never was, holds nothing. */
async function namesIn(path: string): Promise<Dirent[]> {
  return (await readdir(path, { withFileTypes: true }).catch(unlessMissing)) ?? [];
}
