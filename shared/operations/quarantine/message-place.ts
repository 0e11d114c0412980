import { MAX_MESSAGE_BYTES } from '../../messages/contract';
import type { QuarantineEntry } from '../../messages/quarantine-file';
import { jsonProblem, jsonValueAt, type TextSpan } from './json-scan';

/** Where a message breaks the contract: in its bytes, in its text, or at a field. */
export interface MessagePlace {
  /** The field's path, `agent_info.tokens_used`. */
  readonly field?: string;
  /** In the text: 1 is the first line and the first character of it. */
  readonly line?: number;
  readonly column?: number;
  /** What should stand there. */
  readonly expected?: string;
  /** Of what is no UTF-8, counted from 0, and the bytes from there on, in hex. */
  readonly byte?: number;
  readonly hex?: string;
  /** The piece of the text that is meant, in UTF-16 units; empty where something is missing. */
  readonly span?: TextSpan;
}

/** Details of the reasons that are about a field begin with its path. */
const FIELD = /^([a-z_]+(?:\.[a-z_]+)?) is /;
/** Bytes that are shown of what is no UTF-8. */
const HEX_BYTES = 8;

/**
 * Finds what a quarantine line is about in the message itself.
 *
 * @param body at most {@link MAX_MESSAGE_BYTES}
 * @returns undefined where there is no such place: a body of another JSON type is wrong as a whole
 */
export function placeOf(
  { reason, detail }: Pick<QuarantineEntry, 'reason' | 'detail'>,
  body: Uint8Array,
): MessagePlace | undefined {
  switch (reason) {
    case 'too_large':
    case 'not_an_object':
      return undefined;
    case 'bad_encoding':
      return placeInBytes(body);
    case 'bad_json':
      return placeInText(messageText(body));
    default:
      return placeOfField(FIELD.exec(detail)?.[1], messageText(body));
  }
}

/** A body as text, with U+FFFD for what is no UTF-8, and without a byte order mark, as the contract reads it. */
export function messageText(body: Uint8Array): string {
  return new TextDecoder('utf-8').decode(body);
}

function placeInBytes(body: Uint8Array): MessagePlace | undefined {
  const byte = validUtf8Length(body);
  if (byte === body.length) return undefined;
  const hex = Buffer.from(body.subarray(byte, byte + HEX_BYTES)).toString('hex');
  return { byte, hex: hex.replace(/(..)(?=.)/g, '$1 ') };
}

/** How many bytes from the start on are whole characters of UTF-8. */
function validUtf8Length(body: Uint8Array): number {
  let good = 0;
  let bad = Math.min(body.length, MAX_MESSAGE_BYTES) + 1;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (wholeCharacters(body.subarray(0, middle)) === undefined) bad = middle;
    else good = middle;
  }
  return wholeCharacters(body.subarray(0, good)) ?? 0;
}

/** The bytes that whole characters take of a beginning of a text, which may end within one; undefined where it is no UTF-8. */
function wholeCharacters(start: Uint8Array): number | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(start, { stream: true });
    return Buffer.byteLength(text);
  } catch {
    return undefined;
  }
}

function placeInText(text: string): MessagePlace | undefined {
  const problem = jsonProblem(text);
  if (problem === undefined) return undefined;
  const { offset, expected } = problem;
  const width = (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  const end = Math.min(text.length, offset + width);
  return { ...lineAndColumn(text, offset), expected, span: { start: offset, end } };
}

function placeOfField(field: string | undefined, text: string): MessagePlace | undefined {
  if (field === undefined) return undefined;
  const span = jsonValueAt(text, field.split('.'));
  return span === undefined ? { field } : { field, ...lineAndColumn(text, span.start), span };
}

function lineAndColumn(text: string, offset: number): { readonly line: number; readonly column: number } {
  const lines = text.slice(0, offset).split('\n');
  return { line: lines.length, column: [...(lines.at(-1) ?? '')].length + 1 };
}
