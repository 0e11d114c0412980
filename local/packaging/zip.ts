import { createWriteStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

/** The oldest time that a zip can hold, so that the same files give the same bytes. */
const NO_TIME = new Date(1980, 0, 1);
const PLAIN_FILE = 0o100644;

/** Packs every file below a folder, in order of their paths. @returns the size of the zip, in bytes */
export async function zipFolder(folder: string, path: string): Promise<number> {
  const zip = new ZipFile();
  for (const file of await filesBelow(folder)) {
    const name = relative(folder, file).split(sep).join('/');
    zip.addBuffer(await readFile(file), name, { mtime: NO_TIME, mode: PLAIN_FILE, forceDosTimestamp: true });
  }
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path));
  return (await stat(path)).size;
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
