import { cutToWidth, displayWidth } from './display-width';

export interface TextColumn {
  readonly title: string;
  /** Numbers stand on the right. */
  readonly align?: 'left' | 'right';
  /** Cut where the table is wider than it may be; without any such column it is never cut. */
  readonly flexible?: boolean;
}

const GAP = '  ';
const NARROWEST = 8;

/**
 * Rows of text under their titles, one string a line, without trailing spaces.
 *
 * @param width columns of the terminal
 */
export function textTable(
  columns: readonly TextColumn[],
  rows: readonly (readonly string[])[],
  width = Number.POSITIVE_INFINITY,
): string[] {
  const cells = rows.map((row) => columns.map((_column, index) => oneLine(row[index] ?? '')));
  const lines = [columns.map(({ title }) => title), ...cells];
  const natural = columns.map((_column, index) => Math.max(...lines.map((line) => displayWidth(line[index] ?? ''))));
  const widths = fitted(columns, natural, width);
  const rule = widths.map((each) => '─'.repeat(each));
  const [titles = [], ...body] = lines;
  return [titles, rule, ...body].map((line) =>
    columns
      .map(({ align }, index) => padded(line[index] ?? '', widths[index] ?? 0, align))
      .join(GAP)
      .trimEnd(),
  );
}

function fitted(columns: readonly TextColumn[], natural: readonly number[], width: number): number[] {
  const widths = [...natural];
  let excess = widths.reduce((sum, each) => sum + each, 0) + GAP.length * (columns.length - 1) - width;
  while (excess > 0) {
    const [widest] = [...widths.keys()]
      .filter((index) => columns[index]?.flexible && (widths[index] ?? 0) > NARROWEST)
      .sort((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0));
    if (widest === undefined) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess -= 1;
  }
  return widths;
}

function padded(text: string, width: number, align: TextColumn['align']): string {
  const cut = cutToWidth(text, width);
  const space = ' '.repeat(width - displayWidth(cut));
  return align === 'right' ? `${space}${cut}` : `${cut}${space}`;
}

/** What a stored text holds must not break the table nor move the cursor. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
}
