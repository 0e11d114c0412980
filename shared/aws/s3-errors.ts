import { BatchError, type FailureKind, StorageError, type StorageErrorCode } from '../errors';
import { harmlessCause, property } from '../service-failure';
import type { StorageCall } from '../storage-call';
import {
  type AwsFailure,
  answerHeaders,
  awsFailure,
  CLOCK_ADVICE,
  CREDENTIAL_ADVICE,
  isClockSkew,
  isCredentialRefusal,
  isThrottling,
} from './aws-errors';

interface Meaning {
  readonly code: StorageErrorCode;
  readonly kind: FailureKind;
  readonly advice?: string;
}

/** S3's error codes that say more than the status they come with (Amazon S3 API reference, "Error responses"). */
const BY_ERROR_CODE: Readonly<Record<string, Meaning>> = {
  NoSuchKey: { code: 'object_not_found', kind: 'permanent' },
  NoSuchBucket: bucketMissing(),
  PreconditionFailed: { code: 'precondition_failed', kind: 'permanent' },
  // Another write or delete of the same object was under way; nothing was written, and the same may be tried again.
  ConditionalRequestConflict: { code: 'storage_unavailable', kind: 'transient' },
  OperationAborted: { code: 'storage_unavailable', kind: 'transient' },
  // An upload in parts that somebody else has ended: the next try begins another.
  NoSuchUpload: { code: 'storage_unavailable', kind: 'transient' },
  RequestTimeout: { code: 'storage_timeout', kind: 'transient' },
  // A body that came otherwise than it was sent.
  BadDigest: { code: 'storage_connection_lost', kind: 'transient' },
  IncompleteBody: { code: 'storage_connection_lost', kind: 'transient' },
  XAmzContentChecksumMismatch: { code: 'storage_connection_lost', kind: 'transient' },
  XAmzContentSHA256Mismatch: { code: 'storage_connection_lost', kind: 'transient' },
  // A bucket that was made a moment ago is not known everywhere yet.
  TemporaryRedirect: { code: 'storage_unavailable', kind: 'transient' },
  InvalidObjectState: {
    code: 'storage_request_invalid',
    kind: 'configuration',
    advice: 'The object is in an archive storage class: restore it, or let the lifecycle rule leave this prefix alone.',
  },
  InvalidBucketName: {
    code: 'storage_request_invalid',
    kind: 'configuration',
    advice: 'Bucket names are 3 to 63 lower-case letters, digits, dots and hyphens.',
  },
};

const ACCESS_ADVICE =
  'Check that the role may do it here: s3:GetObject, s3:PutObject, s3:DeleteObject and s3:AbortMultipartUpload on the objects, s3:ListBucket on ' +
  'the bucket (without it, objects that are not there are refused, too), the key of an encrypted bucket, and no policy that denies it.';

/** What answers with these come of: a bucket that is in another region than the settings say. */
const WRONG_REGION = new Set([
  'PermanentRedirect',
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
]);

function bucketMissing(): Meaning {
  return {
    code: 'container_not_found',
    kind: 'configuration',
    advice: 'Create the bucket, or correct S3_BUCKET_NAME.',
  };
}

/** Translates whatever a call of S3 threw. What is already of the family passes as it is. */
export function toS3Error(error: unknown, call: StorageCall): BatchError {
  if (error instanceof BatchError) return error;
  const failure = awsFailure(error);
  const meaning = failure.status === undefined ? meaningWithoutAnswer(failure) : meaningOf(failure, error, call);
  const { code, kind, advice } = meaning;
  const message = `${call.action} in ${call.store} ${failure.what.replace(/\.$/, '')}.`;
  return new StorageError(advice === undefined ? message : `${message} ${advice}`, {
    code,
    kind,
    cause: harmlessCause(error),
    retryAfterMs: kind === 'transient' ? failure.retryAfterMs : undefined,
  });
}

function meaningOf(failure: AwsFailure, error: unknown, call: StorageCall): Meaning {
  const { status = 0, code = '' } = failure;
  if (isThrottling(failure)) return { code: 'storage_throttled', kind: 'transient' };
  const known = Object.hasOwn(BY_ERROR_CODE, code) ? BY_ERROR_CODE[code] : undefined;
  if (known !== undefined) return known;
  if (isClockSkew(code)) return { code: 'storage_unavailable', kind: 'transient', advice: CLOCK_ADVICE };
  if (isCredentialRefusal(code)) {
    return { code: 'access_denied', kind: 'configuration', advice: `${CREDENTIAL_ADVICE} ${CLOCK_ADVICE}` };
  }
  if (status === 301 || WRONG_REGION.has(code)) return wrongRegion(error);
  if (status === 401 || status === 403 || code.startsWith('KMS.')) {
    return { code: 'access_denied', kind: 'configuration', advice: ACCESS_ADVICE };
  }
  if (status === 404) return call.ofObject ? { code: 'object_not_found', kind: 'permanent' } : bucketMissing();
  if (status === 408) return { code: 'storage_timeout', kind: 'transient' };
  if (status === 412) return { code: 'precondition_failed', kind: 'permanent' };
  if (status === 307 || (status >= 500 && status !== 501)) return { code: 'storage_unavailable', kind: 'transient' };
  return { code: 'storage_request_invalid', kind: 'permanent' };
}

/** The answer says in a header or in its body where the bucket is. */
function wrongRegion(error: unknown): Meaning {
  const region = answerHeaders(error).get('x-amz-bucket-region') ?? property(error, 'Region');
  const where = typeof region === 'string' && /^[a-z0-9-]{1,40}$/.test(region) ? region : 'another region';
  return {
    code: 'storage_request_invalid',
    kind: 'configuration',
    advice: `The bucket is in ${where}: set AWS_DEFAULT_REGION to the region of the bucket.`,
  };
}

function meaningWithoutAnswer({ transport }: AwsFailure): Meaning {
  switch (transport) {
    case 'connection':
    case 'unreadable':
      return { code: 'storage_connection_lost', kind: 'transient' };
    case 'timeout':
      return { code: 'storage_timeout', kind: 'transient' };
    case 'credential_service':
      return { code: 'storage_unavailable', kind: 'transient' };
    case 'credentials':
    case 'credential':
      return { code: 'access_denied', kind: 'configuration', advice: CREDENTIAL_ADVICE };
    case 'certificate':
      return {
        code: 'storage_connection_lost',
        kind: 'configuration',
        advice: 'Check the address, and which certificate authorities this machine trusts.',
      };
    case undefined:
      return { code: 'storage_request_invalid', kind: 'permanent' };
  }
}
