import type { MessagePlace } from '../../shared/operations/quarantine/message-place';
import { displayWidth } from './display-width';
import { harmless } from './harmless-text';

/** UTF-16 units that are shown of the line on either side of the place, and of the place itself. */
const AROUND = 60;
const MARKED = 40;

/**
 * The line of a message that a place is on, with a mark beneath it; none where the place is not in its text.
 *
 * @param text the message's text that the place was found in
 */
export function excerptLines(text: string, { span, line }: MessagePlace): string[] {
  if (span === undefined || line === undefined) return [];
  const { before, marked, after } = lineAround(text, span.start, span.end);
  const number = ` ${line} │ `;
  const indent = ' '.repeat(displayWidth(number) - 2);
  const mark = '^'.repeat(Math.max(1, displayWidth(marked)));
  return [`${number}${before}${marked}${after}`, `${indent}│ ${' '.repeat(displayWidth(before))}${mark}`];
}

function lineAround(text: string, start: number, end: number): { before: string; marked: string; after: string } {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const newline = text.indexOf('\n', start);
  const lineEnd = newline < 0 ? text.length : newline;
  const from = Math.max(lineStart, start - AROUND);
  const until = Math.min(lineEnd, end, start + MARKED);
  const to = Math.min(lineEnd, until + AROUND);
  return {
    before: `${from > lineStart ? '…' : ''}${harmless(text.slice(from, start))}`,
    marked: harmless(text.slice(start, Math.max(start, until))),
    after: `${until < Math.min(lineEnd, end) ? '…' : ''}${harmless(text.slice(Math.max(start, until), to))}${to < lineEnd ? '…' : ''}`,
  };
}
