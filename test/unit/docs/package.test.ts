import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expandBraces } from '../../../local/host/app/glob';
import { inlineCode, ROOT, readJson, readText, section, sourcesIn, tableRows } from './documents';

interface Package {
  readonly version: string;
  readonly main: string;
  readonly engines: { readonly node: string };
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const { version, main, engines, dependencies, devDependencies } = readJson<Package>('package.json');

const sorted = (texts: Iterable<string>) => [...texts].sort();
const compiled = (source: string) => `dist/${source.replace(/\.ts$/, '.js')}`;

test('every version is exact', () => {
  const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
    ([, pin]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(pin),
  );

  expect(loose).toEqual([]);
});

test.each([
  ['## Dependencies at run time', dependencies],
  ['## Dependencies for development', devDependencies],
])('%s are those of package.json, each with a reason', (heading, pinned) => {
  const rows = tableRows(section(readText('docs/decisions.md'), heading));
  const names = rows.flatMap(([packages = '']) => inlineCode(packages));
  const versions = rows.flatMap(([packages = '']) => [...packages.matchAll(/`([^`]+)` (\d[\w.-]*)/g)]);

  expect(sorted(names)).toEqual(sorted(Object.keys(pinned)));
  expect(rows.filter(([, reason]) => reason === undefined || reason === '')).toEqual([]);
  expect(versions.filter(([, name = '', pin]) => pinned[name] !== pin)).toEqual([]);
});

test('the README asks for the Node that the package asks for', () => {
  const [, oldest] = /^>=(\S+)$/.exec(engines.node) ?? [];

  expect(readText('README.md')).toContain(`They need Node ${oldest} or later`);
});

test('the changelog says what is new', () => {
  const headings = [...readText('CHANGELOG.md').matchAll(/^## \[?([^\]\s]+)/gm)].map(([, heading]) => heading);

  expect(['Unreleased', version]).toContain(headings[0]);
});

/** The pattern of `main` as the worker reads it: the host of this project has a test that it reads patterns so. */
function entryPoints(paths: readonly string[]): string[] {
  const patterns = expandBraces(main).map(
    (pattern) => new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '[^/]*')}$`),
  );
  return paths.filter((path) => patterns.some((pattern) => pattern.test(path)));
}

test('main matches every file that registers a function, and none outside of functions/', () => {
  const registers = sourcesIn('functions').filter((path) => /\bapp\.\w+\(/.test(readText(path)));
  const everything = sourcesIn('functions', 'shared', 'local', 'bench', 'test').map(compiled);

  const matched = entryPoints(everything);

  expect(main).not.toContain('**');
  expect(registers).not.toEqual([]);
  expect(matched).toEqual(expect.arrayContaining(registers.map(compiled)));
  expect(matched.filter((path) => !path.startsWith('dist/functions/'))).toEqual([]);
});

/** The patterns of .funcignore, which are of three kinds. @throws Error for one of another kind */
function ignored(): (path: string) => boolean {
  const patterns = readText('.funcignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      if (/^\/[^*?[!]+\/$/.test(line)) return (path: string) => path.startsWith(line.slice(1));
      if (/^\/[^*?[!]+$/.test(line))
        return (path: string) => path === line.slice(1) || path.startsWith(`${line.slice(1)}/`);
      if (/^\*\.\w+$/.test(line)) return (path: string) => path.endsWith(line.slice(1));
      throw new Error(`This test does not know what "${line}" means.`);
    });
  return (path) => patterns.some((matches) => matches(path));
}

/** The project's own files: those that git has, or in a copy without git, those that are there. */
function projectFiles(): string[] {
  // The folder may belong to somebody else, which git by itself would refuse.
  const { stdout } = spawnSync('git', ['-c', 'safe.directory=*', 'ls-files'], { cwd: ROOT, encoding: 'utf8' });
  const listed = (stdout ?? '').split('\n').filter((path) => path !== '');
  if (listed.includes('package.json')) return listed;
  const made = new Set(['node_modules', 'dist', 'coverage', '.makoto', '.git']);
  return readdirSync(ROOT, { withFileTypes: true })
    .filter(({ name }) => !made.has(name))
    .flatMap((entry) => (entry.isDirectory() ? filesBelow(entry.name) : [entry.name]));
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((path) => `${folder}/${path}`);
}

/** What lies in the folder when the app is published: the project's files, what is built from them, and what is written locally. */
function everythingThere(): string[] {
  const built = sourcesIn('functions', 'shared', 'local', 'bench')
    .filter((path) => !path.endsWith('.d.ts'))
    .flatMap((path) => [compiled(path), `${compiled(path)}.map`]);
  const local = ['local.settings.json', '.makoto/services.env', '.git/config', 'coverage/index.html'];
  return sorted(new Set([...projectFiles(), ...built, ...local, 'node_modules/zod/package.json']));
}

test('what is published is the compiled app and what it needs, without tests, sources and local settings', () => {
  const isIgnored = ignored();
  const app = sourcesIn('functions', 'shared')
    .filter((path) => !path.endsWith('.d.ts'))
    .map(compiled);
  const packages = ['package.json', 'package-lock.json', 'node_modules/zod/package.json'];

  const published = everythingThere().filter((path) => !isIgnored(path));

  expect(published).toEqual(sorted([...app, ...packages, 'host.json', 'LICENSE']));
});
