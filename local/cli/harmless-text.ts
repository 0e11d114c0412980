/**
 * What a terminal does not show but obey: control characters, such as those that begin an escape sequence, characters that turn the direction
 * of writing or take no room, separators of lines, halves of characters.
 */
const UNSHOWN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** A text of unknown origin as one line that a terminal only shows: what it would obey stands as `\u001b`. */
export function harmless(text: string): string {
  return text.replace(UNSHOWN, (character) => {
    const hex = (character.codePointAt(0) ?? 0).toString(16);
    return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
  });
}

/** JSON of the value, in which the same characters are escaped as JSON does it: a program reads what it was. */
export function harmlessJson(value: unknown): string {
  return JSON.stringify(value).replace(UNSHOWN, (character) => {
    const units = Array.from({ length: character.length }, (_unit, at) => character.charCodeAt(at));
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
  });
}

/** As {@link harmless}, of a text with several lines, which stay lines. */
export function harmlessLines(text: string): string[] {
  return text.split(/\r?\n/).map(harmless);
}
