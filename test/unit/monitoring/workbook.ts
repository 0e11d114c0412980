export const WORKBOOK = 'bicep/monitoring/workbook.json';

interface Parameter {
  readonly id: string;
  readonly name: string;
  readonly type: number;
  readonly query?: string;
  readonly quote?: string;
  readonly timeContextFromParameter?: string;
}

interface Item {
  readonly type: number;
  readonly name: string;
  readonly content: {
    readonly json?: string;
    readonly query?: string;
    readonly title?: string;
    readonly visualization?: string;
    readonly resourceType?: string;
    readonly crossComponentResources?: readonly string[];
    readonly timeContextFromParameter?: string;
    readonly parameters?: readonly Parameter[];
  };
}

export interface Workbook {
  readonly version: string;
  readonly items: readonly Item[];
  readonly fallbackResourceIds: readonly string[];
}

export interface WorkbookQuery {
  readonly name: string;
  readonly text: string;
}

export function queriesOf({ items }: Workbook): WorkbookQuery[] {
  const ofItems = items.flatMap(({ name, content }) =>
    content.query === undefined ? [] : [{ name, text: content.query }],
  );
  const ofParameters = parametersOf({ items }).flatMap(({ name, query }) =>
    query === undefined ? [] : [{ name: `parameter ${name}`, text: query }],
  );
  return [...ofItems, ...ofParameters];
}

export function parametersOf({ items }: Pick<Workbook, 'items'>): Parameter[] {
  return items.flatMap(({ content }) => content.parameters ?? []);
}

/** A query as the portal sends it, with something chosen for every parameter of {@link STAND_INS}. */
export function filledIn(text: string): string {
  return text.replaceAll(/\{(\w+(?::\w+)?)\}/g, (all, name: string) => STAND_INS[name] ?? all);
}

/** Source: learn.microsoft.com/azure/azure-monitor/visualize/workbooks-parameters and workbooks-time. */
const STAND_INS: Readonly<Record<string, string>> = {
  Tenant: "'hinata-books','minato-travel'",
  'TimeRange:start': 'datetime(2025-08-01T00:00:00Z)',
};

/** The names that queries and bindings take from parameters. */
export function parametersUsed(book: Workbook): Set<string> {
  const inQueries = queriesOf(book).flatMap(({ text }) =>
    [...text.matchAll(/\{(\w+)(?::\w+)?\}/g)].map(([, name = '']) => name),
  );
  const bound = [...book.items.map(({ content }) => content), ...parametersOf(book)].flatMap(
    ({ timeContextFromParameter }) => timeContextFromParameter ?? [],
  );
  return new Set([...inQueries, ...bound]);
}

/** What is wrong with the workbook itself, whatever its queries say. */
export function workbookProblems(text: string): string[] {
  let book: Workbook;
  try {
    book = JSON.parse(text) as Workbook;
  } catch (error) {
    return [`It is no JSON: ${String(error)}`];
  }
  const declared = parametersOf(book).map(({ name }) => name);
  const used = parametersUsed(book);
  const names = book.items.map(({ name }) => name);
  const ids = parametersOf(book).map(({ id }) => id);
  const queried = book.items.filter(({ type }) => type === 3);
  return [
    ...(book.version === 'Notebook/1.0' ? [] : ['Its version is not Notebook/1.0']),
    ...[...used].filter((name) => !declared.includes(name)).map((name) => `The parameter ${name} is not declared`),
    ...declared.filter((name) => !used.has(name)).map((name) => `The parameter ${name} is not used`),
    ...twice(names).map((name) => `Two items are named ${name}`),
    ...twice(ids).map((id) => `Two parameters have the id ${id}`),
    ...queried.filter(({ content }) => !content.query).map(({ name }) => `${name} has no query`),
    ...queried.filter(({ content }) => !content.title).map(({ name }) => `${name} has no title`),
    ...queried
      .filter(({ content }) => content.timeContextFromParameter !== 'TimeRange')
      .map(({ name }) => `${name} does not follow the chosen time`),
    ...queried
      .filter(
        ({ content }) =>
          content.resourceType !== 'microsoft.insights/components' ||
          content.crossComponentResources?.join() !== 'APPLICATION_INSIGHTS_ID',
      )
      .map(({ name }) => `${name} does not ask the component`),
    ...(book.fallbackResourceIds.join() === 'APPLICATION_INSIGHTS_ID' ? [] : ['It does not belong to the component']),
  ];
}

function twice(values: readonly string[]): string[] {
  return values.filter((value, index) => values.indexOf(value) !== index);
}
