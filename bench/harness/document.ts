import { type FigureCells, figureCells } from './figure-text';
import type { BenchReport } from './report';

const INTRODUCTION = `# Benchmarks

Written by the benches themselves: each replaces its own section when it is run with \`--write\`. Run all, one, or one for a program to read:

\`\`\`sh
npm run bench
npm run bench -- sync
npm run bench -- sync --json
npm run bench -- --write
\`\`\`

Ours and a peer's are measured in turns in the same run, after a round that does not count. Where there were several rounds a figure is their median, with
the lowest and the highest behind it. The ratio is ours divided by theirs, of the medians. A bench exits 0 where no goal is missed, 1 where one is.
`;

/** The page with the section of one bench made new, and in its place. `page` is undefined where there is none yet. */
export function documentWith(page: string | undefined, report: BenchReport, about: string): string {
  const [, ...sections] = (page ?? '').split(/^(?=## )/m);
  const others = sections.filter((section) => benchOf(section) !== report.bench).map((section) => section.trimEnd());
  const all = [...others, benchSection(report, about)].sort((a, b) => (benchOf(a) < benchOf(b) ? -1 : 1));
  return `${[INTRODUCTION.trimEnd(), ...all].join('\n\n')}\n`;
}

function benchOf(section: string): string {
  return /^## (\S+)/.exec(section)?.[1] ?? '';
}

function benchSection({ bench, machine, date, versions, figures, conditions }: BenchReport, about: string): string {
  const { cpu, cores, memoryGb, os, node, load } = machine;
  const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `## ${bench}`,
    about,
    [
      `\`npm run bench -- ${bench} --write\` on ${date.slice(0, 10)}, on ${cores} cores of ${cpu}, ${memoryGb} GB, ${os}; load average before it: ${load}.`,
      `Node ${node.replace(/^v/, '')}, ${packages.join(', ')}.`,
    ].join(' '),
    table(figures.map(figureCells)),
    conditions.map((condition) => `- ${condition}`).join('\n'),
  ].join('\n\n');
}

const TITLES: readonly (readonly [keyof FigureCells, string])[] = [
  ['figure', 'figure'],
  ['ours', 'ours'],
  ['unit', 'unit'],
  ['peer', 'peer'],
  ['theirs', 'theirs'],
  ['ratio', 'ratio'],
  ['goal', 'goal'],
];

function table(rows: readonly FigureCells[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|') || '–').join(' | ')} |`;
  const body = rows.map((row) => line(TITLES.map(([name]) => row[name])));
  return [line(TITLES.map(([, title]) => title)), '|---|---|---|---|---|---|---|', ...body].join('\n');
}
