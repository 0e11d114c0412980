import { BatchError, type FailureKind, StorageError, type StorageErrorCode } from '../errors';
import { isError } from '../logging/is-error';

const MEANINGS: Readonly<Record<string, { code: StorageErrorCode; kind: FailureKind; advice: string }>> = {
  EACCES: { code: 'access_denied', kind: 'configuration', advice: 'Give this process the right to use the folder.' },
  EPERM: { code: 'access_denied', kind: 'configuration', advice: 'Give this process the right to use the folder.' },
  EROFS: { code: 'access_denied', kind: 'configuration', advice: 'The file system is mounted read-only.' },
  ENOSPC: { code: 'storage_unavailable', kind: 'configuration', advice: 'The disk is full.' },
  EDQUOT: { code: 'storage_unavailable', kind: 'configuration', advice: "The user's disk quota is used up." },
  EMFILE: { code: 'storage_unavailable', kind: 'transient', advice: 'Too many files are open.' },
  ENFILE: { code: 'storage_unavailable', kind: 'transient', advice: 'Too many files are open.' },
  EBUSY: { code: 'storage_unavailable', kind: 'transient', advice: 'The file is in use.' },
  EAGAIN: { code: 'storage_unavailable', kind: 'transient', advice: 'The file is in use.' },
  EIO: { code: 'storage_unavailable', kind: 'transient', advice: 'The disk could not be read or written.' },
  EISDIR: conflict(),
  ENOTDIR: conflict(),
  EEXIST: conflict(),
};

function conflict(): { code: StorageErrorCode; kind: FailureKind; advice: string } {
  return {
    code: 'storage_request_invalid',
    kind: 'permanent',
    advice: 'In a folder, a key cannot be an object and the beginning of other keys at once.',
  };
}

/** Translates whatever a call of the file system threw. What is already of the family passes as it is. */
export function toFolderError(error: unknown, action: string, folder: string): BatchError {
  if (error instanceof BatchError) return error;
  const code = errnoOf(error);
  const known = code === undefined ? undefined : MEANINGS[code];
  const reason = code ?? (isError(error) ? error.message : String(error));
  const { code: meaning, kind, advice } = known ?? { code: 'storage_request_invalid', kind: 'permanent', advice: '' };
  return new StorageError(`${action} in ${folder} failed: ${reason}. ${advice}`.trimEnd(), {
    code: meaning,
    kind,
    cause: error,
  });
}

/** The system's name of an error (`ENOENT`), if it came from the system. */
export function errnoOf(error: unknown): string | undefined {
  return isError(error) && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** For `catch`: nothing where the file is not there. */
export function unlessMissing(error: unknown): undefined {
  if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return undefined;
  throw error;
}
