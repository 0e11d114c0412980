import { createHash } from 'node:crypto';
import { ProofError } from '../errors';
import type { ObjectStore } from '../ports/object-store';

/** What of an object is in memory at a time, in bytes. */
const CHUNK = 8 * 1024 * 1024;

/** Whether a store gives back, byte for byte, what has the given size and SHA-256 (in hex). */
export async function givesBack(store: ObjectStore, key: string, size: number, sha256: string): Promise<boolean> {
  const digest = createHash('sha256');
  for (let offset = 0; offset < size; offset += CHUNK) {
    const length = Math.min(CHUNK, size - offset);
    digest.update((await store.read(key, { range: { offset, length } })).body);
  }
  return digest.digest('hex') === sha256;
}

/** The error of an object that is not what was written, although it was written twice. */
export function notGivenBack(store: ObjectStore, key: string): ProofError {
  return new ProofError(`${store.name} does not give back what was written to ${key}. Nothing was published.`, {
    code: 'part_invalid',
    kind: 'permanent',
  });
}
