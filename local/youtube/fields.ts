/**
 * What a `fields` parameter selects: names, each with what is selected below it, or null for all of it. `*` stands for every
 * name.
 */
export type FieldMask = ReadonlyMap<string, FieldMask | null>;

type MutableMask = Map<string, MutableMask | null>;

/** The names that a message can have, each with those below it, or null for a value that has none. */
export interface MessageShape {
  readonly [name: string]: MessageShape | null;
}

/** A mask that cannot be read, or names a field that there is not. */
export class FieldsError extends Error {}

/**
 * Reads a partial response mask: `kind,items(id,snippet/title),pageInfo/*`. What is selected twice is selected once.
 *
 * @throws FieldsError
 */
export function parseFields(text: string): FieldMask {
  const tokens = text.match(/[^(),/\s]+|[(),/]/g) ?? [];
  const mask: MutableMask = new Map();
  const end = readList(tokens, 0, mask, text);
  if (end < tokens.length) throw malformed(text);
  return mask;
}

function readList(tokens: readonly string[], start: number, into: MutableMask, text: string): number {
  let at = readPath(tokens, start, into, text);
  while (tokens[at] === ',') at = readPath(tokens, at + 1, into, text);
  return at;
}

function readPath(tokens: readonly string[], start: number, into: MutableMask, text: string): number {
  const name = tokens[start];
  if (name === undefined || /^[(),/]$/.test(name)) throw malformed(text);
  const next = tokens[start + 1];
  if (next !== '/' && next !== '(') {
    into.set(name, null);
    return start + 1;
  }
  // What is already selected whole stays so.
  const whole = into.get(name) === null;
  const below: MutableMask = (!whole && into.get(name)) || new Map();
  if (!whole) into.set(name, below);
  if (next === '/') return readPath(tokens, start + 2, below, text);
  const end = readList(tokens, start + 2, below, text);
  if (tokens[end] !== ')') throw malformed(text);
  return end + 1;
}

function malformed(text: string): FieldsError {
  return new FieldsError(`Invalid field selection ${text}`);
}

/** @throws FieldsError naming the first field that messages of the shape cannot have */
export function checkFields(mask: FieldMask, shape: MessageShape): void {
  for (const [name, below] of mask) {
    if (name === '*') {
      if (below !== null) for (const inner of Object.values(shape)) if (inner !== null) checkFields(below, inner);
      continue;
    }
    const inner = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (inner === undefined || (below !== null && inner === null))
      throw new FieldsError(`Invalid field selection ${name}`);
    if (below !== null && inner !== null) checkFields(below, inner);
  }
}

/** What the mask leaves of a JSON value; it passes through arrays, and leaves out a plain value where it names something below. */
export function applyFields(value: unknown, mask: FieldMask | null): unknown {
  if (mask === null) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) return value.map((item) => applyFields(item, mask)).filter((item) => item !== undefined);
  const every = mask.get('*');
  const kept = Object.entries(value).flatMap(([name, inner]): [string, unknown][] => {
    const below = mask.has(name) ? mask.get(name) : every;
    const left = below === undefined ? undefined : applyFields(inner, below);
    return left === undefined ? [] : [[name, left]];
  });
  return Object.fromEntries(kept);
}
