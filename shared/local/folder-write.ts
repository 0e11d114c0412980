import { randomUUID } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { type FileHandle, link, mkdir, open, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { sizeOf, wrongBodySize } from '../ports/object-bodies';
import type { ObjectBody } from '../ports/object-store';
import { UNFINISHED } from './file-names';
import { stamp } from './file-version';
import { errnoOf } from './folder-errors';

export interface AtomicWrite {
  /** Leave a file that is already there alone. */
  readonly onlyAbsent: boolean;
  /** Runs when the new content is on disk, right before it takes the old one's place. */
  beforeReplacing(): Promise<void>;
}

/**
 * Writes a file under another name beside its place and moves it there, so that no reader ever sees half of it.
 *
 * @returns the new file's facts, or undefined where `onlyAbsent` found a file
 */
export async function writeFileAtomically(
  path: string,
  body: ObjectBody,
  { onlyAbsent, beforeReplacing }: AtomicWrite,
): Promise<BigIntStats | undefined> {
  const unfinished = join(dirname(path), `${UNFINISHED}${randomUUID()}`);
  const facts = await writeNew(unfinished, body);
  try {
    await beforeReplacing();
    if (!onlyAbsent) {
      await rename(unfinished, path);
      return facts;
    }
    // Unlike rename, link fails where a file is.
    await link(unfinished, path);
    await unlink(unfinished);
    return facts;
  } catch (error) {
    await unlink(unfinished).catch(() => undefined);
    if (onlyAbsent && errnoOf(error) === 'EEXIST') return undefined;
    throw error;
  }
}

async function writeNew(path: string, body: ObjectBody): Promise<BigIntStats> {
  const file = await openNew(path);
  try {
    const size = await fill(file, body);
    if (size !== sizeOf(body)) throw wrongBodySize(sizeOf(body), size);
    await stamp(file);
    return await file.stat({ bigint: true });
  } catch (error) {
    await unlink(path).catch(() => undefined);
    throw error;
  } finally {
    await file.close();
  }
}

/** Makes the folders on the way, again where a delete has just removed one for being empty. */
async function openNew(path: string): Promise<FileHandle> {
  for (let tries = 1; ; tries++) {
    await mkdir(dirname(path), { recursive: true });
    try {
      return await open(path, 'wx');
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT' || tries === 10) throw error;
    }
  }
}

async function fill(file: FileHandle, body: ObjectBody): Promise<number> {
  const source = body instanceof Uint8Array ? Readable.from([body], { objectMode: false }) : body.open();
  let size = 0;
  await pipeline(source, async (chunks: AsyncIterable<Uint8Array>) => {
    for await (const chunk of chunks) {
      await file.writeFile(chunk);
      size += chunk.byteLength;
    }
  });
  return size;
}
