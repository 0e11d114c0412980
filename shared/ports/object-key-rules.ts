import { StorageError } from '../errors';

/** Azure's own limit, and S3's is 1,024 bytes. */
const MAX_KEY_LENGTH = 1024;

const RELATIVE_SEGMENT = /(?:^|\/)\.{1,2}(?:\/|$)/;
/** XML 1.0, in which stores list their names, cannot hold most of these. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f\ufffe\uffff]/u;

/**
 * Refuses a key that some store cannot address: HTTP clients resolve `.` and `..` in a path, so such a key would name
 * another object, and UTF-8 cannot hold half a surrogate pair.
 *
 * @throws StorageError `storage_request_invalid`
 */
export function checkKey(key: string): void {
  if (key === '') throw badKey(key, 'is empty');
  if (key.startsWith('/')) throw badKey(key, 'begins with a slash');
  if (RELATIVE_SEGMENT.test(key)) throw badKey(key, 'has a segment that is . or ..');
  checkText(key);
}

/** Refuses what {@link checkKey} does, and what could be written but not listed or not copied to another store. */
export function checkNewKey(key: string): void {
  checkKey(key);
  if (CONTROL_CHARACTER.test(key)) throw badKey(key, 'has a control character');
  if (key.includes('\\')) throw badKey(key, 'has a backslash');
  if (key.length > MAX_KEY_LENGTH) throw badKey(key, `is longer than ${MAX_KEY_LENGTH} characters`);
}

/** Refuses a prefix that no key can begin with. @throws StorageError `storage_request_invalid` */
export function checkPrefix(prefix: string): void {
  if (prefix.startsWith('/')) throw badKey(prefix, 'begins with a slash', 'prefix');
  checkText(prefix, 'prefix');
}

/** Refuses a prefix that {@link checkPrefix} does, and one that does not end where a "folder" does. */
export function checkFolderPrefix(prefix: string): void {
  checkPrefix(prefix);
  if (prefix !== '' && !prefix.endsWith('/')) throw badKey(prefix, 'does not end in a slash', 'prefix');
}

/** Refuses a range that is not two whole numbers from 0 on. @throws StorageError `storage_request_invalid` */
export function checkRange(key: string, range: { readonly offset: number; readonly length: number }): void {
  for (const [name, value] of Object.entries(range)) {
    if (Number.isSafeInteger(value) && value >= 0) continue;
    throw new StorageError(
      `The ${name} ${value} of a range of ${JSON.stringify(key)} is not a whole number from 0 on.`,
      {
        code: 'storage_request_invalid',
        kind: 'permanent',
      },
    );
  }
}

function checkText(text: string, what: 'key' | 'prefix' = 'key'): void {
  if (!text.isWellFormed()) throw badKey(text, 'has half a surrogate pair', what);
}

function badKey(key: string, problem: string, what: 'key' | 'prefix' = 'key'): StorageError {
  const shown = JSON.stringify(key.length > 200 ? `${key.slice(0, 200)}…` : key);
  return new StorageError(`The ${what} ${shown} ${problem}.`, { code: 'storage_request_invalid', kind: 'permanent' });
}
