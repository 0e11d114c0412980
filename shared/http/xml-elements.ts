/** Takes the elements of a document as they come. */
export interface ElementHandler {
  /**
   * May take a whole element by itself.
   * @param at where its tag begins
   * @returns the place behind its end; `at` where it is to be read element by element
   */
  taken?(xml: string, at: number): number;
  opened(name: string): void;
  /** @param text what stands between the last tag and this end, its entities resolved when it is asked for */
  closed(text: () => string, attributes: string): void;
}

/** A text that is not XML, or not all of it. */
export class XmlError extends Error {
  override readonly name = 'XmlError';
}

const SLASH = 47;
const EXCLAMATION_MARK = 33;
const QUESTION_MARK = 63;
const NAMED_ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/**
 * Reads a document element by element, without building it: an answer of 5,000 blobs has 200,000 tags, and a tenth of them matter.
 * Every element must be closed, and in the order in which they were opened. Document types are refused, as the service sends none.
 *
 * @throws XmlError where the text is no whole document
 */
export function readElements(xml: string, handler: ElementHandler): void {
  const open: { readonly name: string; readonly attributes: string }[] = [];
  let textStart = 0;
  let sections = '';
  let at = 0;
  let textEnd = 0;
  const takeText = () => sections + resolved(xml.slice(textStart, textEnd));

  while (true) {
    const begin = xml.indexOf('<', at);
    if (begin === -1) break;
    const mark = xml.charCodeAt(begin + 1);
    if (mark === SLASH) {
      const end = after(xml, '>', begin);
      const element = open.pop();
      if (element === undefined || !isEndOf(xml, begin, end, element.name)) {
        throw new XmlError(`${xml.slice(begin, end)} closes what is not open`);
      }
      textEnd = begin;
      handler.closed(takeText, element.attributes);
      at = end;
    } else if (mark === QUESTION_MARK) {
      at = after(xml, '?>', begin);
    } else if (mark === EXCLAMATION_MARK) {
      if (xml.startsWith('<!--', begin)) {
        sections += resolved(xml.slice(textStart, begin));
        at = after(xml, '-->', begin);
      } else if (xml.startsWith('<![CDATA[', begin)) {
        at = after(xml, ']]>', begin);
        sections += resolved(xml.slice(textStart, begin)) + xml.slice(begin + 9, at - 3);
      } else {
        throw new XmlError('a document type, or what is no XML');
      }
      textStart = at;
      continue;
    } else {
      at = handler.taken?.(xml, begin) ?? begin;
      if (at !== begin) {
        textStart = at;
        sections = '';
        continue;
      }
      const end = endOfTag(xml, begin);
      const isEmpty = xml.charCodeAt(end - 2) === SLASH;
      const nameEnd = endOfName(xml, begin + 1);
      const name = xml.slice(begin + 1, nameEnd);
      const attributes = nameEnd < end - 2 ? xml.slice(nameEnd, end - (isEmpty ? 2 : 1)) : '';
      handler.opened(name);
      if (isEmpty) {
        sections = '';
        textStart = end;
        textEnd = end;
        handler.closed(takeText, attributes);
      } else {
        open.push({ name, attributes });
      }
      at = end;
    }
    textStart = at;
    sections = '';
  }
  if (open.length > 0 || at === 0) throw new XmlError(`the document ends within <${open.at(-1)?.name ?? ''}>`);
}

function isEndOf(xml: string, begin: number, end: number, name: string): boolean {
  const nameEnd = begin + 2 + name.length;
  return xml.startsWith(name, begin + 2) && xml.slice(nameEnd, end - 1).trim() === '';
}

/** The place behind the next `what`. */
function after(xml: string, what: string, from: number): number {
  const found = xml.indexOf(what, from);
  if (found === -1) throw new XmlError('the document ends within a tag');
  return found + what.length;
}

/** The place behind a tag's `>`; one within a quoted value is none. */
function endOfTag(xml: string, begin: number): number {
  for (let i = begin + 1; i < xml.length; i++) {
    const unit = xml[i];
    if (unit === '>') return i + 1;
    if (unit === '"' || unit === "'") i = after(xml, unit, i + 1) - 1;
  }
  throw new XmlError('the document ends within a tag');
}

function endOfName(xml: string, begin: number): number {
  let i = begin;
  while (i < xml.length) {
    const unit = xml[i];
    if (unit === '>' || unit === '/' || unit === ' ' || unit === '\n' || unit === '\r' || unit === '\t') return i;
    i++;
  }
  return i;
}

/** The text with its entities resolved, and its line ends as XML 1.0 (2.11) has them. */
function resolved(text: string): string {
  const lines = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  return lines.includes('&') ? lines.replace(/&([^;]{0,10});?/g, entity) : lines;
}

function entity(whole: string, name: string): string {
  const named = whole.endsWith(';') ? NAMED_ENTITIES[name] : undefined;
  if (named !== undefined) return named;
  const number = /^#(?:x([0-9a-fA-F]+)|(\d+))$/.exec(name);
  const point = number?.[1] === undefined ? Number(number?.[2] ?? Number.NaN) : Number.parseInt(number[1], 16);
  if (!whole.endsWith(';') || !(point <= 0x10ffff)) throw new XmlError(`${whole} is no entity`);
  return String.fromCodePoint(point);
}
