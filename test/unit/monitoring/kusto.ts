import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { TABLES } from './tables';

// What is used of @kusto/language-service-next. The package cannot be required: its scripts expect one another among the globals.

interface List<Item> {
  readonly Count: number;
  getItem(index: number): Item;
}

interface Diagnostic {
  readonly Code: string;
  readonly Severity: string;
  readonly Message: string;
  readonly Start: number;
}

interface NamedSymbol {
  readonly Name: string;
}

interface SyntaxNode {
  readonly Kind: number;
  readonly ChildCount: number;
  readonly Parent: SyntaxNode | null;
  readonly ReferencedSymbol?: NamedSymbol | null;
  readonly TextStart: number;
  GetChild(index: number): SyntaxNode | null;
  toString(): string;
}

interface Globals {
  WithDatabase(database: object): Globals;
  GetTable(column: NamedSymbol): NamedSymbol | null;
}

interface KustoCode {
  readonly Syntax: SyntaxNode;
  /** A table's symbol, where the query gives a table. */
  readonly ResultType: { readonly Columns?: List<NamedSymbol> } | null;
  GetDiagnostics(): List<Diagnostic>;
}

interface Language {
  readonly KustoCode: {
    ParseAndAnalyze(query: string, globals: Globals): KustoCode;
  };
  readonly GlobalState: { readonly Default: Globals };
  readonly Symbols: {
    readonly TableSymbol: { readonly $ctor7: new (name: string, schema: string) => object };
    readonly DatabaseSymbol: { readonly ctor: new (name: string, tables: readonly object[]) => object };
  };
  readonly Syntax: { readonly SyntaxKind: Readonly<Record<string, number>> };
}

let loaded: { readonly language: Language; readonly globals: Globals } | undefined;

function kusto(): { readonly language: Language; readonly globals: Globals } {
  loaded ??= load();
  return loaded;
}

function load(): { readonly language: Language; readonly globals: Globals } {
  const folder = dirname(require.resolve('@kusto/language-service-next/package.json'));
  const context = createContext({ console });
  for (const name of ['bridge.min.js', 'Kusto.Language.Bridge.min.js'])
    runInContext(readFileSync(join(folder, name), 'utf8'), context, { filename: name });
  const language = (context as unknown as { Kusto: { Language: Language } }).Kusto.Language;
  const { TableSymbol, DatabaseSymbol } = language.Symbols;
  const tables = Object.entries(TABLES).map(([name, columns]) => {
    const schema = Object.entries(columns).map(([column, type]) => `${column}: ${type}`);
    return new TableSymbol.$ctor7(name, `(${schema.join(', ')})`);
  });
  const globals = language.GlobalState.Default.WithDatabase(new DatabaseSymbol.ctor('component', tables));
  return { language, globals };
}

/** A literal that is compared with a column of a table. */
export interface Compared {
  readonly table: string;
  readonly column: string;
  readonly value: string;
}

/** A key of customDimensions, and the table whose column that is; of several tables put together there is no telling. */
export interface Dimension {
  readonly table: string | undefined;
  readonly key: string;
}

export interface Query {
  /** What the parser and the binder object to. */
  readonly problems: readonly string[];
  /** Tables that are read. */
  readonly tables: ReadonlySet<string>;
  /** Operators by the grammar's names for them: `filter` for `where`, `evaluate`, `union`. */
  readonly operators: ReadonlySet<string>;
  /** The columns of the result; empty where they depend on the data. */
  readonly columns: readonly string[];
  readonly dimensions: readonly Dimension[];
  readonly compared: readonly Compared[];
}

const known = new Map<string, Query>();

/** Reads a query against {@link TABLES}. */
export function analyse(text: string): Query {
  const query = known.get(text) ?? read(text);
  known.set(text, query);
  return query;
}

function read(text: string): Query {
  const { language, globals } = kusto();
  const code = language.KustoCode.ParseAndAnalyze(text, globals);
  const nodes = [...everyNode(code.Syntax)];
  const kinds = language.Syntax.SyntaxKind;
  const diagnostics = listed(code.GetDiagnostics());
  const used = dimensionKeys(nodes, kinds, globals);
  return {
    problems: [...diagnostics.map((each) => describe(text, each)), ...used.problems],
    tables: new Set(
      nodes.flatMap(({ ReferencedSymbol }) =>
        ReferencedSymbol?.Name !== undefined && ReferencedSymbol.Name in TABLES ? [ReferencedSymbol.Name] : [],
      ),
    ),
    operators: operatorsOf(nodes, kinds),
    columns: code.ResultType?.Columns === undefined ? [] : listed(code.ResultType.Columns).map(({ Name }) => Name),
    dimensions: used.found,
    compared: comparisons(nodes, kinds, globals),
  };
}

function* everyNode(node: SyntaxNode): Generator<SyntaxNode> {
  yield node;
  for (const child of childrenOf(node)) yield* everyNode(child);
}

function childrenOf(node: SyntaxNode): SyntaxNode[] {
  return Array.from({ length: node.ChildCount }, (_none, index) => node.GetChild(index)).filter(
    (child) => child !== null,
  );
}

function listed<Item>(list: List<Item>): Item[] {
  return Array.from({ length: list.Count }, (_none, index) => list.getItem(index));
}

function describe(text: string, { Severity, Code, Message, Start }: Diagnostic): string {
  const line = text.slice(0, Start).split('\n').length;
  return `line ${line}: ${Severity} ${Code}: ${Message}`;
}

/** `customDimensions.key` and `customDimensions['key']`. Used in any other way, nobody can tell what it has to hold. */
function dimensionKeys(
  nodes: readonly SyntaxNode[],
  kinds: Readonly<Record<string, number>>,
  globals: Globals,
): { readonly found: Dimension[]; readonly problems: string[] } {
  const found: Dimension[] = [];
  const problems: string[] = [];
  for (const node of nodes) {
    if (node.Kind !== kinds.NameReference || node.toString().trim() !== 'customDimensions') continue;
    const { Parent: parent, ReferencedSymbol: column } = node;
    const text = parent?.toString().trim() ?? '';
    const key =
      parent?.Kind === kinds.PathExpression
        ? /^customDimensions\.(\w+)$/.exec(text)?.[1]
        : parent?.Kind === kinds.ElementExpression
          ? /^customDimensions\[(['"])([^'"]+)\1\]$/.exec(text)?.[2]
          : undefined;
    if (key === undefined) problems.push(`customDimensions is not asked for one key: ${text.slice(0, 60)}`);
    else found.push({ table: column ? globals.GetTable(column)?.Name : undefined, key });
  }
  return { found, problems };
}

function operatorsOf(nodes: readonly SyntaxNode[], kinds: Readonly<Record<string, number>>): Set<string> {
  const names = new Map(Object.entries(kinds).map(([name, kind]) => [kind, name]));
  const found = nodes.flatMap(({ Kind }) => /^(\w+)Operator$/.exec(names.get(Kind) ?? '')?.[1]?.toLowerCase() ?? []);
  return new Set(found);
}

/** `column == 'literal'` and `column in ('literal', …)`, for columns that come straight from a table. */
function comparisons(
  nodes: readonly SyntaxNode[],
  kinds: Readonly<Record<string, number>>,
  globals: Globals,
): Compared[] {
  const comparing = new Set([kinds.EqualExpression, kinds.InExpression, kinds.NotEqualExpression]);
  return nodes
    .filter(({ Kind }) => comparing.has(Kind))
    .flatMap((node) => {
      const left = childrenOf(node)[0];
      const column = left !== undefined && left.Kind === kinds.NameReference ? left.ReferencedSymbol : undefined;
      const table = column ? globals.GetTable(column) : undefined;
      if (!column || !table) return [];
      const literals = [...everyNode(node)].filter(({ Kind }) => Kind === kinds.StringLiteralExpression);
      return literals.map((literal) => ({
        table: table.Name,
        column: column.Name,
        value: literal.toString().trim().slice(1, -1),
      }));
    });
}
