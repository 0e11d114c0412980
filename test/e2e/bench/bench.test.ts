import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { AllReport, BenchReport } from '../../../bench/harness/report';
import { ROOT, readText } from '../../unit/docs/documents';

/** `npm run bench -- ARGUMENTS`, without npm. */
function bench(args: readonly string[]) {
  const program = join(ROOT, 'dist', 'bench', 'main.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { cwd: ROOT, encoding: 'utf8' });
  return { status, stdout, stderr, lines: stdout.trimEnd().split('\n') };
}

function lastJson<Shape>({ lines }: { readonly lines: readonly string[] }): Shape {
  return JSON.parse(lines.at(-1) ?? '') as Shape;
}

const measured = { name: expect.any(String), value: expect.any(Number), unit: expect.any(String) };

test('one bench prints a table for people, and exits 0', () => {
  const { status, stdout, stderr } = bench(['sync', '--quick']);

  expect({ status, stderr }).toEqual({ status: 0, stderr: 'syncing 500 videos\n' });
  expect(stdout).toMatch(/^sync: .*\n\nfigure .*\n─.*\npeak memory .*\n/);
});

test('all benches print one JSON object on the last line, the tables on standard error', () => {
  const done = bench(['--quick', '--json']);

  const { bench: name, machine, figures } = lastJson<AllReport>(done);
  expect({ status: done.status, lines: done.lines.length, name }).toEqual({ status: 0, lines: 1, name: 'all' });
  expect(machine).toMatchObject({ cpu: expect.any(String), cores: expect.any(Number), node: process.version });
  expect(new Set(figures.map((figure) => figure.bench))).toEqual(
    new Set(['get', 'list', 'encode', 'export', 'scale', 'orchestrate', 'sync', 'upsert']),
  );
  expect(figures).toEqual(figures.map(() => expect.objectContaining(measured)));
  expect(figures.filter(({ goal, met }) => goal !== undefined || met !== undefined)).toEqual([]);
  const upserts = figures.filter((figure) => figure.bench === 'upsert');
  expect(upserts).toEqual(
    upserts.map(() => expect.objectContaining({ ratio: expect.any(Number), peer: expect.anything() })),
  );
  expect(done.stderr).toMatch(/^first load /m);
});

test('a bench by its name prints its own, with the versions of what it ran on', () => {
  const report = lastJson<BenchReport>(bench(['sync', '--quick', '--json']));

  expect(report).toMatchObject({
    bench: 'sync',
    date: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    versions: { pg: '8.23.1' },
    figures: expect.arrayContaining([{ name: 'quota', value: 21, unit: 'units' }]),
  });
});

test.each([
  [
    'an unknown bench',
    ['nothing'],
    /There is no bench "nothing": expected one of get, list, encode, export, scale, orchestrate, sync, upsert\./,
  ],
  ['an unknown option', ['sync', '--fast'], /unknown option '--fast'/],
  ['a second name', ['sync', 'upsert'], /too many arguments/],
  ['figures of little work for the page', ['sync', '--quick', '--write'], /--write and --quick exclude each other/],
])('%s is wrong input: exit code 2', (_what, args, message) => {
  const page = readText('docs/benchmarks.md');

  const { status, stdout, stderr } = bench(args);

  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(message);
  expect(readText('docs/benchmarks.md')).toBe(page);
});

test('with --json, so is what was wrong', () => {
  const done = bench(['nothing', '--json']);

  expect(done.status).toBe(2);
  expect(lastJson(done)).toEqual({
    error: { code: expect.any(String), message: expect.stringContaining('"nothing"'), problems: [] },
  });
});
