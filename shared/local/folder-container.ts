import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, lstat, open, realpath, rmdir, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { StorageError } from '../errors';
import { fileNameOf } from './file-names';
import { errnoOf, unlessMissing } from './folder-errors';

/** A folder that is a container, and the paths in it. Nothing here makes the folder itself. */
export class FolderContainer {
  readonly path: string;

  constructor(folder: string) {
    this.path = resolve(folder);
  }

  pathOf(key: string): string {
    return join(this.path, ...key.split('/').map(fileNameOf));
  }

  /** @throws StorageError `container_not_found` */
  async checkThere(): Promise<void> {
    const facts = await stat(this.path).catch(unlessMissing);
    if (facts?.isDirectory() === true) return;
    throw new StorageError(`There is no folder ${this.path}. Make it, or correct the setting that names it.`, {
      code: 'container_not_found',
      kind: 'configuration',
    });
  }

  /**
   * Names cannot lead out of the folder, but a symbolic link in it could.
   *
   * @throws StorageError `storage_request_invalid`
   */
  async checkInside(path: string): Promise<void> {
    const [root, folder] = await Promise.all([realPathOf(this.path), realPathOfNearest(dirname(path), this.path)]);
    if (root === undefined || folder === undefined) return;
    const way = relative(root, folder);
    if (way !== '..' && !way.startsWith(`..${sep}`) && resolve(root, way) === folder) return;
    throw new StorageError(`The file ${path} is not in the folder ${this.path}: a link leads out of it.`, {
      code: 'storage_request_invalid',
      kind: 'permanent',
    });
  }

  /** The facts of the file at a path in the folder, undefined where there is none; a link is none. */
  async factsOf(path: string): Promise<BigIntStats | undefined> {
    await this.checkInside(path);
    const facts = await fileFacts(path);
    if (facts === undefined) await this.checkThere();
    return facts;
  }

  /** Opens a file for reading, or gives undefined where there is none. */
  async open(path: string): Promise<FileHandle | undefined> {
    await this.checkInside(path);
    try {
      // Without O_NONBLOCK, opening a pipe that somebody put there would wait for its writer.
      return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    } catch (error) {
      // ELOOP is what a link gives.
      if (!['ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP'].includes(errnoOf(error) ?? '')) throw error;
      await this.checkThere();
      return undefined;
    }
  }

  /** Removes folders that a deleted file left empty: object stores have none. */
  async removeEmptyFolders(from: string): Promise<void> {
    for (let folder = from; folder !== this.path; folder = dirname(folder)) {
      try {
        await rmdir(folder);
      } catch {
        // It is not empty, or somebody was faster.
        return;
      }
    }
  }
}

/** The facts of a file, undefined where there is none. */
export async function fileFacts(path: string): Promise<BigIntStats | undefined> {
  const facts = await lstat(path, { bigint: true }).catch(unlessMissing);
  return facts?.isFile() === true ? facts : undefined;
}

async function realPathOf(path: string): Promise<string | undefined> {
  return realpath(path).catch(unlessMissing);
}

/** The real path of a folder, or of the nearest one above it that is there. */
async function realPathOfNearest(path: string, root: string): Promise<string | undefined> {
  for (let folder = path; ; folder = dirname(folder)) {
    const real = await realPathOf(folder);
    if (real !== undefined || folder === root) return real;
  }
}
