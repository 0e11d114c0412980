import type { z } from 'zod';
import { StorageError } from '../errors';
import type { ObjectStore, WriteOptions } from '../ports/object-store';

const utf8 = new TextDecoder();

export interface StoredJson<Value> {
  readonly etag: string;
  /** Undefined where what is there is not what was expected: another version of the program wrote it, or it is damaged. */
  readonly value: Value | undefined;
}

/** The JSON object under a key; undefined where there is none. @throws StorageError */
export async function readJson<Value>(
  store: ObjectStore,
  key: string,
  shape: z.ZodType<Value>,
): Promise<StoredJson<Value> | undefined> {
  try {
    const { body, etag } = await store.read(key);
    return { etag, value: parsed(utf8.decode(body), shape) };
  } catch (error) {
    if (error instanceof StorageError && error.code === 'object_not_found') return undefined;
    throw error;
  }
}

/** @returns the new etag. @throws StorageError `precondition_failed` where `onlyIf` does not hold */
export async function writeJson(
  store: ObjectStore,
  key: string,
  value: unknown,
  onlyIf?: Pick<WriteOptions, 'onlyIf'>,
): Promise<string> {
  const body = Buffer.from(JSON.stringify(value));
  return (await store.write(key, body, { contentType: 'application/json', ...onlyIf })).etag;
}

function parsed<Value>(text: string, shape: z.ZodType<Value>): Value | undefined {
  try {
    return shape.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
