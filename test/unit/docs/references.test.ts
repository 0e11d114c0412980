import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { codeBlocks, DOCUMENTS, inlineCode, ROOT, readJson, readText } from './documents';

/** What npm does without a script of the package. */
const OF_NPM = ['ci'];

const { scripts } = readJson<{ scripts: Readonly<Record<string, string>> }>('package.json');

const heading = (line: string) =>
  line
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

function anchors(path: string): string[] {
  return [...readText(path).matchAll(/^#+ (.+)$/gm)].map(([, line = '']) => heading(line));
}

test.each(DOCUMENTS)('every link of %s leads somewhere', (document) => {
  const links = [...readText(document).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  const relative = links.filter((link) => !/^https?:/.test(link));

  const broken = relative.filter((link) => {
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? document : join(dirname(document), path);
    if (!existsSync(join(ROOT, target))) return true;
    return anchor !== undefined && !anchors(target).includes(anchor);
  });

  expect(broken).toEqual([]);
});

test.each(DOCUMENTS)('every npm command of %s is a script of the package', (document) => {
  const text = readText(document);
  const code = [...inlineCode(text), ...codeBlocks(text).map(({ content }) => content)].join('\n');
  const commands = [...code.matchAll(/\bnpm (?:run )?([a-z][\w:-]*)/g)].map(([, name = '']) => name);

  const unknown = commands.filter((name) => !OF_NPM.includes(name) && !(name in scripts));

  expect(unknown).toEqual([]);
});

test.each(DOCUMENTS)('every file that %s names in the project is there', (document) => {
  const named = [...readText(document).matchAll(/`((?:docs|functions|shared|local|test)\/[\w./-]+)`/g)];

  const missing = named.map(([, path = '']) => path).filter((path) => !existsSync(join(ROOT, path)));

  expect(missing).toEqual([]);
});

test('there are documents, with links and commands', () => {
  const all = DOCUMENTS.map(readText).join('\n');

  expect(DOCUMENTS).toEqual(expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'docs/operations.md']));
  expect(all.match(/\]\([^)]+\)/g)?.length).toBeGreaterThan(3);
  expect(all.match(/\bnpm run \w/g)?.length).toBeGreaterThan(5);
});
