import { createHash } from 'node:crypto';
import { StorageError } from '../errors';
import type { ObjectStore } from '../ports/object-store';
import type { ExportContext } from './export-context';
import { paperKey } from './output-paths';

const utf8 = new TextDecoder();

/** Writes a working paper under the name of its content, unless it is there already. @returns its key */
export async function writePaper(
  context: ExportContext,
  kind: 'plan' | 'shard' | 'result' | 'late',
  number: number,
  content: unknown,
  date: string = context.day.date,
): Promise<string> {
  const body = Buffer.from(JSON.stringify(content));
  const key = paperKey(context.tenant, date, kind, number, createHash('sha256').update(body).digest('hex'));
  await writeOnce(context.analytics, key, body, 'application/json');
  return key;
}

/** Reads a JSON object that the batch wrote. @throws StorageError `object_not_found` */
export async function readPaper<Content>(store: ObjectStore, key: string): Promise<Content> {
  const { body } = await store.read(key);
  return JSON.parse(utf8.decode(body)) as Content;
}

/** As {@link readPaper}, but undefined where the paper is gone: what an earlier run left behind may have been cleaned away. */
export async function readPaperIfThere<Content>(store: ObjectStore, key: string): Promise<Content | undefined> {
  try {
    return await readPaper<Content>(store, key);
  } catch (error) {
    if (error instanceof StorageError && error.code === 'object_not_found') return undefined;
    throw error;
  }
}

/**
 * Writes an object whose key is made from its content. One that is there with the same size is the same object, so a step
 * that runs again writes nothing.
 */
export async function writeOnce(
  store: ObjectStore,
  key: string,
  body: Parameters<ObjectStore['write']>[1],
  contentType: string,
): Promise<void> {
  const size = body instanceof Uint8Array ? body.length : body.size;
  const there = await store.head(key);
  if (there?.size === size) return;
  try {
    await store.write(key, body, { contentType, onlyIf: there === undefined ? 'absent' : { etag: there.etag } });
  } catch (error) {
    const writtenMeanwhile = error instanceof StorageError && error.code === 'precondition_failed';
    if (!writtenMeanwhile) throw error;
  }
}
