import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

let lastStampUs = 0;

/**
 * Gives a file that was just written a time of change that no other file of this process has. Kernels stamp files with a
 * clock that ticks every few milliseconds, and a replaced file's inode is free for the next one: two quick writes of the
 * same length could otherwise not be told apart.
 */
export async function stamp(file: FileHandle): Promise<void> {
  // Microseconds are what a double still holds; the fraction keeps two processes apart.
  const nowUs = Date.now() * 1000 + Math.floor(Math.random() * 1000);
  lastStampUs = Math.max(lastStampUs + 1, nowUs);
  // Node hands seconds on as a double and libuv cuts it to whole microseconds: from the middle of one, it hits that one.
  const seconds = (lastStampUs + 0.5) / 1e6;
  await file.utimes(seconds, seconds);
}

/** The ETag of a file: changes with every write through a store, and with every edit that changes its time or length. */
export function etagOf({ size, mtimeNs, ino }: BigIntStats): string {
  return [size, mtimeNs, ino].map((fact) => fact.toString(16)).join('-');
}
