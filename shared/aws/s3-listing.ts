import { compareKeys } from '../messages/key-order';
import type { ObjectEntry } from '../ports/object-store';

/** S3's largest page of a listing. */
export const MAX_PAGE_SIZE = 1000;

/**
 * What to list after, so that a listing begins at `from`: S3 begins behind the key that it is given (`start-after`), so it is given one that
 * hardly anything lies between. Earlier keys that come all the same are for {@link notBefore}.
 *
 * @returns undefined where the listing is to begin at its beginning
 */
export function startAfter(from: string | undefined): string | undefined {
  if (from === undefined || from === '') return undefined;
  const last = from.charCodeAt(from.length - 1);
  // Behind all that begins with the character before, as far as keys are of printable ASCII.
  if (last > FIRST_PRINTABLE && last < LAST_PRINTABLE) return `${from.slice(0, -1)}${String.fromCharCode(last - 1)}~`;
  const shorter = from.replace(/.$/su, '');
  return shorter === '' ? undefined : shorter;
}

const FIRST_PRINTABLE = 0x20;
const LAST_PRINTABLE = 0x7f;

/** The entries of a page from `from` on. They come in the order of their UTF-8 bytes, so that only first ones are left out. */
export function notBefore(entries: readonly ObjectEntry[], from: string | undefined): readonly ObjectEntry[] {
  if (from === undefined) return entries;
  const first = entries.findIndex(({ key }) => compareKeys(key, from) >= 0);
  return first === -1 ? [] : entries.slice(first);
}

/** A name of a listing that was asked for with `encoding-type=url`, which is what forms do: a plus is a space. @throws URIError */
export function decodedName(name: string): string {
  return ENCODED.test(name) ? decodeURIComponent(name.replaceAll('+', ' ')) : name;
}

const ENCODED = /[%+]/;
