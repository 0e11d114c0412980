import { formatCount } from './figures';
import { textTable } from './text-table';

/** A query and what it came to. Rows hold JSON values: text, numbers, null. */
export interface QueryResult {
  readonly sql: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** The query as it can be run, and its rows as a table. */
export function queryLines({ sql, columns, rows }: QueryResult, width?: number): string[] {
  const isNumber = (index: number) => rows.every((row) => typeof row[index] === 'number');
  const titles = columns.map((title, index) => ({
    title,
    align: isNumber(index) ? ('right' as const) : ('left' as const),
    flexible: !isNumber(index),
  }));
  const cells = rows.map((row) => row.map((value) => (typeof value === 'number' ? formatCount(value) : (value ?? ''))));
  return [...sql.split('\n'), '', ...textTable(titles, cells, width)];
}
