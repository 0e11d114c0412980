import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  type ListObjectsV2CommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { StorageError } from '../errors';
import { quoted, unquoted } from '../http/etags';
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
import { type StorageCall, storageTimeout, truncatedBody } from '../storage-call';
import { withTryTimeout } from '../try-timeout';
import { awsFailure } from './aws-errors';
import { type Attempt, objectBody } from './object-body';
import { toS3Error } from './s3-errors';
import { decodedName, notBefore, startAfter } from './s3-listing';
import { type UploadTo, upload } from './s3-upload';

export interface S3ObjectStoreOptions {
  readonly bucket: string;
  readonly tryTimeoutMs: number;
  readonly listPageSize: number;
}

/**
 * A bucket of S3. Every method is one HTTP request, tried once, so that a caller's retries are the only ones; large bodies are written in parts,
 * and two are made where a range begins behind the end. ETags are given and taken without their quotes.
 *
 * An object is looked up by reading its first byte: an answer to HEAD has no body, so that it could not say what is wrong.
 */
export class S3ObjectStore implements ObjectStore {
  readonly name: string;
  readonly #client: S3Client;
  readonly #options: S3ObjectStoreOptions;

  constructor(client: S3Client, options: S3ObjectStoreOptions) {
    this.name = `s3://${options.bucket}`;
    this.#client = client;
    this.#options = options;
  }

  async list(prefix: string, continuation?: string, { from }: ListOptions = {}): Promise<ObjectPage> {
    checkPrefix(prefix);
    return this.#try(`Listing ${JSON.stringify(prefix)}`, false, async (attempt) => {
      const page = await this.#page(attempt, {
        Prefix: prefix,
        ContinuationToken: continuation,
        StartAfter: startAfter(from),
      });
      const entries = (page.Contents ?? []).map(({ Key = '', ETag, Size = 0 }) => ({
        key: decodedName(Key),
        etag: unquoted(ETag),
        size: Size,
      }));
      return { entries: notBefore(entries, from), ...next(page) };
    });
  }

  async listPrefixes(prefix: string, continuation?: string): Promise<PrefixPage> {
    checkFolderPrefix(prefix);
    return this.#try(`Listing the folders of ${JSON.stringify(prefix)}`, false, async (attempt) => {
      const page = await this.#page(attempt, { Prefix: prefix, Delimiter: '/', ContinuationToken: continuation });
      const prefixes = (page.CommonPrefixes ?? []).map(({ Prefix = '' }) => decodedName(Prefix));
      return { prefixes, ...next(page) };
    });
  }

  async read(key: string, options: ReadOptions = {}): Promise<StoredObject> {
    checkKey(key);
    const { ifMatch, range } = options;
    if (range !== undefined) checkRange(key, range);
    // HTTP has no range of no bytes, and answers one that begins at the end or later with 416 and no ETag.
    const read = range?.length === 0 ? undefined : await this.#download(`Reading ${JSON.stringify(key)}`, key, options);
    if (read !== undefined) return { body: read.body, etag: read.etag };
    return { body: new Uint8Array(0), etag: (await this.#entry(key, ifMatch)).etag };
  }

  async head(key: string): Promise<ObjectEntry | undefined> {
    checkKey(key);
    try {
      return await this.#entry(key, undefined);
    } catch (error) {
      if (error instanceof StorageError && error.code === 'object_not_found') return undefined;
      throw error;
    }
  }

  async write(key: string, body: ObjectBody, options: WriteOptions): Promise<{ readonly etag: string }> {
    checkNewKey(key);
    const action = `Writing ${JSON.stringify(key)}`;
    const to: UploadTo = { client: this.#client, bucket: this.#options.bucket, key, options };
    try {
      return await this.#try(action, true, ({ signal, moved }) => upload(to, body, signal, moved));
    } catch (error) {
      // A condition on a version, where there is no object at all (Amazon S3 user guide, "Conditional write behavior").
      const isGone = error instanceof StorageError && error.code === 'object_not_found';
      if (!isGone || options.onlyIf === undefined) throw error;
      throw new StorageError(error.message, { code: 'precondition_failed', kind: 'permanent', cause: error.cause });
    }
  }

  async delete(key: string): Promise<void> {
    checkKey(key);
    await this.#try(`Deleting ${JSON.stringify(key)}`, true, async ({ signal }) => {
      const Bucket = this.#options.bucket;
      await this.#client.send(new DeleteObjectCommand({ Bucket, Key: key }), { abortSignal: signal });
    });
  }

  async #entry(key: string, ifMatch: string | undefined): Promise<ObjectEntry> {
    const action = `Looking up ${JSON.stringify(key)}`;
    const first = await this.#download(action, key, { ...(ifMatch && { ifMatch }), range: { offset: 0, length: 1 } });
    if (first !== undefined) return { key, etag: first.etag, size: first.size };
    // It is empty: only HEAD says its ETag.
    return this.#try(action, true, async ({ signal }) => {
      const command = new HeadObjectCommand({ Bucket: this.#options.bucket, Key: key, ...conditionOf(ifMatch) });
      const answer = await this.#client.send(command, { abortSignal: signal });
      return { key, etag: unquoted(answer.ETag), size: answer.ContentLength ?? 0 };
    });
  }

  /** @returns undefined where the range begins behind the end; `size` is the whole object's */
  async #download(
    action: string,
    key: string,
    { ifMatch, range }: ReadOptions,
  ): Promise<(StoredObject & { readonly size: number }) | undefined> {
    return this.#try(action, true, async ({ signal, moved, call }) => {
      const Range = range && `bytes=${range.offset}-${range.offset + range.length - 1}`;
      const command = new GetObjectCommand({ Bucket: this.#options.bucket, Key: key, Range, ...conditionOf(ifMatch) });
      try {
        const answer = await this.#client.send(command, { abortSignal: signal });
        const body = await objectBody(answer, { signal, moved, call });
        const total = Number(/\/(\d+)$/.exec(answer.ContentRange ?? '')?.[1] ?? body.byteLength);
        return { body, etag: unquoted(answer.ETag), size: total };
      } catch (error) {
        if (range !== undefined && awsFailure(error).status === 416) return undefined;
        throw error;
      }
    });
  }

  async #page({ signal, call }: Attempt, request: Omit<ListObjectsV2CommandInput, 'Bucket'>) {
    const { bucket, listPageSize } = this.#options;
    const input = { ...request, Bucket: bucket, MaxKeys: listPageSize, EncodingType: 'url' } as const;
    const page = await this.#client.send(new ListObjectsV2Command(input), { abortSignal: signal });
    // The SDK takes any document for a listing: the page of a gateway would be one of no objects.
    const { IsTruncated, NextContinuationToken } = page;
    if (IsTruncated === undefined || (IsTruncated && !NextContinuationToken)) throw truncatedBody(call);
    return page;
  }

  async #try<T>(action: string, ofObject: boolean, attempt: (attempt: Attempt) => Promise<T>): Promise<T> {
    const call: StorageCall = { action, store: this.name, ofObject };
    const { tryTimeoutMs } = this.#options;
    try {
      return await withTryTimeout(
        tryTimeoutMs,
        () => storageTimeout(call, tryTimeoutMs),
        (signal, moved) => attempt({ signal, moved, call }),
      );
    } catch (error) {
      throw toS3Error(error, call);
    }
  }
}

function conditionOf(ifMatch: string | undefined): { IfMatch?: string } {
  return ifMatch === undefined ? {} : { IfMatch: quoted(ifMatch) };
}

function next({ IsTruncated, NextContinuationToken }: ListObjectsV2CommandOutput): { next?: string } {
  return IsTruncated && NextContinuationToken ? { next: NextContinuationToken } : {};
}
