import { StorageError } from '../../errors';
import type { PartSource } from '../../parquet/part-footer';
import { partRowGroups } from '../../parquet/part-rows';
import type { ObjectEntry, ObjectStore } from '../../ports/object-store';
import type { UserTraces } from './user-traces';

const NEWLINE = 0x0a;
/** What of a file of lines is read at a time, in bytes. */
const CHUNK_BYTES = 4 * 1024 * 1024;
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** A part as it lies in a store. */
export function storedPart(
  store: ObjectStore,
  { key, bytes }: { readonly key: string; readonly bytes: number },
): PartSource {
  return {
    size: bytes,
    read: async (offset, length) => (await store.read(key, { range: { offset, length } })).body,
  };
}

/** How many rows of a part are the user's. Only the column with the ids is read. */
export async function rowsOfUser(
  store: ObjectStore,
  part: { readonly key: string; readonly bytes: number },
  traces: UserTraces,
): Promise<number> {
  let rows = 0;
  for await (const group of partRowGroups(storedPart(store, part), ['user_id'])) {
    rows += group.filter(([id]) => traces.isUser(id)).length;
  }
  return rows;
}

/** The lines of a file, without their ends. */
export async function* storedLines(
  store: ObjectStore,
  { key, bytes }: { readonly key: string; readonly bytes: number },
): AsyncGenerator<string, void, undefined> {
  let rest = Buffer.alloc(0);
  for (let offset = 0; offset < bytes; offset += CHUNK_BYTES) {
    const length = Math.min(CHUNK_BYTES, bytes - offset);
    const text = Buffer.concat([rest, (await store.read(key, { range: { offset, length } })).body]);
    let begin = 0;
    for (let end = text.indexOf(NEWLINE); end >= 0; end = text.indexOf(NEWLINE, begin)) {
      yield utf8.decode(text.subarray(begin, end));
      begin = end + 1;
    }
    rest = text.subarray(begin);
  }
  if (rest.length > 0) yield utf8.decode(rest);
}

/** Whether an object of the tenant's analytics names the user, whatever kind of object it is. One that is gone by now does not. */
export async function namesUser(store: ObjectStore, object: ObjectEntry, traces: UserTraces): Promise<boolean> {
  try {
    return await isNamedIn(store, object, traces);
  } catch (error) {
    if (error instanceof StorageError && error.code === 'object_not_found') return false;
    throw error;
  }
}

async function isNamedIn(store: ObjectStore, { key, size }: ObjectEntry, traces: UserTraces): Promise<boolean> {
  const object = { key, bytes: size };
  if (key.endsWith('.parquet')) return (await rowsOfUser(store, object, traces)) > 0;
  if (key.endsWith('.jsonl')) {
    for await (const line of storedLines(store, object)) if (traces.inJson(parsed(line))) return true;
    return false;
  }
  const { body } = await store.read(key);
  if (!traces.mayBeIn(body)) return false;
  const content = parsed(utf8.decode(body));
  return isRepair(key, content) ? traces.ownsKey(content.key) : traces.inJson(content);
}

/** A corrected message, kept until its day is exported again: whose it is, its key says; the body may quote anybody. */
function isRepair(key: string, content: unknown): content is { readonly key: unknown } {
  return key.includes('/analytics/_repairs/') && content !== null && typeof content === 'object' && 'key' in content;
}

/** The JSON value of a text, or the text itself where it is none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
