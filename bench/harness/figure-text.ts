import { textTable } from '../../local/cli/text-table';
import type { Figure, Goal, Spread } from './figures';

/** A figure's cells, as the table on the terminal and the one in the documents have them. */
export interface FigureCells {
  readonly figure: string;
  readonly ours: string;
  readonly unit: string;
  readonly peer: string;
  readonly theirs: string;
  readonly ratio: string;
  readonly goal: string;
}

export function figureCells({ name, value, unit, spread, peer, ratio, goal, met }: Figure): FigureCells {
  return {
    figure: name,
    ours: withSpread(value, spread),
    unit,
    peer: peer?.name ?? '',
    theirs: peer === undefined ? '' : withSpread(peer.value, peer.spread),
    ratio: ratio === undefined ? '' : formatNumber(ratio),
    goal: goal === undefined ? '' : `${goalText(goal)}${met === true ? ', met' : ', missed'}`,
  };
}

/** `≥ 20,000`, or `ratio ≤ 0.15`. */
export function goalText({ of, atLeast, atMost }: Goal): string {
  const limits = [
    ...(atLeast === undefined ? [] : [`≥ ${formatNumber(atLeast)}`]),
    ...(atMost === undefined ? [] : [`≤ ${formatNumber(atMost)}`]),
  ].join(' and ');
  return of === 'value' ? limits : `ratio ${limits}`;
}

function withSpread(value: number, spread: Spread | undefined): string {
  const shown = formatNumber(value);
  return spread === undefined ? shown : `${shown} (${formatNumber(spread.lowest)}–${formatNumber(spread.highest)})`;
}

/** With its thousands set apart, and as many decimals as it has. */
export function formatNumber(value: number): string {
  const [whole = '', decimals] = String(value).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return decimals === undefined ? grouped : `${grouped}.${decimals}`;
}

/** The table for people. */
export function figureLines(figures: readonly Figure[], width?: number): string[] {
  const columns = [
    { title: 'figure', flexible: true },
    { title: 'ours (lowest–highest)', align: 'right' as const },
    { title: 'unit' },
    { title: 'peer', flexible: true },
    { title: 'theirs (lowest–highest)', align: 'right' as const },
    { title: 'ours ÷ theirs', align: 'right' as const },
    { title: 'goal' },
  ];
  const rows = figures.map(figureCells).map((cells) => {
    return [cells.figure, cells.ours, cells.unit, cells.peer, cells.theirs, cells.ratio, cells.goal];
  });
  return textTable(columns, rows, width);
}
