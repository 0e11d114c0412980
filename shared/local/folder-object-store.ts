import type { BigIntStats } from 'node:fs';
import { type FileHandle, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StorageError } from '../errors';
import { checkFolderPrefix, checkKey, checkNewKey, checkPrefix, checkRange } from '../ports/object-key-rules';
import type {
  ObjectBody,
  ObjectEntry,
  ObjectPage,
  ObjectStore,
  PrefixPage,
  ReadOptions,
  StoredObject,
  WriteOptions,
} from '../ports/object-store';
import { etagOf } from './file-version';
import { FolderContainer, fileFacts } from './folder-container';
import { toFolderError, unlessMissing } from './folder-errors';
import { filesBelow, foldersIn } from './folder-walk';
import { writeFileAtomically } from './folder-write';
import { inTurn } from './turns';

export interface FolderObjectStoreOptions {
  /** The folder that is the container. It must be there: a store never makes its own container. */
  readonly folder: string;
  /** Entries in a page of a listing. */
  readonly listPageSize?: number | undefined;
}

/**
 * A folder of this machine as a container: a key is a file's path below it, with what a file name cannot hold escaped by
 * percent signs. A key cannot be a file and the beginning of other keys at once, which a blob container allows.
 *
 * Files appear whole or not at all. Conditions hold between the writers of this process; writers in other processes are
 * kept apart by `absent` only, since no file system replaces a file on a condition.
 */
export function createFolderObjectStore(options: FolderObjectStoreOptions): ObjectStore {
  return new FolderObjectStore(options);
}

class FolderObjectStore implements ObjectStore {
  readonly name: string;
  readonly #container: FolderContainer;
  readonly #pageSize: number;

  constructor({ folder, listPageSize = 1000 }: FolderObjectStoreOptions) {
    this.#container = new FolderContainer(folder);
    this.name = this.#container.path;
    this.#pageSize = listPageSize;
  }

  async list(prefix: string, continuation?: string): Promise<ObjectPage> {
    checkPrefix(prefix);
    return this.#call(`Listing ${JSON.stringify(prefix)}`, async () => {
      const { path, keyPrefix } = await this.#folderOf(prefix);
      const entries: ObjectEntry[] = [];
      for await (const { key, path: file } of filesBelow(path, keyPrefix, { prefix, after: continuation })) {
        const last = entries.at(-1);
        if (last !== undefined && entries.length === this.#pageSize) return { entries, next: last.key };
        const facts = await fileFacts(file);
        if (facts !== undefined) entries.push(entryOf(key, facts));
      }
      return { entries };
    });
  }

  async listPrefixes(prefix: string, continuation?: string): Promise<PrefixPage> {
    checkFolderPrefix(prefix);
    return this.#call(`Listing the folders of ${JSON.stringify(prefix)}`, async () => {
      const { path, keyPrefix } = await this.#folderOf(prefix);
      const prefixes: string[] = [];
      for await (const found of foldersIn(path, keyPrefix, continuation)) {
        const last = prefixes.at(-1);
        if (last !== undefined && prefixes.length === this.#pageSize) return { prefixes, next: last };
        prefixes.push(found);
      }
      return { prefixes };
    });
  }

  async read(key: string, options: ReadOptions = {}): Promise<StoredObject> {
    checkKey(key);
    const { ifMatch, range } = options;
    if (range !== undefined) checkRange(key, range);
    return this.#call(`Reading ${JSON.stringify(key)}`, async () => {
      const file = await this.#container.open(this.#container.pathOf(key));
      try {
        const facts = await file?.stat({ bigint: true });
        if (file === undefined || facts?.isFile() !== true) throw this.#missing(key);
        if (ifMatch !== undefined && ifMatch !== etagOf(facts)) throw this.#changed(key);
        return { body: await readRange(file, Number(facts.size), range), etag: etagOf(facts) };
      } finally {
        await file?.close();
      }
    });
  }

  async head(key: string): Promise<ObjectEntry | undefined> {
    checkKey(key);
    return this.#call(`Looking up ${JSON.stringify(key)}`, async () => {
      const facts = await this.#container.factsOf(this.#container.pathOf(key));
      return facts && entryOf(key, facts);
    });
  }

  async write(key: string, body: ObjectBody, { onlyIf }: WriteOptions): Promise<{ readonly etag: string }> {
    checkNewKey(key);
    return this.#call(`Writing ${JSON.stringify(key)}`, async () => {
      const path = this.#container.pathOf(key);
      await this.#container.checkThere();
      await this.#container.checkInside(path);
      const facts = await inTurn(path, () =>
        writeFileAtomically(path, body, {
          onlyAbsent: onlyIf === 'absent',
          beforeReplacing: async () => {
            if (onlyIf === undefined || onlyIf === 'absent') return;
            const current = await this.#container.factsOf(path);
            if (current === undefined || etagOf(current) !== onlyIf.etag) throw this.#changed(key);
          },
        }),
      );
      if (facts === undefined) throw this.#changed(key);
      return { etag: etagOf(facts) };
    });
  }

  async delete(key: string): Promise<void> {
    checkKey(key);
    await this.#call(`Deleting ${JSON.stringify(key)}`, async () => {
      const path = this.#container.pathOf(key);
      await inTurn(path, async () => {
        if ((await this.#container.factsOf(path)) === undefined) return;
        await unlink(path).catch(unlessMissing);
        await this.#container.removeEmptyFolders(dirname(path));
      });
    });
  }

  /** The folder to walk for a prefix, which may end in the middle of a name. */
  async #folderOf(prefix: string): Promise<{ path: string; keyPrefix: string }> {
    const keyPrefix = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    const path = keyPrefix === '' ? this.#container.path : this.#container.pathOf(keyPrefix.slice(0, -1));
    await this.#container.checkThere();
    await this.#container.checkInside(join(path, 'any'));
    return { path, keyPrefix };
  }

  async #call<T>(action: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw toFolderError(error, action, this.name);
    }
  }

  #missing(key: string): StorageError {
    const message = `There is no object ${JSON.stringify(key)} in ${this.name}.`;
    return new StorageError(message, { code: 'object_not_found', kind: 'permanent' });
  }

  #changed(key: string): StorageError {
    const message = `The object ${JSON.stringify(key)} in ${this.name} is not the version that was expected.`;
    return new StorageError(message, { code: 'precondition_failed', kind: 'permanent' });
  }
}

async function readRange(
  file: FileHandle,
  size: number,
  range: { readonly offset: number; readonly length: number } | undefined,
): Promise<Uint8Array> {
  const offset = Math.min(range?.offset ?? 0, size);
  const body = Buffer.alloc(Math.min(range?.length ?? size, size - offset));
  let read = 0;
  while (read < body.length) {
    const { bytesRead } = await file.read(body, read, body.length - read, offset + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return body.subarray(0, read);
}

function entryOf(key: string, facts: BigIntStats): ObjectEntry {
  return { key, etag: etagOf(facts), size: Number(facts.size) };
}
