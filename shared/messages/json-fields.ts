/**
 * The source text of an object's own fields.
 *
 * Columns that hold JSON text take it from here and not from JSON.stringify: parsing and writing again would round
 * numbers beyond 2^53, fold duplicate spellings and lose the place of `__proto__`.
 *
 * @param text JSON of an object that JSON.parse has accepted; nothing is checked a second time
 * @returns name → `{name: source text of the name with its quotes, value: source text of the value}`, in source order;
 *   of a name written twice the last value counts, as JSON.parse has it
 */
export function fieldSources(text: string): Map<string, { readonly name: string; readonly value: string }> {
  const fields = new Map<string, { name: string; value: string }>();
  let at = skipSpace(text, text.indexOf('{') + 1);
  while (text[at] !== '}') {
    const nameEnd = endOfString(text, at);
    const name = text.slice(at, nameEnd);
    const valueStart = skipSpace(text, text.indexOf(':', nameEnd) + 1);
    const valueEnd = endOfValue(text, valueStart);
    fields.set(JSON.parse(name) as string, { name, value: text.slice(valueStart, valueEnd) });
    at = skipSpace(text, valueEnd);
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return fields;
}

function skipSpace(text: string, at: number): number {
  let i = at;
  while (text[i] === ' ' || text[i] === '\n' || text[i] === '\r' || text[i] === '\t') i++;
  return i;
}

/** @param at where the opening quote stands. @returns the place after the closing quote */
function endOfString(text: string, at: number): number {
  let quote = text.indexOf('"', at + 1);
  while (isEscaped(text, quote)) quote = text.indexOf('"', quote + 1);
  return quote + 1;
}

function isEscaped(text: string, quote: number): boolean {
  let backslashes = 0;
  while (text[quote - 1 - backslashes] === '\\') backslashes++;
  return backslashes % 2 === 1;
}

function endOfValue(text: string, at: number): number {
  const first = text[at];
  if (first === '"') return endOfString(text, at);
  if (first === '{' || first === '[') return endOfNested(text, at);
  let i = at;
  while (i < text.length && !',}] \n\r\t'.includes(text[i] as string)) i++;
  return i;
}

function endOfNested(text: string, at: number): number {
  let depth = 0;
  let i = at;
  do {
    const unit = text[i];
    if (unit === '"') {
      i = endOfString(text, i);
      continue;
    }
    if (unit === '{' || unit === '[') depth++;
    if (unit === '}' || unit === ']') depth--;
    i++;
  } while (depth > 0);
  return i;
}
