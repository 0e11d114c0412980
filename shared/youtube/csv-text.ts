import { type Options, stringify } from 'csv-stringify/sync';
import type { CsvRow } from './csv-rows';

/**
 * RFC 4180, as PostgreSQL's `COPY … (FORMAT csv)` reads it: null is an empty field, an empty text a quoted one, and whatever
 * holds a quote, a comma or either half of a line break is quoted. Nothing is altered, a leading `=` neither: a spreadsheet that runs
 * it as a formula is told to read the column as text.
 */
const OPTIONS: Options = {
  // Between rows; COPY takes what the first line ends with for all, and within quotes anything.
  record_delimiter: '\r\n',
  // Without it a lone CR or LF would stand unquoted, as the delimiter is given.
  quote_record_delimiter: true,
  // Only of empty texts: `quoted_empty` would quote null as well.
  quoted_match: /^$/u,
};

/** The lines of some rows, each with its line break. */
export function csvText(rows: readonly CsvRow[]): string {
  return stringify([...rows], OPTIONS);
}
