/** Where a page begins: the number of items before it in the list as it is now. */
export interface PagePosition {
  readonly position: number;
  /** Whether the token was given as that of a previous page. */
  readonly backward: boolean;
}

const POSITION_FIELD = 0x08;
const DIRECTION_FIELD = 0x10;

/**
 * The API's own form, `CDIQAA` for the page from item 50 on: a base64url protocol buffer of a position and a direction. As there, a
 * token says nothing of the list that it came from, so a list that grew or shrank since shifts its pages.
 */
export function pageToken({ position, backward }: PagePosition): string {
  return Buffer.from([POSITION_FIELD, ...varint(position), DIRECTION_FIELD, backward ? 1 : 0]).toString('base64url');
}

/** Undefined for what is no token. */
export function readPageToken(token: string): PagePosition | undefined {
  const bytes = Buffer.from(token, 'base64url');
  const direction = bytes.at(-1);
  if (bytes.length < 4 || bytes[0] !== POSITION_FIELD || bytes.at(-2) !== DIRECTION_FIELD) return undefined;
  const position = bytes.subarray(1, -2).reduceRight((value, byte) => value * 128 + (byte & 0x7f), 0);
  const read = { position, backward: direction === 1 };
  // Only what this file writes is good: no stray bits, no other alphabet, no position beyond counting.
  return Number.isSafeInteger(position) && pageToken(read) === token ? read : undefined;
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) | 0x80);
    rest = Math.floor(rest / 128);
  }
  return [...bytes, rest];
}
