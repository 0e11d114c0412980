import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/**
 * JSON in DynamoDB's types, and back. DynamoDB holds less than JSON does: no number of a magnitude outside of 1e-130 to 9.99e+125,
 * no half surrogate pair, no empty name in a map, and 32 levels of lists and maps (developer guide, "Constraints"). Such a
 * value is kept as its JSON text in a binary value, which nothing else of ours is.
 */

/** What the text of a value begins with that DynamoDB has no type for. */
const JSON_TEXT = 'application/json;';

/** One level stays free, as what is counted differs by one between descriptions. */
const MAX_DEPTH = 30;

/** The attributes of a JSON object. */
export function toAttributes(object: Readonly<Record<string, unknown>>): Record<string, AttributeValue> {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, toAttribute(value)]));
}

/** @param value anything that JSON.parse gives */
export function toAttribute(value: unknown, depth = 0): AttributeValue {
  if (value === null) return { NULL: true };
  if (typeof value === 'boolean') return { BOOL: value };
  if (typeof value === 'number') return isHeld(value) ? { N: String(value) } : asText(value);
  if (typeof value === 'string') return value.isWellFormed() ? { S: value } : asText(value);
  if (depth === MAX_DEPTH) return asText(value);
  if (Array.isArray(value)) return { L: value.map((element) => toAttribute(element, depth + 1)) };
  const entries = Object.entries(Object(value));
  if (!entries.every(([name]) => name !== '' && name.isWellFormed())) return asText(value);
  return { M: Object.fromEntries(entries.map(([name, inner]) => [name, toAttribute(inner, depth + 1)])) };
}

/** The JSON of attributes. What only other writers make has the nearest there is: sets are lists, bytes their base64. */
export function fromAttributes(attributes: Readonly<Record<string, AttributeValue>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, fromAttribute(value)]));
}

export function fromAttribute(value: AttributeValue): unknown {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return Number(value.N);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.M !== undefined) return fromAttributes(value.M);
  if (value.L !== undefined) return value.L.map(fromAttribute);
  if (value.SS !== undefined) return value.SS;
  if (value.NS !== undefined) return value.NS.map(Number);
  if (value.BS !== undefined) return value.BS.map(base64);
  return value.B === undefined ? null : fromBytes(value.B);
}

function isHeld(number: number): boolean {
  const magnitude = Math.abs(number);
  return number === 0 || (magnitude >= 1e-130 && magnitude < 1e126);
}

function asText(value: unknown): AttributeValue {
  return { B: Buffer.from(JSON_TEXT + JSON.stringify(value)) };
}

function fromBytes(bytes: Uint8Array): unknown {
  const text = Buffer.from(bytes).toString('utf8');
  if (!text.startsWith(JSON_TEXT)) return base64(bytes);
  return JSON.parse(text.slice(JSON_TEXT.length));
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
