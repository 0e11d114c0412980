import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { findPython } from '../../../bench/harness/python';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'makoto-python-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A directory with a python3 that says what one would say that has these modules. */
function pythonWith(
  name: string,
  modules: Readonly<Record<string, string>>,
  prefix = name,
  version = '3.11.2',
): string {
  return program(name, `echo noise; echo '${JSON.stringify({ prefix, version, modules })}'`);
}

function program(name: string, script: string): string {
  const directory = join(folder, name);
  mkdirSync(directory);
  const path = join(directory, 'python3');
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return directory;
}

function pathOf(...directories: readonly string[]): string {
  return directories.join(delimiter);
}

test('the first one on PATH with every module is found, and what those before it lack', async () => {
  const path = pathOf(
    pythonWith('plain', {}),
    pythonWith('half', { pandas: '1.5.3' }, 'half', '3.12.0'),
    pythonWith('whole', { pandas: '2.2.0', pyarrow: '20.0.0' }),
    pythonWith('later', { pandas: '2.3.0', pyarrow: '21.0.0' }),
  );

  const found = await findPython(['pandas', 'pyarrow'], path);

  expect(found).toEqual({
    python: {
      command: join(folder, 'whole', 'python3'),
      version: '3.11.2',
      modules: { pandas: '2.2.0', pyarrow: '20.0.0' },
    },
    lacking: ['Python 3.11.2 lacks pandas, pyarrow', 'Python 3.12.0 lacks pyarrow'],
  });
});

test('one that two directories lead to is told of once', async () => {
  const path = pathOf(pythonWith('usr', {}, 'same'), pythonWith('bin', {}, 'same'));

  const found = await findPython(['pyarrow'], path);

  expect(found).toEqual({ lacking: ['Python 3.11.2 lacks pyarrow'] });
});

test.each([
  ['that fails', 'exit 1'],
  ['that says something else', 'echo hello'],
  ['that says nothing', 'exit 0'],
])('a python3 %s is passed over', async (_what, script) => {
  const path = pathOf('', join(folder, 'missing'), program('broken', script));

  expect(await findPython(['pandas'], path)).toEqual({ lacking: ['there is no python3'] });
});
