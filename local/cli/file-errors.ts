import { isError } from '../../shared/logging/is-error';

/** The code of an error of the file system (`ENOENT`), where it is one. */
export function fileErrorCode(error: unknown): string | undefined {
  return isError(error) && 'code' in error ? String(error.code) : undefined;
}
