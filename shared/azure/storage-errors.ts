import { BatchError, type FailureKind, StorageError, type StorageErrorCode } from '../errors';
import { type AnswerHeaders, retryAfterMs } from '../retry/retry-after';
import { describe, errorCode, harmlessCause, property, statusOf, transportFailure } from '../service-failure';
import type { StorageCall } from '../storage-call';

interface Meaning {
  readonly code: StorageErrorCode;
  readonly kind: FailureKind;
  readonly advice?: string;
}

const ACCESS_ADVICE =
  'Check that the identity has the role "Storage Blob Data Contributor" on it, that the key or shared access signature ' +
  "is the account's and has not expired, that this machine's clock is right, and that the account's firewall lets this host in.";

const TRANSIENT_CONNECTION: Meaning = { code: 'storage_connection_lost', kind: 'transient' };

/** Azure's error codes that say more than the status they come with (learn.microsoft.com, "Blob Storage error codes"). */
const BY_ERROR_CODE: Readonly<Record<string, Meaning>> = {
  BlobNotFound: { code: 'object_not_found', kind: 'permanent' },
  ContainerNotFound: containerMissing(),
  FilesystemNotFound: containerMissing(),
  ContainerBeingDeleted: { code: 'storage_unavailable', kind: 'transient' },
  ContainerDisabled: containerMissing(),
  BlobAlreadyExists: { code: 'precondition_failed', kind: 'permanent' },
  ConditionNotMet: { code: 'precondition_failed', kind: 'permanent' },
  TargetConditionNotMet: { code: 'precondition_failed', kind: 'permanent' },
  ServerBusy: { code: 'storage_throttled', kind: 'transient' },
  OperationTimedOut: { code: 'storage_timeout', kind: 'transient' },
  InvalidResourceName: {
    code: 'storage_request_invalid',
    kind: 'configuration',
    advice: 'Container names are 3 to 63 lower-case letters, digits and single hyphens.',
  },
};

function containerMissing(): Meaning {
  return {
    code: 'container_not_found',
    kind: 'configuration',
    advice: 'Create the container, or correct the setting that names it.',
  };
}

/** Translates whatever a Blob Storage call threw. What is already of the family passes as it is. */
export function toStorageError(error: unknown, call: StorageCall): BatchError {
  if (error instanceof BatchError) return error;
  const transport = transportFailure(error);
  const status = statusOf(error);
  if (transport === 'credential' || transport === 'credential_service') {
    return credentialError(error, call, transport === 'credential');
  }
  // An answer that came well and could not be read has the status that it came with.
  if (status === undefined || status < 400) {
    return storageError(error, call, meaningWithoutAnswer(transport), `failed: ${describe(error)}`);
  }
  const azureCode = azureErrorCode(error);
  const what = [String(status), azureCode].filter((part) => part !== undefined).join(' ');
  return storageError(error, call, meaningOf(status, azureCode, call), `was answered with ${what}${requestId(error)}`);
}

function meaningOf(status: number, azureCode: string | undefined, call: StorageCall): Meaning {
  const known = azureCode === undefined ? undefined : BY_ERROR_CODE[azureCode];
  if (known !== undefined) return known;
  if (status === 401 || status === 403) return { code: 'access_denied', kind: 'configuration', advice: ACCESS_ADVICE };
  if (status === 404) return call.ofObject ? { code: 'object_not_found', kind: 'permanent' } : containerMissing();
  if (status === 408) return { code: 'storage_timeout', kind: 'transient' };
  if (status === 429) return { code: 'storage_throttled', kind: 'transient' };
  if (status >= 500 && status !== 501) return { code: 'storage_unavailable', kind: 'transient' };
  return { code: 'storage_request_invalid', kind: 'permanent' };
}

function meaningWithoutAnswer(transport: ReturnType<typeof transportFailure>): Meaning {
  if (transport === 'connection') return TRANSIENT_CONNECTION;
  if (transport === 'certificate') {
    const advice = 'Check the address, and which certificate authorities this machine trusts.';
    return { code: 'storage_connection_lost', kind: 'configuration', advice };
  }
  return { code: 'storage_request_invalid', kind: 'permanent' };
}

function credentialError(error: unknown, call: StorageCall, isConfiguration: boolean): StorageError {
  const meaning: Meaning = isConfiguration
    ? {
        code: 'access_denied',
        kind: 'configuration',
        advice:
          'On Azure, give the app a managed identity (and AZURE_CLIENT_ID, where it has several); elsewhere, sign in ' +
          'with "az login" or use a connection string.',
      }
    : { code: 'storage_unavailable', kind: 'transient' };
  return storageError(error, call, meaning, `failed: no access token could be got (${describe(error)})`);
}

function storageError(error: unknown, call: StorageCall, { code, kind, advice }: Meaning, what: string): StorageError {
  const message = `${call.action} in ${call.store} ${what.replace(/\.$/, '')}.`;
  return new StorageError(advice === undefined ? message : `${message} ${advice}`, {
    code,
    kind,
    cause: error === undefined ? undefined : harmlessCause(error),
    retryAfterMs: kind === 'transient' ? askedToWait(error) : undefined,
  });
}

/** The code stands in a header, also on answers to HEAD, which have no body; RestError copies it from a body only. */
function azureErrorCode(error: unknown): string | undefined {
  return headersOf(error)?.get('x-ms-error-code') ?? errorCode(error);
}

function requestId(error: unknown): string {
  const id = headersOf(error)?.get('x-ms-request-id');
  return id === undefined ? '' : ` (request ${id})`;
}

function askedToWait(error: unknown): number | undefined {
  const headers = headersOf(error);
  return headers === undefined ? undefined : retryAfterMs(headers);
}

function headersOf(error: unknown): AnswerHeaders | undefined {
  const headers = property(property(error, 'response'), 'headers');
  return isHeaders(headers) ? headers : undefined;
}

function isHeaders(value: unknown): value is AnswerHeaders {
  return typeof property(value, 'get') === 'function';
}
