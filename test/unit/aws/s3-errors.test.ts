import { inspect } from 'node:util';
import fc from 'fast-check';
import { isCredentialRefusal, isThrottling } from '../../../shared/aws/aws-errors';
import { toS3Error } from '../../../shared/aws/s3-errors';
import { StorageError } from '../../../shared/errors';

const CALL = { action: 'Reading "x"', store: 's3://chat', ofObject: true };
const SECRET = 'wJalrXUtnFEMI';

/** As smithy's clients throw it. */
function serviceError(name: string, status: number, more: object = {}): Error {
  return Object.assign(new Error('denied'), { name, $metadata: { httpStatusCode: status }, ...more });
}

test('whatever is thrown becomes a StorageError that says what was done and where, and nothing else of it', () => {
  const thrown = fc.oneof(
    fc.anything(),
    fc
      .tuple(
        fc.constantFrom('NoSuchKey', 'SlowDown', 'AccessDenied', '403', 'Unknown<>', ''),
        fc.integer({ min: 100, max: 599 }),
      )
      .map(([name, status]) => serviceError(name, status, { StringToSign: SECRET, AWSAccessKeyId: SECRET })),
  );
  fc.assert(
    fc.property(thrown, (given) => {
      const error = toS3Error(given, CALL);

      expect(error).toBeInstanceOf(StorageError);
      expect(error.message).toMatch(/^Reading "x" in s3:\/\/chat (failed|was answered)/);
      expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(SECRET);
    }),
  );
});

test.each([
  ['NoSuchKey', 404, 'object_not_found', 'permanent'],
  ['NotFound', 404, 'object_not_found', 'permanent'],
  ['NoSuchBucket', 404, 'container_not_found', 'configuration'],
  ['PreconditionFailed', 412, 'precondition_failed', 'permanent'],
  ['412', 412, 'precondition_failed', 'permanent'],
  ['ConditionalRequestConflict', 409, 'storage_unavailable', 'transient'],
  ['NoSuchUpload', 404, 'storage_unavailable', 'transient'],
  ['SlowDown', 503, 'storage_throttled', 'transient'],
  ['BadDigest', 400, 'storage_connection_lost', 'transient'],
  ['AccessDenied', 403, 'access_denied', 'configuration'],
  ['KMS.NotFoundException', 400, 'access_denied', 'configuration'],
  ['KMS.ThrottlingException', 400, 'storage_throttled', 'transient'],
  ['EntityTooLarge', 400, 'storage_request_invalid', 'permanent'],
  ['NotImplemented', 501, 'storage_request_invalid', 'permanent'],
  ['constructor', 503, 'storage_unavailable', 'transient'],
  ['InvalidBucketName', 400, 'storage_request_invalid', 'configuration'],
])('%s (%d) is %s, %s', (name, status, code, kind) => {
  expect(toS3Error(serviceError(name, status), CALL)).toMatchObject({ code, kind });
});

test('the request is named, so that support can find it', () => {
  const $response = { headers: { 'x-amz-request-id': '4442587FB7D0A2F9', 'retry-after': '3' } };

  const error = toS3Error(serviceError('SlowDown', 503, { $response }), CALL);

  expect(error.message).toContain('(request 4442587FB7D0A2F9)');
  expect(error.retryAfterMs).toBe(3000);
});

test('a program that gets credentials is not quoted', () => {
  const thrown = Object.assign(new Error(`Command failed: get-credentials --secret ${SECRET}`), {
    name: 'CredentialsProviderError',
  });

  const error = toS3Error(thrown, CALL);

  expect(error).toMatchObject({ code: 'access_denied', kind: 'configuration' });
  expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(SECRET);
});

test('where the bucket is is only said in the words of a region', () => {
  const region = (text: string) => toS3Error(serviceError('PermanentRedirect', 301, { Region: text }), CALL).message;

  expect(region('eu-west-1')).toContain('The bucket is in eu-west-1');
  expect(region('<script>')).toContain('The bucket is in another region');
});

test('throttling and refused credentials are known by their codes', () => {
  const failure = { status: 400, requestId: undefined, transport: undefined, retryAfterMs: undefined, what: '' };

  expect(isThrottling({ ...failure, code: 'ProvisionedThroughputExceededException' })).toBe(true);
  expect(isThrottling({ ...failure, code: 'ValidationException' })).toBe(false);
  expect(isCredentialRefusal('ExpiredTokenException')).toBe(true);
  expect(isCredentialRefusal('AccessDenied')).toBe(false);
});
