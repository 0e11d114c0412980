import { posix } from 'node:path';
import { ALL_DOCUMENTS, DOCUMENTS, inJapanese, inlineCode, readText, tableRows } from './documents';
import { anchorOf, type Block, blocksOf, headings, links } from './markdown';

// A translation follows its original block by block: what is not a sentence is the same, and there is a sentence for each sentence's block.

interface Pair {
  readonly original: string;
  readonly translation: string;
}

const PAIRS: readonly Pair[] = DOCUMENTS.flatMap((original) => {
  const translation = inJapanese(original);
  return translation === undefined ? [] : [{ original, translation }];
});

/** The link to the other language is the line below the title, and not compared. */
const bodyOf = (path: string) => blocksOf(readText(path)).filter((_, index) => index !== 1);

const sorted = (texts: Iterable<string>) => [...texts].sort();
const levelOf = (heading: string) => heading.indexOf(' ');
const nameOf = (path: string) => posix.basename(path);

/** The blocks below each heading, the heading first. */
function sectionsOf(path: string): Block[][] {
  const sections: Block[][] = [];
  for (const block of bodyOf(path)) {
    if (block.kind === 'heading') sections.push([]);
    sections.at(-1)?.push(block);
  }
  return sections;
}

/** Where a link of the original leads in its translation: to the Japanese page, where there is one, and to the same heading. */
function translatedLink(original: string, link: string): string {
  if (/^https?:/.test(link)) return link;
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? original : posix.join(posix.dirname(original), path);
  const translation = inJapanese(target);
  if (translation === undefined) return link;
  const page = path === '' ? '' : posix.join(posix.dirname(path), nameOf(translation));
  if (anchor === undefined) return page;
  const index = headings(readText(target)).findIndex((heading) => anchorOf(heading) === anchor);
  return `${page}#${anchorOf(headings(readText(translation))[index] ?? '')}`;
}

/** What a text says without words: its code and where its links lead. */
function codeAndLinks(text: string, linkOf: (link: string) => string): string {
  return [...sorted(inlineCode(text)), ...sorted(links(text).map(linkOf))].join(' ');
}

/** What a table's cell says that is in no language: code in its order, a number, a kind; of a sentence, its code and links. */
function cellOf(cell: string, linkOf: (link: string) => string): string {
  const code = inlineCode(cell);
  const isCode = code.length > 0 && cell.replace(/`[^`]+`/g, '').replace(/[\s,、/]/g, '') === '';
  if (isCode) return code.join(' ');
  return /^[\w–]+$/.test(cell) ? cell : codeAndLinks(cell, linkOf);
}

/** What a block and its translation have in common, a line each. */
function shapeOf({ kind, text }: Block, linkOf: (link: string) => string): string[] {
  switch (kind) {
    case 'code':
      return text.split('\n');
    case 'heading':
      return [text.slice(0, levelOf(text)), codeAndLinks(text, linkOf)];
    case 'table':
      return tableRows(text).map((cells) => cells.map((cell) => cellOf(cell, linkOf)).join(' | '));
    case 'list':
      return text.split(/\n(?=[-*] |\d+\. )/).map((item) => `- ${codeAndLinks(item, linkOf)}`);
    case 'text':
      return ['text', codeAndLinks(text, linkOf)];
  }
}

function numbersIn(text: string): string[] {
  const words = text.replace(/`[^`]+`/g, '').replace(/\]\([^)]+\)/g, ']');
  return words.match(/\d+(?:[.,:/]\d+)*/g) ?? [];
}

const JAPANESE = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u;
const SENTENCE = /(?:\b[a-z]+ ){3}/;

/** The sentences of a block that are still in English. */
function untranslated({ kind, text }: Block): string[] {
  if (kind === 'code') return [];
  const lines = kind === 'table' ? tableRows(text).flat() : text.split('\n');
  return lines.filter((line) => SENTENCE.test(line.replace(/`[^`]+`/g, '')) && !JAPANESE.test(line));
}

test('the README and the operations page are in Japanese too, and every Japanese page has an original', () => {
  const translations = PAIRS.map(({ translation }) => translation);

  expect(translations).toEqual(expect.arrayContaining(['README.ja.md', 'docs/operations.ja.md']));
  expect(sorted([...DOCUMENTS, ...translations])).toEqual(sorted(ALL_DOCUMENTS));
});

describe.each(PAIRS)('$translation', ({ original, translation }) => {
  test('either page leads to the other, below its title', () => {
    const [title, toTranslation] = blocksOf(readText(original));
    const [, toOriginal] = blocksOf(readText(translation));

    expect(title?.kind).toBe('heading');
    expect(toTranslation?.text).toBe(`[日本語](${nameOf(translation)})`);
    expect(toOriginal?.text).toBe(`[English](${nameOf(original)})`);
  });

  test('has the headings of the original, in their order', () => {
    const translated = headings(readText(translation));
    const pairs = headings(readText(original)).map((heading, index) => [heading, translated[index] ?? ''] as const);

    const agree = pairs.every(([heading, other]) => levelOf(heading) === levelOf(other));

    // All of them are shown: which one is missing, a person sees.
    expect(agree ? [] : pairs).toEqual([]);
    expect(translated.slice(pairs.length)).toEqual([]);
  });

  test.each(sectionsOf(original).map((blocks, index) => [blocks[0]?.text ?? '', blocks, index] as const))(
    'says what stands under "%s"',
    (_, blocks, index) => {
      const translated = sectionsOf(translation)[index] ?? [];

      expect(translated.flatMap((block) => shapeOf(block, (link) => link))).toEqual(
        blocks.flatMap((block) => shapeOf(block, (link) => translatedLink(original, link))),
      );
      expect(translated.flatMap(untranslated)).toEqual([]);
    },
  );

  test('names every number of the original, where the original does', () => {
    const translated = bodyOf(translation);

    const missing = bodyOf(original).flatMap(({ kind, text }, index) => {
      const numbers = numbersIn(translated[index]?.text ?? '');
      return kind === 'code' ? [] : numbersIn(text).filter((number) => !numbers.includes(number));
    });

    expect(missing).toEqual([]);
  });
});
