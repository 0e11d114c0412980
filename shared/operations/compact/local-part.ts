import { createHash } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { BatchError, ProofError, StorageError } from '../../errors';
import type { PartRef } from '../../messages/manifest';
import type { PartSource } from '../../parquet/part-footer';
import type { ObjectStore } from '../../ports/object-store';

/** What of a part is in memory on its way to the disk, in bytes. */
const CHUNK_BYTES = 8 * 1024 * 1024;

/**
 * Brings a part to the local disk, so that it is read from the store once and whole, and gives it away again when `use` is done.
 *
 * @throws ProofError `part_invalid` where the store holds something else than was published
 * @throws BatchError `published_meanwhile` where the part is gone
 */
export async function withLocalPart<T>(
  store: ObjectStore,
  part: PartRef,
  path: string,
  use: (source: PartSource) => Promise<T>,
): Promise<T> {
  const file = await open(path, 'wx+');
  try {
    await download(store, part, file);
    return await use({ size: part.bytes, read: (offset, length) => readFrom(file, offset, length) });
  } finally {
    await file.close();
    await rm(path, { force: true });
  }
}

async function download(store: ObjectStore, { key, bytes, sha256 }: PartRef, file: FileHandle): Promise<void> {
  const digest = createHash('sha256');
  for (let offset = 0; offset < bytes; offset += CHUNK_BYTES) {
    const body = await readChunk(store, key, offset, Math.min(CHUNK_BYTES, bytes - offset));
    digest.update(body);
    await file.appendFile(body);
  }
  if (digest.digest('hex') === sha256) return;
  throw new ProofError(`${store.name} does not give back what was published as ${key}. The month was not published.`, {
    code: 'part_invalid',
    kind: 'permanent',
  });
}

async function readChunk(store: ObjectStore, key: string, offset: number, length: number): Promise<Uint8Array> {
  try {
    return (await store.read(key, { range: { offset, length } })).body;
  } catch (error) {
    if (!(error instanceof StorageError) || error.code !== 'object_not_found') throw error;
    throw new BatchError(`${key} is gone: its day was published anew while its month was compacted.`, {
      code: 'published_meanwhile',
      kind: 'transient',
      cause: error,
    });
  }
}

async function readFrom(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const buffer = new Uint8Array(length);
  const { bytesRead } = await file.read(buffer, 0, length, offset);
  return buffer.subarray(0, bytesRead);
}
