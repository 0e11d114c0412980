import { BatchError, DatabaseError } from '../errors';
import { isError } from '../logging/is-error';
import { type Meaning, meaningOfState, meaningOfTransport, REQUEST_INVALID } from './failure-meanings';
import { type ServerError, serverError } from './server-error';

/** What was being done when an error came up. */
export interface DatabaseCall {
  /** A sentence's beginning: `Loading the catalogue of acme`. */
  readonly action: string;
  /** The database's name, for people. */
  readonly database: string;
}

/**
 * Translates whatever a call of pg threw. What is already of the family passes as it is. PostgreSQL quotes rows in its messages and
 * details: neither they nor the error itself, which holds them, go any further unless they can hold none.
 */
export function toDatabaseError(error: unknown, call: DatabaseCall): BatchError {
  if (error instanceof BatchError) return error;
  const answer = serverError(error);
  if (answer !== undefined) return databaseError(error, call, meaningOfState(answer.sqlState), wordsOf(answer));
  const code = codeOf(error);
  const message = isError(error) ? error.message : '';
  const meaning = meaningOfTransport(code, message);
  // Node's and pg's own errors tell of files, sockets and certificates, never of rows; others could tell of anything.
  if (meaning !== undefined) return databaseError(error, call, meaning, message === '' ? (code ?? '') : message);
  return databaseError(error, call, REQUEST_INVALID, code ?? (isError(error) ? error.name : typeof error));
}

function databaseError(error: unknown, call: DatabaseCall, meaning: Meaning, what: string): DatabaseError {
  const message = `${call.action} in ${call.database} failed: ${what.replace(/\.$/, '')}.`;
  return new DatabaseError(meaning.advice === undefined ? message : `${message} ${meaning.advice}`, {
    code: meaning.code,
    kind: meaning.kind,
    cause: harmlessCause(error),
  });
}

function wordsOf(answer: ServerError): string {
  const { sqlState, table, column, constraint, copied } = answer;
  const places = [
    table === undefined ? undefined : `table ${table}`,
    column === undefined ? undefined : `column ${column}`,
    constraint === undefined ? undefined : `constraint ${constraint}`,
    copied === undefined ? undefined : `line ${copied.line}`,
    copied?.column === undefined ? undefined : `column ${copied.column}`,
    `SQLSTATE ${sqlState}`,
  ].filter((place) => place !== undefined);
  const what = meaningOfState(sqlState).quotable ? answer.message : whatIsWrong(sqlState);
  return `${what} (${places.join(', ')})`;
}

/** For answers whose own words may hold data. */
function whatIsWrong(sqlState: string): string {
  switch (sqlState) {
    case '23502':
      return 'a value is missing that must be there';
    case '23503':
      return 'a row refers to one that is not there';
    case '23505':
      return 'a key is there twice';
    case '23514':
      return 'a value is none of those that are allowed';
    case '22P04':
      return 'a CSV file is not as it must be: its header, its number of fields or its quotes';
  }
  const { code } = meaningOfState(sqlState);
  if (code === 'database_value_invalid') return 'a value does not fit its column';
  if (code === 'database_conflict') return 'another transaction was in the way';
  return 'the server did not take a statement';
}

/** An error to be the `cause` of another one, without what pg hangs on its errors: details, hints and queries hold rows. */
function harmlessCause(error: unknown): Error {
  const name = isError(error) ? error.name : 'Error';
  const code = codeOf(error);
  const cause = new Error(code === undefined ? name : `${name} ${code}`);
  cause.stack = `${cause.message}${isError(error) ? framesOf(error) : ''}`;
  return cause;
}

/** A stack begins with the message, which may go over several lines and hold anything. */
function framesOf({ message, stack = '' }: Error): string {
  const begin = message === '' ? 0 : stack.indexOf(message) + message.length;
  const frames = stack
    .slice(begin)
    .split('\n')
    .filter((line) => /^\s+at /.test(line));
  return frames.map((frame) => `\n${frame}`).join('');
}

/** The string that names the kind of an error: a SQLSTATE, or one of Node's codes. */
export function codeOf(error: unknown): string | undefined {
  const code: unknown = isError(error) ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' && code !== '' ? code : undefined;
}
