/** A part of a document that stands between blank lines: a heading, a paragraph, a list, a table, a block of code. */
export interface Block {
  readonly kind: 'heading' | 'text' | 'list' | 'table' | 'code';
  readonly text: string;
}

const PART = /^```[\s\S]*?^```$|^#+ .*$|(?:^(?!```|#+ ).+\n?)+/gm;

export function blocksOf(markdown: string): Block[] {
  return Array.from(markdown.matchAll(PART), ([part]) => ({ kind: kindOf(part), text: part.trimEnd() }));
}

function kindOf(part: string): Block['kind'] {
  if (part.startsWith('```')) return 'code';
  if (part.startsWith('|')) return 'table';
  if (/^(?:[-*]|\d+\.) /.test(part)) return 'list';
  return part.startsWith('#') ? 'heading' : 'text';
}

export function headings(markdown: string): string[] {
  return blocksOf(markdown)
    .filter(({ kind }) => kind === 'heading')
    .map(({ text }) => text);
}

/** What a heading is called in the address of a link to it. */
export function anchorOf(heading: string): string {
  return heading
    .replace(/^#+ /, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

/** Where the links of a text lead. */
export function links(text: string): string[] {
  return Array.from(text.matchAll(/\]\(([^)\s]+)\)/g), ([, link = '']) => link);
}
