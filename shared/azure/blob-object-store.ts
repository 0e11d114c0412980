import type { BlobRequestConditions, ContainerClient } from '@azure/storage-blob';
import { StorageError } from '../errors';
import { quoted, unquoted } from '../http/etags';
import { wholeBody } from '../http/whole-body';
import { checkFolderPrefix, checkKey, checkNewKey, checkPrefix, checkRange } from '../ports/object-key-rules';
import type {
  ListOptions,
  ObjectBody,
  ObjectEntry,
  ObjectPage,
  ObjectStore,
  PrefixPage,
  ReadOptions,
  StoredObject,
  WriteOptions,
} from '../ports/object-store';
import { statusOf } from '../service-failure';
import { type StorageCall, storageTimeout } from '../storage-call';
import { withTryTimeout } from '../try-timeout';
import { toStorageError } from './storage-errors';
import { openBody } from './upload-body';

export interface BlobObjectStoreOptions {
  readonly name: string;
  readonly tryTimeoutMs: number;
  readonly listPageSize: number;
}

/** The largest body of one Put Blob request (learn.microsoft.com, "Put Blob"); above it a block list would be needed. */
const MAX_PUT_BYTES = 5000 * 1024 * 1024;

/**
 * A container of Azure Blob Storage. Every method is one HTTP request, tried once, so that a caller's retries are the only
 * ones. ETags are given and taken without their quotes: listings have none, headers do.
 */
export class BlobObjectStore implements ObjectStore {
  readonly name: string;
  readonly #container: ContainerClient;
  readonly #options: BlobObjectStoreOptions;

  constructor(container: ContainerClient, options: BlobObjectStoreOptions) {
    this.name = options.name;
    this.#container = container;
    this.#options = options;
  }

  async list(prefix: string, continuation?: string, { from }: ListOptions = {}): Promise<ObjectPage> {
    checkPrefix(prefix);
    return this.#try(`Listing ${JSON.stringify(prefix)}`, false, async (abortSignal) => {
      const pages = this.#container
        .listBlobsFlat({ prefix, abortSignal, ...(from === undefined ? {} : { startFrom: from }) })
        .byPage(this.#page(continuation));
      const page = await pages.next();
      if (page.done === true) return { entries: [] };
      const entries = page.value.segment.blobItems.map(({ name, properties }) => ({
        key: name,
        etag: unquoted(properties.etag),
        size: properties.contentLength ?? 0,
      }));
      return { entries, ...next(page.value.continuationToken) };
    });
  }

  async listPrefixes(prefix: string, continuation?: string): Promise<PrefixPage> {
    checkFolderPrefix(prefix);
    return this.#try(`Listing the folders of ${JSON.stringify(prefix)}`, false, async (abortSignal) => {
      const pages = this.#container.listBlobsByHierarchy('/', { prefix, abortSignal }).byPage(this.#page(continuation));
      const page = await pages.next();
      if (page.done === true) return { prefixes: [] };
      const prefixes = (page.value.segment.blobPrefixes ?? []).map(({ name }) => name);
      return { prefixes, ...next(page.value.continuationToken) };
    });
  }

  async read(key: string, options: ReadOptions = {}): Promise<StoredObject> {
    checkKey(key);
    const { range } = options;
    if (range !== undefined) checkRange(key, range);
    const conditions: BlobRequestConditions = options.ifMatch === undefined ? {} : { ifMatch: quoted(options.ifMatch) };
    // HTTP has no range of no bytes, and answers one that begins at the end or later with 416 and no ETag.
    const read = range?.length === 0 ? undefined : await this.#download(key, conditions, range);
    return read ?? { body: new Uint8Array(0), etag: (await this.#properties(key, conditions)).etag };
  }

  async head(key: string): Promise<ObjectEntry | undefined> {
    checkKey(key);
    try {
      return await this.#properties(key, {});
    } catch (error) {
      if (error instanceof StorageError && error.code === 'object_not_found') return undefined;
      throw error;
    }
  }

  async write(key: string, body: ObjectBody, options: WriteOptions): Promise<{ readonly etag: string }> {
    checkNewKey(key);
    const action = `Writing ${JSON.stringify(key)}`;
    return this.#try(action, true, async (abortSignal, moved) => {
      const opened = openBody(body, moved);
      try {
        if (opened.size > MAX_PUT_BYTES) throw tooLarge(action, opened.size);
        const upload = this.#container.getBlockBlobClient(key).upload(opened.content, opened.size, {
          abortSignal,
          blobHTTPHeaders: { blobContentType: options.contentType },
          conditions: conditionsOf(options),
        });
        const answer = await Promise.race([upload, opened.broken]);
        return { etag: unquoted(answer.etag) };
      } finally {
        opened.close();
      }
    });
  }

  async delete(key: string): Promise<void> {
    checkKey(key);
    try {
      await this.#try(`Deleting ${JSON.stringify(key)}`, true, (abortSignal) =>
        this.#container.getBlobClient(key).delete({ abortSignal, deleteSnapshots: 'include' }),
      );
    } catch (error) {
      if (!(error instanceof StorageError && error.code === 'object_not_found')) throw error;
    }
  }

  async #properties(key: string, conditions: BlobRequestConditions): Promise<ObjectEntry> {
    return this.#try(`Looking up ${JSON.stringify(key)}`, true, async (abortSignal) => {
      const answer = await this.#container.getBlobClient(key).getProperties({ abortSignal, conditions });
      return { key, etag: unquoted(answer.etag), size: answer.contentLength ?? 0 };
    });
  }

  async #download(
    key: string,
    conditions: BlobRequestConditions,
    range: { readonly offset: number; readonly length: number } | undefined,
  ): Promise<StoredObject | undefined> {
    return this.#try(`Reading ${JSON.stringify(key)}`, true, async (abortSignal, moved, call) => {
      const options = { abortSignal, conditions, maxRetryRequests: 0 };
      try {
        const answer = await this.#container.getBlobClient(key).download(range?.offset ?? 0, range?.length, options);
        const body = await wholeBody(answer.readableStreamBody ?? [], answer.contentLength, { moved, call });
        return { body, etag: unquoted(answer.etag) };
      } catch (error) {
        if (range !== undefined && statusOf(error) === 416) return undefined;
        throw error;
      }
    });
  }

  #page(continuation: string | undefined): { maxPageSize: number; continuationToken?: string } {
    const maxPageSize = this.#options.listPageSize;
    return continuation === undefined ? { maxPageSize } : { maxPageSize, continuationToken: continuation };
  }

  async #try<T>(
    action: string,
    ofObject: boolean,
    attempt: (signal: AbortSignal, moved: () => void, call: StorageCall) => Promise<T>,
  ): Promise<T> {
    const call: StorageCall = { action, store: this.name, ofObject };
    const { tryTimeoutMs } = this.#options;
    try {
      return await withTryTimeout(
        tryTimeoutMs,
        () => storageTimeout(call, tryTimeoutMs),
        (signal, moved) => attempt(signal, moved, call),
      );
    } catch (error) {
      throw toStorageError(error, call);
    }
  }
}

function conditionsOf({ onlyIf }: WriteOptions): BlobRequestConditions {
  if (onlyIf === undefined) return {};
  return onlyIf === 'absent' ? { ifNoneMatch: '*' } : { ifMatch: quoted(onlyIf.etag) };
}

function next(continuationToken: string | undefined): { next?: string } {
  return continuationToken === undefined || continuationToken === '' ? {} : { next: continuationToken };
}

function tooLarge(action: string, size: number): StorageError {
  return new StorageError(
    `${action} was not tried: ${size} bytes are more than the ${MAX_PUT_BYTES} of one blob write.`,
    {
      code: 'storage_request_invalid',
      kind: 'permanent',
    },
  );
}
