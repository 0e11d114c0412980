import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expandBraces, findFiles } from '../../../local/host/app/glob';
import { temporaryDirectory } from './temporary-directory';

const files = [
  'index.js',
  'dist/functions/timer.js',
  'dist/functions/timer.js.map',
  'dist/functions/http.js',
  'dist/functions/deep/inner/job.js',
  'dist/functions/.hidden.js',
  'dist/test/timer.test.js',
  'dist/fun(ctions)/odd.js',
];

function appTree(): string {
  const root = temporaryDirectory();
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), '');
  }
  return root;
}

test.each([
  ['index.js', ['index.js']],
  ['./index.js', ['index.js']],
  ['dist/functions/*.js', ['dist/functions/http.js', 'dist/functions/timer.js']],
  ['dist/functions/{http,timer}.js', ['dist/functions/http.js', 'dist/functions/timer.js']],
  ['{index.js,dist/functions/ti*.js}', ['dist/functions/timer.js', 'index.js']],
  ['dist/functions/**/*.js', ['dist/functions/deep/inner/job.js', 'dist/functions/http.js', 'dist/functions/timer.js']],
  ['dist/**/job.js', ['dist/functions/deep/inner/job.js']],
  ['dist/functions/http.j?', ['dist/functions/http.js']],
  ['dist/functions/.*.js', ['dist/functions/.hidden.js']],
  ['dist/fun(ctions)/*.js', ['dist/fun(ctions)/odd.js']],
  ['dist/none/*.js', []],
  ['index.js/*.js', []],
])('the pattern %s finds %j', (pattern, expected) => {
  const root = appTree();

  const found = findFiles(root, pattern);

  expect(found.map((file) => relative(root, file))).toEqual(expected);
});

test('a linked directory is followed, and a dangling link is passed over', () => {
  const root = appTree();
  symlinkSync(join(root, 'dist/functions'), join(root, 'linked'));
  symlinkSync(join(root, 'nowhere'), join(root, 'dangling'));

  const found = findFiles(root, '{linked,dangling}/h*.js');

  expect(found.map((file) => relative(root, file))).toEqual(['linked/http.js']);
});

test('braces expand in every combination, nested ones too', () => {
  expect(expandBraces('a{b,c{d,e}}f{,g}')).toEqual(['abf', 'abfg', 'acdf', 'acdfg', 'acef', 'acefg']);
  expect(expandBraces('{a')).toEqual(['{a']);
});
