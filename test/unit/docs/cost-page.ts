import { type Values, type Variable, valuesOf } from '../../../shared/operations/cost-model';
import { readText, section, tableRows } from './documents';

/** As the pages about cost write a figure. */
export function shown(value: number): string {
  const digits = value >= 100 || Number.isInteger(value) ? 0 : value >= 0.1 ? 2 : 3;
  return value.toFixed(digits).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** A table of figures: a row for each name, a column for each size. */
function figureRows(sizes: readonly number[], figuresOf: (messages: number) => Readonly<Record<string, number>>) {
  const results = sizes.map(figuresOf);
  const names = Object.keys(results[0] ?? {});
  return names.map((name) => [name, ...results.map((each) => shown(each[name] ?? Number.NaN))]);
}

/** A variable as a page has it. */
interface StatedVariable {
  readonly name: string;
  readonly value: string;
  readonly unit: string;
  readonly source: string;
}

function statedVariables(page: string, heading: string): StatedVariable[] {
  return tableRows(section(page, heading)).map(([name = '', value = '', unit = '', source = '']) => ({
    name: name.replaceAll('`', ''),
    value,
    unit,
    source,
  }));
}

/** The code's variables as a page would state them, by name. */
function stated(variables: Readonly<Record<string, Variable>>): Record<string, { value: number; unit: string }> {
  return Object.fromEntries(Object.entries(variables).map(([name, { value, unit }]) => [name, { value, unit }]));
}

/** Names of variables that may be anything without a figure becoming another. */
function unusedIn<Values extends Readonly<Record<string, number>>>(
  values: Values,
  figuresOf: (values: Values) => unknown,
): string[] {
  const before = JSON.stringify(figuresOf(values));
  return Object.entries(values).flatMap(([name, value]) =>
    JSON.stringify(figuresOf({ ...values, [name]: value * 1.5 + 1 })) === before ? [name] : [],
  );
}

type Variables = Readonly<Record<string, Variable>>;

/** A page about cost, and the model that its figures are from. */
export interface CostPage<Assumptions extends Variables, Prices extends Variables> {
  readonly document: string;
  /** The marks of its headings: `##`. */
  readonly level: string;
  readonly assumptions: Assumptions;
  readonly prices: Prices;
  /** The messages of a day that the page has figures for. */
  readonly sizes: readonly number[];
  /** Sizes that need variables which those of the page do not. */
  readonly moreSizes?: readonly number[];
  readonly costs: (messages: number, values: Values<Assumptions & Prices>) => Readonly<Record<string, number>>;
}

/** Holds a page to its model: the same variables, and figures that are made of them. */
export function testCostPage<Assumptions extends Variables, Prices extends Variables>(
  what: CostPage<Assumptions, Prices>,
): void {
  const { document, level, assumptions, prices, sizes, moreSizes = [], costs } = what;
  const page = readText(document);
  const given = valuesOf({ ...assumptions, ...prices });

  test.each([
    [`${level} What is measured and assumed`, assumptions],
    [`${level} Prices`, prices],
  ])('the variables of the page are those of the model: %s', (heading, variables) => {
    const onPage = statedVariables(page, heading);

    const values = Object.fromEntries(onPage.map(({ name, value, unit }) => [name, { value: Number(value), unit }]));
    expect(values).toEqual(stated(variables));
    expect(onPage.filter(({ source }) => source === '')).toEqual([]);
  });

  test('every figure of the page is what the model makes of its variables', () => {
    const rows = tableRows(section(page, `${level} What a month costs`));

    expect(rows).toEqual(figureRows(sizes, (messages) => costs(messages, given)));
  });

  test('every variable is used', () => {
    const figures = (values: typeof given) => [...sizes, ...moreSizes].map((messages) => costs(messages, values));

    expect(unusedIn(given, figures)).toEqual([]);
  });
}
