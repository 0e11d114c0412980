import { documentWith } from '../../../bench/harness/document';
import { figureCells, figureLines } from '../../../bench/harness/figure-text';
import { type Figure, figureOf } from '../../../bench/harness/figures';
import type { Machine } from '../../../bench/harness/machine';
import { allReport, type BenchReport, goalsMet, withoutGoals } from '../../../bench/harness/report';
import { codeBlocks, section, tableRows } from '../docs/documents';

const machine: Machine = { cpu: 'A processor', cores: 2, memoryGb: 25, os: 'Linux 6 x64', node: 'v20.20.2', load: 0.4 };

const load = figureOf({
  ...{ name: 'first load', unit: 'rows/s', ours: [31_000, 30_000, 29_500] },
  peer: { name: 'INSERT | by 100', samples: [12_000, 12_500, 12_100] },
  goal: { of: 'value', atLeast: 20_000 },
});
const memory = figureOf({ name: 'peak', unit: 'MB', ours: [600.5], goal: { of: 'value', atMost: 512 } });

function report(bench: string, figures: readonly Figure[]): BenchReport {
  const conditions = [`The data of ${bench}.`, 'Fairly.'];
  return { bench, machine, figures, conditions, date: '2026-11-22T01:02:03.456Z', versions: { pg: '8.23.1' } };
}

test('a figure is shown with its spread, its peer, and whether its goal is met', () => {
  expect(figureCells(load)).toEqual({
    figure: 'first load',
    ours: '30,000 (29,500–31,000)',
    unit: 'rows/s',
    peer: 'INSERT | by 100',
    theirs: '12,100 (12,000–12,500)',
    ratio: '2.479',
    goal: '≥ 20,000, met',
  });
  expect(figureCells(memory)).toMatchObject({ ours: '600.5', peer: '', theirs: '', ratio: '', goal: '≤ 512, missed' });
  expect(figureCells({ ...memory, ratio: 0.2, goal: { of: 'ratio', atMost: 0.15 } }).goal).toBe('ratio ≤ 0.15, missed');
});

test('people see a line a figure', () => {
  const [titles, , ...lines] = figureLines([load, memory]);

  expect(titles).toMatch(/^figure .* ours .* unit .* peer .* goal$/);
  expect(lines).toEqual([
    expect.stringMatching(/^first load .*≥ 20,000, met$/),
    expect.stringMatching(/^peak .*, missed$/),
  ]);
});

test('a goal that is missed counts, unless only a little of the work was done', () => {
  expect(goalsMet(report('any', [load]))).toBe(true);
  expect(goalsMet(report('any', [load, memory]))).toBe(false);
  expect(goalsMet(report('any', [load, withoutGoals(memory)]))).toBe(true);
});

test('all benches together say of each figure which bench it is of', () => {
  const all = allReport(machine, [report('sync', [memory]), report('upsert', [load])]);

  expect(all).toEqual({
    bench: 'all',
    machine,
    figures: [
      { bench: 'sync', ...memory },
      { bench: 'upsert', ...load },
    ],
  });
});

describe('the page', () => {
  const upsert = documentWith(undefined, report('upsert', [load]), 'About upsert.');

  test('has the command, the machine, the versions, the date and the figures of a bench', () => {
    const text = section(upsert, '## upsert');

    expect(text).toContain('`npm run bench -- upsert --write` on 2026-11-22');
    expect(text).toContain('2 cores of A processor, 25 GB, Linux 6 x64');
    expect(text).toContain('Node 20.20.2, pg 8.23.1');
    expect(text).toContain('About upsert.');
    expect(text).toContain('- The data of upsert.\n- Fairly.');
    expect(tableRows(text.replaceAll('\\|', '/'))).toEqual([
      [
        'first load',
        '30,000 (29,500–31,000)',
        'rows/s',
        'INSERT / by 100',
        '12,100 (12,000–12,500)',
        '2.479',
        '≥ 20,000, met',
      ],
    ]);
  });

  test('gets a section for another bench, in the order of their names, whichever comes first', () => {
    const other = documentWith(undefined, report('sync', [memory]), 'About sync.');

    const both = documentWith(upsert, report('sync', [memory]), 'About sync.');

    expect(both).toBe(documentWith(other, report('upsert', [load]), 'About upsert.'));
    expect([...both.matchAll(/^## (.*)$/gm)].map(([, name]) => name)).toEqual(['sync', 'upsert']);
    expect(section(both, '## upsert').trim()).toBe(section(upsert, '## upsert').trim());
  });

  test('is the same after the same bench once more, and has the newer figures after others', () => {
    const again = documentWith(upsert, report('upsert', [load]), 'About upsert.');
    const newer = documentWith(upsert, report('upsert', [memory]), 'About upsert.');

    expect(again).toBe(upsert);
    expect(tableRows(section(newer, '## upsert')).map(([name]) => name)).toEqual(['peak']);
    expect(codeBlocks(newer)).toEqual(codeBlocks(upsert));
  });
});
