import { StorageError } from '../errors';

/** What stands in the names of files that are still being written. `%w` is no escape, so no key has such a name. */
export const UNFINISHED = '%writing-';

/** What Windows refuses in a name, and the percent sign, which begins an escape here. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNSAFE = /[<>:"\\|?*%\u0000-\u001f\u007f]/g;
/** Names that Windows keeps for devices, with any extension. */
const DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)/i;
/** Windows drops these from the end of a name. */
const TRAILING = /[. ]$/;

/** The longest file name of the file systems in use, in bytes. */
const MAX_NAME_BYTES = 255;

/**
 * The file name of one segment of a key: the segment itself, but for characters that a file system cannot hold, which are
 * written as `%` and two hexadecimal digits.
 *
 * Keys that differ in case only are two files on Linux and one on Windows and macOS.
 *
 * @throws StorageError `storage_request_invalid` where no file can have that name
 */
export function fileNameOf(segment: string): string {
  if (segment === '' || segment === '.' || segment === '..') {
    throw unusable(`A folder cannot hold a key with the segment ${JSON.stringify(segment)}.`);
  }
  const name = segment.replace(UNSAFE, escaped).replace(DEVICE, escapedFirst).replace(TRAILING, escaped);
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) {
    throw unusable(`A folder cannot hold a key with a segment of over ${MAX_NAME_BYTES} bytes: ${name.slice(0, 60)}….`);
  }
  return name;
}

/**
 * The segment that a file name stands for.
 *
 * @throws StorageError `storage_request_invalid` for a file that no key leads to: somebody else put it there
 */
export function segmentOf(fileName: string): string {
  const segment = fileName.replace(/%([0-9A-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  let expected: string | undefined;
  try {
    expected = fileNameOf(segment);
  } catch {
    // Said below, with the file's name.
  }
  if (expected === fileName) return segment;
  throw unusable(
    `The file ${JSON.stringify(fileName)} is not named as this store names its files` +
      `${expected === undefined ? '' : ` (${JSON.stringify(expected)} would be)`}: rename it or take it out of the folder.`,
  );
}

function escaped(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

function escapedFirst(name: string): string {
  return escaped(name) + name.slice(1);
}

function unusable(message: string): StorageError {
  return new StorageError(message, { code: 'storage_request_invalid', kind: 'permanent' });
}
