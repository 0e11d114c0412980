/** What no text of a database can hold: PostgreSQL takes neither NUL nor, in UTF-8, half of a surrogate pair. */
const UNSTORABLE = /[\0\p{Surrogate}]/gu;

export interface StorableText {
  readonly text: string;
  /** Characters that were replaced by U+FFFD. */
  readonly replaced: number;
}

/** The text as a database, and UTF-8, can hold it: every other character stays as it is. */
export function storableText(text: string): StorableText {
  let replaced = 0;
  const storable = text.replace(UNSTORABLE, () => {
    replaced += 1;
    return '\u{FFFD}';
  });
  return { text: storable, replaced };
}
