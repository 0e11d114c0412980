import type { Variable } from '../../../shared/operations/cost-model';
import { section, tableRows } from './documents';

/** As the pages about cost write a figure. */
export function shown(value: number): string {
  const digits = value >= 100 || Number.isInteger(value) ? 0 : value >= 0.1 ? 2 : 3;
  return value.toFixed(digits).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** A table of figures: a row for each name, a column for each size. */
export function figureRows(
  sizes: readonly number[],
  figuresOf: (messages: number) => Readonly<Record<string, number>>,
) {
  const results = sizes.map(figuresOf);
  const names = Object.keys(results[0] ?? {});
  return names.map((name) => [name, ...results.map((each) => shown(each[name] ?? Number.NaN))]);
}

/** A variable as a page has it. */
export interface StatedVariable {
  readonly name: string;
  readonly value: string;
  readonly unit: string;
  readonly source: string;
}

export function statedVariables(page: string, heading: string): StatedVariable[] {
  return tableRows(section(page, heading)).map(([name = '', value = '', unit = '', source = '']) => ({
    name: name.replaceAll('`', ''),
    value,
    unit,
    source,
  }));
}

/** The code's variables as a page would state them, by name. */
export function stated(variables: Readonly<Record<string, Variable>>): Record<string, { value: number; unit: string }> {
  return Object.fromEntries(Object.entries(variables).map(([name, { value, unit }]) => [name, { value, unit }]));
}

/** Names of variables that may be anything without a figure becoming another. */
export function unusedIn<Values extends Readonly<Record<string, number>>>(
  values: Values,
  figuresOf: (values: Values) => unknown,
): string[] {
  const before = JSON.stringify(figuresOf(values));
  return Object.entries(values).flatMap(([name, value]) =>
    JSON.stringify(figuresOf({ ...values, [name]: value * 1.5 + 1 })) === before ? [name] : [],
  );
}
