import { BatchError } from '../errors';
import type { LogDimensions } from '../ports/log';
import { isError } from './is-error';

const LONGEST_CHAIN = 8;

/**
 * An error as the dimensions of a log line: `error_name`, `error_code`, `error_kind`, `error_message`, its causes from the
 * nearest to the root in `error_cause`, and, for an error outside of the family (a defect), `error_stack`. Secrets are
 * masked by the log that gets them.
 */
export function errorDimensions(error: unknown): LogDimensions {
  const causes = chain(error).map(describe).join(' <- ');
  return {
    error_name: isError(error) ? error.name : typeof error,
    error_code: codeOf(error),
    error_kind: error instanceof BatchError ? error.kind : undefined,
    error_message: isError(error) ? error.message : String(error),
    error_cause: causes === '' ? undefined : causes,
    error_stack: isError(error) && !(error instanceof BatchError) ? error.stack : undefined,
  };
}

/** The causes of an error, nearest first. Of several at once (AggregateError, as a failed connection gives) each is one. */
function chain(error: unknown): unknown[] {
  const found: unknown[] = [];
  const open = causesOf(error);
  while (found.length < LONGEST_CHAIN) {
    const next = open.shift();
    if (next === undefined) break;
    if (next === error || found.includes(next)) continue;
    found.push(next);
    open.push(...causesOf(next));
  }
  return found;
}

function causesOf(error: unknown): unknown[] {
  if (!isError(error)) return [];
  const several: unknown[] = error instanceof AggregateError ? error.errors : [];
  return error.cause === undefined || error.cause === null ? [...several] : [error.cause, ...several];
}

function describe(error: unknown): string {
  if (!isError(error)) return String(error);
  const code = codeOf(error);
  return `${error.name}${code === undefined ? '' : ` (${code})`}: ${error.message}`;
}

/** The code of the family, of Node (`ECONNRESET`) or of a service's client. */
function codeOf(error: unknown): string | number | undefined {
  const code = isError(error) && 'code' in error ? error.code : undefined;
  return typeof code === 'string' || typeof code === 'number' ? code : undefined;
}
