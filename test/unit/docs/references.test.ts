import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ALL_DOCUMENTS, codeBlocks, inlineCode, ROOT, readJson, readText } from './documents';
import { anchorOf, headings, links } from './markdown';

/** What npm does without a script of the package. */
const OF_NPM = ['ci'];

const { scripts } = readJson<{ scripts: Readonly<Record<string, string>> }>('package.json');

test.each(ALL_DOCUMENTS)('every link of %s leads somewhere', (document) => {
  const relative = links(readText(document)).filter((link) => !/^https?:/.test(link));

  const broken = relative.filter((link) => {
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? document : join(dirname(document), path);
    if (!existsSync(join(ROOT, target))) return true;
    return anchor !== undefined && !headings(readText(target)).map(anchorOf).includes(anchor);
  });

  expect(broken).toEqual([]);
});

test.each(ALL_DOCUMENTS)('every npm command of %s is a script of the package', (document) => {
  const text = readText(document);
  const code = [...inlineCode(text), ...codeBlocks(text).map(({ content }) => content)].join('\n');
  const commands = [...code.matchAll(/\bnpm (?:run )?([a-z][\w:-]*)/g)].map(([, name = '']) => name);

  const unknown = commands.filter((name) => !OF_NPM.includes(name) && !(name in scripts));

  expect(unknown).toEqual([]);
});

test.each(ALL_DOCUMENTS)('every file that %s names in the project is there', (document) => {
  const named = [...readText(document).matchAll(/`((?:docs|functions|shared|local|test)\/[\w./-]+)`/g)];

  const missing = named.map(([, path = '']) => path).filter((path) => !existsSync(join(ROOT, path)));

  expect(missing).toEqual([]);
});

test('there are documents, with links and commands', () => {
  const all = ALL_DOCUMENTS.map(readText).join('\n');

  expect(ALL_DOCUMENTS).toEqual(expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'docs/operations.md']));
  expect(all.match(/\]\([^)]+\)/g)?.length).toBeGreaterThan(3);
  expect(all.match(/\bnpm run \w/g)?.length).toBeGreaterThan(5);
});
