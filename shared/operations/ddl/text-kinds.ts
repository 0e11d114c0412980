/** Text that is a part of an object's key, which is at most 1,024 characters long: 4,096 bytes of UTF-8. */
export const SHORT_TEXT = 'text of keys';
/** Text as long as a message may be. */
export const LONG_TEXT = 'text';

export type TextKind = typeof SHORT_TEXT | typeof LONG_TEXT;

const OF_KEYS: ReadonlySet<string> = new Set(['tenant_id', 'user_id', 'room_id', 'storage_key']);

export function textKind(column: string): TextKind {
  return OF_KEYS.has(column) ? SHORT_TEXT : LONG_TEXT;
}
