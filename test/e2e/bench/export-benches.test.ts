import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Figure } from '../../../bench/harness/figures';
import type { BenchReport } from '../../../bench/harness/report';
import { ROOT } from '../../unit/docs/documents';

/** A bench with only a little of its work: its figures by name. */
function quickFigures(name: string): Map<string, Figure> {
  const program = join(ROOT, 'dist', 'bench', 'main.js');
  const { stdout } = spawnSync(process.execPath, [program, name, '--quick', '--json'], { cwd: ROOT, encoding: 'utf8' });
  const { figures } = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as BenchReport;
  return new Map(figures.map((figure) => [figure.name, figure]));
}

test('the export is measured with and without latency, and beside the other reader', () => {
  const figures = quickFigures('export');

  expect(figures.get('CPU per message')?.value).toBeGreaterThan(0);
  expect(figures.get("CPU per message, beside the SDK's reader")?.ratio).toBeLessThan(1);
  expect(figures.get('messages, 20 ms of latency')?.value).toBeLessThan(figures.get('messages')?.value ?? 0);
  expect(figures.get('requests per message')?.value).toBeGreaterThan(1);
});

test('a large day is measured beside a smaller one, and a skewed tenant beside an even one', () => {
  const names = [...quickFigures('scale').keys()];

  expect(names).toEqual(
    expect.arrayContaining([
      'peak memory at 2,000 messages',
      'CPU per message at 2,000 messages',
      'skewed tenant: time',
      'skewed tenant: largest shard',
    ]),
  );
});
