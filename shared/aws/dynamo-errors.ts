import { BatchError, type FailureKind, MetadataError, type MetadataErrorCode } from '../errors';
import { describe, harmlessCause } from '../service-failure';
import { type AwsFailure, awsFailure, CLOCK_ADVICE, CREDENTIAL_ADVICE } from './aws-errors';
import { type JsonServiceTrouble, jsonServiceTrouble } from './json-service-trouble';

/** What was being done when an error came up. */
export interface DynamoCall {
  /** A sentence's beginning: `Reading "TENANT#a" / "USER#b"`. */
  readonly action: string;
  /** The table, for people. */
  readonly store: string;
}

interface Meaning {
  readonly code: MetadataErrorCode;
  readonly kind: FailureKind;
  readonly advice?: string;
  /** Whether what the service says may be told: about credentials it repeats what it was sent. */
  readonly tellsWhy?: boolean;
}

const UNAVAILABLE: Meaning = { code: 'metadata_unavailable', kind: 'transient' };

const BY_TROUBLE: Readonly<Record<JsonServiceTrouble, Meaning>> = {
  connection: { code: 'metadata_connection_lost', kind: 'transient' },
  certificate: {
    code: 'metadata_connection_lost',
    kind: 'configuration',
    advice: 'Check the address, and which certificate authorities this machine trusts.',
  },
  credentials: {
    code: 'metadata_access_denied',
    kind: 'configuration',
    advice: CREDENTIAL_ADVICE,
  },
  clock: { code: 'metadata_access_denied', kind: 'configuration', advice: CLOCK_ADVICE },
  denied: {
    code: 'metadata_access_denied',
    kind: 'configuration',
    advice: 'Allow the role dynamodb:GetItem, dynamodb:Query and dynamodb:PutItem on the table.',
    tellsWhy: true,
  },
  throttled: { code: 'metadata_throttled', kind: 'transient' },
  timeout: { code: 'metadata_timeout', kind: 'transient' },
  unavailable: UNAVAILABLE,
  refused: { code: 'metadata_request_invalid', kind: 'permanent', tellsWhy: true },
};

const NO_TABLE: Meaning = {
  code: 'metadata_not_found',
  kind: 'configuration',
  advice:
    'Create the table (partition key PK and sort key SK, both strings), or correct DYNAMODB_TABLE_NAME and AWS_DEFAULT_REGION.',
};

const OTHER_KEYS: Meaning = {
  code: 'metadata_request_invalid',
  kind: 'configuration',
  advice: 'The table must have the partition key PK and the sort key SK, both strings, as DYNAMODB_TABLE_NAME expects.',
  tellsWhy: true,
};

/** DynamoDB's own codes (API reference of GetItem, Query and PutItem, "Errors"). */
const BY_CODE: Readonly<Record<string, Meaning>> = {
  ResourceNotFoundException: NO_TABLE,
  // Another writer's transaction, or another region's write, was at the same item.
  TransactionConflictException: UNAVAILABLE,
  ReplicatedWriteConflictException: UNAVAILABLE,
};

/** Whether a put was refused because its condition does not hold. */
export function isBrokenCondition(error: unknown): boolean {
  return awsFailure(error).code === 'ConditionalCheckFailedException';
}

/** Translates whatever a call of DynamoDB threw. What is already of the family passes as it is. */
export function toDynamoError(error: unknown, call: DynamoCall): BatchError {
  if (error instanceof BatchError) return error;
  const failure = awsFailure(error);
  const said = describe(error);
  const { code, kind, advice, tellsWhy = false } = meaningOf(failure, said);
  const why = failure.status !== undefined && tellsWhy ? `: ${said}` : '';
  const message = `${call.action} in ${call.store} ${failure.what}${why}`.replace(/\.?$/, '.');
  return new MetadataError(advice === undefined ? message : `${message} ${advice}`, {
    code,
    kind,
    cause: harmlessCause(error),
    retryAfterMs: kind === 'transient' ? failure.retryAfterMs : undefined,
  });
}

/** The error of a call that took longer than it may. */
export function dynamoTimeout(call: DynamoCall, timeoutMs: number): MetadataError {
  return new MetadataError(`${call.action} in ${call.store} was given up after ${timeoutMs} ms.`, {
    code: 'metadata_timeout',
    kind: 'transient',
  });
}

function meaningOf(failure: AwsFailure, said: string): Meaning {
  const trouble = jsonServiceTrouble(failure, said);
  if (trouble !== 'refused') return BY_TROUBLE[trouble];
  const { code = '' } = failure;
  const isOfKeys = /key element does not match the schema|missing the key|key schema element/i;
  if (code === 'ValidationException' && isOfKeys.test(said)) return OTHER_KEYS;
  return BY_CODE[code] ?? BY_TROUBLE.refused;
}
