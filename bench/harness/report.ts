import type { BenchResult } from './bench';
import type { Figure } from './figures';
import type { Machine } from './machine';

/** What a bench prints as JSON. */
export interface BenchReport extends BenchResult {
  readonly bench: string;
  readonly machine: Machine;
  /** When it ended, ISO 8601 in UTC. */
  readonly date: string;
}

/** What all benches together print: the same, and each figure says which bench it is of. */
export interface AllReport {
  readonly bench: 'all';
  readonly machine: Machine;
  readonly figures: readonly (Figure & { readonly bench: string })[];
}

export function allReport(machine: Machine, reports: readonly BenchReport[]): AllReport {
  return {
    bench: 'all',
    machine,
    figures: reports.flatMap(({ bench, figures }) => figures.map((each) => ({ bench, ...each }))),
  };
}

/** Whether no goal was missed. */
export function goalsMet({ figures }: Pick<BenchReport, 'figures'>): boolean {
  return figures.every(({ met }) => met !== false);
}

/** Of a run that did only a little of the work, no goal says anything. */
export function withoutGoals(figure: Figure): Figure {
  const { goal: _goal, met: _met, ...rest } = figure;
  return rest;
}
