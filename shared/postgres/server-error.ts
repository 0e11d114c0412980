import { isError } from '../logging/is-error';

/** What PostgreSQL answered, as pg throws it, and nothing that may quote data: no detail, no hint, no query. */
export interface ServerError {
  /** https://www.postgresql.org/docs/current/errcodes-appendix.html */
  readonly sqlState: string;
  /** ERROR: the transaction is lost. FATAL, PANIC: the connection too. */
  readonly severity: string;
  /** In the server's words, which may quote a row's values unless it is about rights, names or the server itself. */
  readonly message: string;
  readonly table: string | undefined;
  readonly column: string | undefined;
  readonly constraint: string | undefined;
  /** Where in a COPY it was, the header being line 1. */
  readonly copied: { readonly line: number; readonly column: string | undefined } | undefined;
}

/** Reads what pg threw without trusting any of it; undefined where it is no answer of a server. */
export function serverError(error: unknown): ServerError | undefined {
  if (!isError(error)) return undefined;
  const sqlState = text(error, 'code');
  const severity = text(error, 'severity');
  if (sqlState === undefined || severity === undefined || !/^[0-9A-Z]{5}$/.test(sqlState)) return undefined;
  return {
    sqlState,
    severity,
    message: error.message,
    table: text(error, 'table'),
    column: text(error, 'column'),
    constraint: text(error, 'constraint'),
    copied: placeInCopy(text(error, 'where')),
  };
}

/** `COPY incoming_videos, line 3, column duration: "…"`, whose end is data. */
function placeInCopy(where: string | undefined): ServerError['copied'] {
  const [, line, column] = /^COPY \w+, line (\d+)(?:, column (\w+))?/.exec(where ?? '') ?? [];
  return line === undefined ? undefined : { line: Number(line), column };
}

function text(error: Error, name: string): string | undefined {
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
