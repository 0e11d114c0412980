/** A piece of a statement. Quotes are taken off names and texts, and what was escaped in them stands as it is. */
export interface Token {
  readonly kind: 'name' | 'text' | 'word' | 'mark';
  readonly value: string;
}

const PIECES =
  /--[^\n]*|\s+|`(?<backticked>(?:[^`]|``)*)`|\[(?<bracketed>(?:[^\]]|\]\])*)\]|"(?<quoted>(?:[^"]|"")*)"|'(?<text>(?:[^']|'')*)'|(?<word>[A-Za-z0-9_.$]+)|(?<mark>=>|\|\||[^\s])/gy;

/** The tokens of a script, without comments. @throws Error where a quote is not closed */
export function tokensOf(sql: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (const { 0: piece, groups = {}, index } of sql.matchAll(PIECES)) {
    if (index !== at) throw new Error(`What is at ${at}? ${sql.slice(at, at + 40)}`);
    at += piece.length;
    const { backticked, bracketed, quoted, text, word, mark } = groups;
    if (backticked !== undefined) tokens.push({ kind: 'name', value: backticked.replaceAll('``', '`') });
    else if (bracketed !== undefined) tokens.push({ kind: 'name', value: bracketed.replaceAll(']]', ']') });
    else if (quoted !== undefined) tokens.push({ kind: 'name', value: quoted.replaceAll('""', '"') });
    else if (text !== undefined) tokens.push({ kind: 'text', value: text.replaceAll("''", "'") });
    else if (word !== undefined) tokens.push({ kind: 'word', value: word });
    else if (mark !== undefined) {
      if (`'"\``.includes(mark)) throw new Error(`A quote is not closed: ${sql.slice(index, index + 40)}`);
      tokens.push({ kind: 'mark', value: mark });
    }
  }
  return tokens;
}

/** Statements without their semicolons; a `GO` between them is none. */
export function statementsOf(sql: string): Token[][] {
  const statements: Token[][] = [[]];
  for (const token of tokensOf(sql)) {
    if (token.kind === 'mark' && token.value === ';') statements.push([]);
    else if (!(token.kind === 'word' && token.value === 'GO')) statements.at(-1)?.push(token);
  }
  return statements.filter((tokens) => tokens.length > 0);
}

export interface ListedColumn {
  readonly name: string;
  readonly type: string;
}

/** The columns between the parenthesis at `open` and the one that closes it: each a quoted name, and its type. */
export function columnsAt(tokens: readonly Token[], open: number): ListedColumn[] {
  const columns: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens.slice(open)) {
    const { kind, value } = token;
    if (kind === 'mark' && value === ')') depth -= 1;
    if (depth === 0 && columns[0]?.length !== 0) break;
    if (kind === 'mark' && value === ',' && depth === 1) columns.push([]);
    else if (depth > 0) columns.at(-1)?.push(token);
    if (kind === 'mark' && value === '(') depth += 1;
  }
  return columns.map(([name, ...type]) => {
    if (name?.kind !== 'name') throw new Error(`A column's name is not quoted: ${name?.value}`);
    return { name: name.value, type: typeText(type) };
  });
}

function typeText(tokens: readonly Token[]): string {
  return tokens
    .map(({ value }) => value)
    .join(' ')
    .replace(/ ?([()]) ?/g, '$1')
    .replace(/\)(?=\w)/g, ') ');
}

/** Where the first parenthesis behind the word or name opens. */
export function openBehind(tokens: readonly Token[], value: string): number {
  const from = tokens.findIndex((token) => token.value === value);
  if (from === -1) throw new Error(`There is no ${value}.`);
  return tokens.findIndex((token, index) => index > from && token.kind === 'mark' && token.value === '(');
}

/** What a script does whatever its texts and names are. */
export function shapeOf(sql: string): string {
  return tokensOf(sql)
    .map(({ kind, value }) => (kind === 'text' || kind === 'name' ? kind : value))
    .join(' ');
}
