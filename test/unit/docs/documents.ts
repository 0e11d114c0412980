import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const ROOT = resolve(__dirname, '..', '..', '..');

/** The documents and their translations, by their paths from the project's folder. */
export const ALL_DOCUMENTS: readonly string[] = [...markdownIn('.'), ...markdownIn('docs')];

const IN_JAPANESE = '.ja.md';

/** The documents of the project. What their translations repeat of them is compared, and needs no test of its own. */
export const DOCUMENTS = ALL_DOCUMENTS.filter((path) => !path.endsWith(IN_JAPANESE));

/** Where a document is in Japanese, if it is. */
export function inJapanese(document: string): string | undefined {
  const path = document.replace(/\.md$/, IN_JAPANESE);
  return ALL_DOCUMENTS.includes(path) ? path : undefined;
}

export function readText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

export function readJson<Shape>(path: string): Shape {
  return JSON.parse(readText(path)) as Shape;
}

/** Every TypeScript file below the folders, by its path from the project's folder. */
export function sourcesIn(...folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => `${folder}/${path.replaceAll('\\', '/')}`),
  );
}

export interface CodeBlock {
  readonly language: string;
  readonly content: string;
}

const BLOCK = /^```(\S*)\n([\s\S]*?)^```$/gm;

export function codeBlocks(text: string): CodeBlock[] {
  return [...text.matchAll(BLOCK)].map(([, language = '', content = '']) => ({ language, content }));
}

/** What stands between backticks, outside of code blocks. */
export function inlineCode(text: string): string[] {
  return [...text.replace(BLOCK, '').matchAll(/`([^`]+)`/g)].map(([, code = '']) => code.replace(/\s+/g, ' '));
}

/** A command line of a document. */
export interface DocumentedCommand {
  readonly document: string;
  readonly command: string;
}

/** Every line of the shell blocks, in the order of the documents. */
export function shellCommands(documents: readonly string[] = DOCUMENTS): DocumentedCommand[] {
  return documents.flatMap((document) =>
    codeBlocks(readText(document))
      .filter(({ language }) => language === 'sh')
      .flatMap(({ content }) => content.replace(/\\\n\s*/g, '').split('\n'))
      .filter((command) => command.trim() !== '')
      .map((command) => ({ document, command })),
  );
}

/** The text below a heading, without the heading, up to the next one of its level or above. @throws Error where there is none */
export function section(text: string, heading: string): string {
  const lines = text.split('\n');
  const from = lines.indexOf(heading);
  if (from === -1) throw new Error(`There is no heading "${heading}".`);
  const level = heading.indexOf(' ');
  const length = lines.slice(from + 1).findIndex((line) => {
    const hashes = /^(#+) /.exec(line)?.[1];
    return hashes !== undefined && hashes.length <= level;
  });
  return lines.slice(from + 1, length === -1 ? undefined : from + 1 + length).join('\n');
}

/** The cells of every table in the text, row by row, without titles and rules. */
export function tableRows(text: string): string[][] {
  const lines = text.split('\n');
  const isRow = (line: string | undefined) => line?.startsWith('|') === true;
  const isRule = (line: string | undefined) => /^\|(-+\|)+$/.test(line ?? '');
  return lines
    .filter((line, index) => isRow(line) && !isRule(line) && !isRule(lines[index + 1]))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

function markdownIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => (folder === '.' ? name : `${folder}/${name}`));
}
