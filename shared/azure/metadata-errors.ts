import { BatchError, type FailureKind, MetadataError, type MetadataErrorCode } from '../errors';
import { type AnswerHeaders, retryAfterMs } from '../retry/retry-after';
import { describe, harmlessCause, property, statusOf, transportFailure } from '../service-failure';

/** What was being done when an error came up. */
export interface MetadataCall {
  /** A sentence's beginning: `Reading TENANT#a / USER#b`. */
  readonly action: string;
  /** The account's address, database and container. */
  readonly store: string;
}

interface Meaning {
  readonly code: MetadataErrorCode;
  readonly kind: FailureKind;
  readonly advice?: string;
}

const NOT_FOUND: Meaning = {
  code: 'metadata_not_found',
  kind: 'configuration',
  advice:
    'Create the database and the container (partition key /PK), or correct COSMOS_DATABASE_NAME and COSMOS_CONTAINER_NAME.',
};

const ACCESS_DENIED: Meaning = {
  code: 'metadata_access_denied',
  kind: 'configuration',
  advice:
    'Check that COSMOS_KEY is a key of this account or, without a key, that the identity has the role "Cosmos DB ' +
    'Built-in Data Contributor" on it, and that the account\'s firewall lets this host in.',
};

/** 404 with this substatus: a replica has not yet seen what this client wrote (learn.microsoft.com, "Cosmos DB 404"). */
const READ_SESSION_NOT_AVAILABLE = 1002;

const UNAVAILABLE: Meaning = { code: 'metadata_unavailable', kind: 'transient' };

/** By HTTP status (learn.microsoft.com, "HTTP status codes for Azure Cosmos DB"). */
const BY_STATUS: Readonly<Record<number, Meaning>> = {
  401: ACCESS_DENIED,
  403: ACCESS_DENIED,
  404: NOT_FOUND,
  408: { code: 'metadata_timeout', kind: 'transient' },
  409: { code: 'metadata_precondition_failed', kind: 'permanent' },
  // A partition was moved or split while the request was on its way.
  410: UNAVAILABLE,
  412: { code: 'metadata_precondition_failed', kind: 'permanent' },
  429: { code: 'metadata_throttled', kind: 'transient' },
  // A write met another one in the store itself: "retry with".
  449: UNAVAILABLE,
};

/** Translates whatever a Cosmos DB call threw. What is already of the family passes as it is. */
export function toMetadataError(error: unknown, call: MetadataCall): BatchError {
  if (error instanceof BatchError) return error;
  const transport = transportFailure(error);
  const status = statusOf(error);
  if (transport === 'credential' || transport === 'credential_service') {
    const meaning = transport === 'credential' ? ACCESS_DENIED : UNAVAILABLE;
    return metadataError(error, call, meaning, `failed: no access token could be got (${describe(error)})`);
  }
  if (status === undefined || status < 400) {
    // The SDK parses answers without looking at where they end: JSON that is none was cut off on its way.
    const lost = transport ?? (error instanceof SyntaxError ? 'connection' : undefined);
    return metadataError(error, call, withoutAnswer(lost), `failed: ${describe(error)}`);
  }
  return metadataError(error, call, meaningOf(status, error), `was answered with ${status}${detailOf(status, error)}`);
}

/** The error of a call that took longer than it may. */
export function metadataTimeout(call: MetadataCall, timeoutMs: number): MetadataError {
  return new MetadataError(`${call.action} in ${call.store} was given up after ${timeoutMs} ms.`, {
    code: 'metadata_timeout',
    kind: 'transient',
  });
}

function meaningOf(status: number, error: unknown): Meaning {
  if (status === 404 && !isMissing(error)) return UNAVAILABLE;
  const known = BY_STATUS[status];
  if (known !== undefined) return known;
  if (status >= 500 && status !== 501) return UNAVAILABLE;
  return { code: 'metadata_request_invalid', kind: 'permanent' };
}

/** Whether what a call was about is not there: the item, its container or its database. */
export function isMissing(error: unknown): boolean {
  return statusOf(error) === 404 && property(error, 'substatus') !== READ_SESSION_NOT_AVAILABLE;
}

function withoutAnswer(transport: ReturnType<typeof transportFailure>): Meaning {
  if (transport === 'connection') return { code: 'metadata_connection_lost', kind: 'transient' };
  if (transport === 'certificate') {
    const advice = 'Check the address, and which certificate authorities this machine trusts.';
    return { code: 'metadata_connection_lost', kind: 'configuration', advice };
  }
  return { code: 'metadata_request_invalid', kind: 'permanent' };
}

function metadataError(error: unknown, call: MetadataCall, meaning: Meaning, what: string): MetadataError {
  const message = `${call.action} in ${call.store} ${what.replace(/\.$/, '')}.`;
  return new MetadataError(meaning.advice === undefined ? message : `${message} ${meaning.advice}`, {
    code: meaning.code,
    kind: meaning.kind,
    cause: harmlessCause(error),
    retryAfterMs: meaning.kind === 'transient' ? askedToWait(error) : undefined,
  });
}

/** What the service said about a request that it did not take; about the others, its number for support. */
function detailOf(status: number, error: unknown): string {
  const substatus = property(error, 'substatus');
  const activity = property(error, 'activityId');
  const facts = [
    typeof substatus === 'number' ? `substatus ${substatus}` : undefined,
    typeof activity === 'string' ? `activity ${activity}` : undefined,
    status === 400 || status === 413 ? describe(error) : undefined,
  ].filter((fact) => fact !== undefined);
  return facts.length === 0 ? '' : ` (${facts.join(', ')})`;
}

/** The SDK hands out a plain record of headers. */
function askedToWait(error: unknown): number | undefined {
  const record = property(error, 'headers');
  const headers: AnswerHeaders = {
    get: (name) => {
      const value = property(record, name);
      return value === undefined ? undefined : String(value);
    },
  };
  return retryAfterMs(headers);
}
