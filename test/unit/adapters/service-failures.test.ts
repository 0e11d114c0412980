import { createHttpHeaders, createPipelineRequest, RestError } from '@azure/core-rest-pipeline';
import { metadataTimeout, toMetadataError } from '../../../shared/azure/metadata-errors';
import { toStorageError } from '../../../shared/azure/storage-errors';
import { StorageError } from '../../../shared/errors';
import { storageTimeout } from '../../../shared/storage-call';

const CALL = { action: 'Reading "a/b.json"', store: 'https://acme.blob.core.windows.net/messages', ofObject: true };
const SIGNATURE = 'sig=c2VjcmV0LXNpZ25hdHVyZQ%3D%3D';

/** An error as the storage SDK throws it, with everything in the request that must not get out. */
function restError(statusCode: number, headers: Record<string, string> = {}): RestError {
  const request = createPipelineRequest({ url: `${CALL.store}/a/b.json?sv=2024&${SIGNATURE}` });
  request.headers.set('authorization', 'SharedKey acme:c2VjcmV0');
  const response = { request, status: statusCode, headers: createHttpHeaders(headers) };
  return new RestError(`Server failed.\nRequestId:1`, { statusCode, request, response });
}

describe('failures of Blob Storage', () => {
  test.each([
    [400, 'InvalidHeaderValue', 'storage_request_invalid', 'permanent'],
    [400, 'InvalidResourceName', 'storage_request_invalid', 'configuration'],
    [401, 'NoAuthenticationInformation', 'access_denied', 'configuration'],
    [403, 'AuthorizationPermissionMismatch', 'access_denied', 'configuration'],
    [403, 'AuthenticationFailed', 'access_denied', 'configuration'],
    [403, undefined, 'access_denied', 'configuration'],
    [404, 'BlobNotFound', 'object_not_found', 'permanent'],
    [404, undefined, 'object_not_found', 'permanent'],
    [404, 'ContainerNotFound', 'container_not_found', 'configuration'],
    [408, undefined, 'storage_timeout', 'transient'],
    [409, 'BlobAlreadyExists', 'precondition_failed', 'permanent'],
    [409, 'ContainerBeingDeleted', 'storage_unavailable', 'transient'],
    [409, 'BlobImmutableDueToPolicy', 'storage_request_invalid', 'permanent'],
    [412, 'ConditionNotMet', 'precondition_failed', 'permanent'],
    [412, 'LeaseIdMissing', 'storage_request_invalid', 'permanent'],
    [413, 'RequestBodyTooLarge', 'storage_request_invalid', 'permanent'],
    [429, undefined, 'storage_throttled', 'transient'],
    [500, 'InternalError', 'storage_unavailable', 'transient'],
    [500, 'OperationTimedOut', 'storage_timeout', 'transient'],
    [501, undefined, 'storage_request_invalid', 'permanent'],
    [503, 'ServerBusy', 'storage_throttled', 'transient'],
    [504, undefined, 'storage_unavailable', 'transient'],
  ] as const)('%d %s is %s, %s', (status, code, expected, kind) => {
    const headers = code === undefined ? {} : { 'x-ms-error-code': code };

    const error = toStorageError(restError(status, { ...headers, 'x-ms-request-id': 'req-1' }), CALL);

    expect(error).toBeInstanceOf(StorageError);
    expect(error).toMatchObject({ code: expected, kind });
    expect(error.message).toContain(`${CALL.action} in ${CALL.store} was answered with ${status}`);
    expect(error.message).toContain('req-1');
  });

  test('a 404 of a call that names no object is the container', () => {
    expect(toStorageError(restError(404), { ...CALL, ofObject: false })).toMatchObject({ code: 'container_not_found' });
  });

  test.each([
    'ECONNRESET',
    'ECONNREFUSED',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EPIPE',
    'ETIMEDOUT',
    'REQUEST_SEND_ERROR',
    'PARSE_ERROR',
    'HPE_INVALID_CONSTANT',
  ])('%s is a lost connection', (code) => {
    expect(toStorageError(new RestError('no answer', { code }), CALL)).toMatchObject({
      code: 'storage_connection_lost',
      kind: 'transient',
    });
  });

  test('an answer that cannot be read is a lost connection, whatever status it came with', () => {
    const error = Object.assign(restError(200), { code: 'PARSE_ERROR' });

    expect(toStorageError(error, CALL)).toMatchObject({ code: 'storage_connection_lost', kind: 'transient' });
  });

  test('a lost connection is found below the error that wraps it', () => {
    const cause = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });

    const error = toStorageError(new Error('Could not read.', { cause: new Error('Wrapped.', { cause }) }), CALL);

    expect(error).toMatchObject({ code: 'storage_connection_lost', kind: 'transient' });
  });

  test('a defect is permanent, and passes under its own name', () => {
    const error = toStorageError(new TypeError('x is not a function'), CALL);

    expect(error).toMatchObject({ code: 'storage_request_invalid', kind: 'permanent' });
    expect(error.message).toContain('x is not a function');
  });

  test('what is of the family already passes as it is', () => {
    const timeout = storageTimeout(CALL, 500);

    expect(toStorageError(timeout, CALL)).toBe(timeout);
    expect(timeout).toMatchObject({ code: 'storage_timeout', kind: 'transient' });
  });

  test('shows nothing of the signature or the key', () => {
    for (const status of [400, 403, 404, 503]) {
      const error = toStorageError(restError(status), CALL);
      const shown = [
        error.message,
        error.stack,
        JSON.stringify(error),
        String(error.cause),
        JSON.stringify(error.cause),
      ];

      expect(shown.join('\n')).not.toMatch(/sig=|c2VjcmV0/);
    }
  });
});

describe('failures of Cosmos DB', () => {
  const call = { action: 'Reading "p"', store: 'https://acme.documents.azure.com/db/items' };

  const answer = (code: number, more: object = {}) => Object.assign(new Error('the reason'), { code, ...more });

  test.each([
    [400, {}, 'metadata_request_invalid', 'permanent'],
    [401, {}, 'metadata_access_denied', 'configuration'],
    [403, {}, 'metadata_access_denied', 'configuration'],
    [404, {}, 'metadata_not_found', 'configuration'],
    [404, { substatus: 1003 }, 'metadata_not_found', 'configuration'],
    [404, { substatus: 1002 }, 'metadata_unavailable', 'transient'],
    [408, {}, 'metadata_timeout', 'transient'],
    [409, {}, 'metadata_precondition_failed', 'permanent'],
    [410, { substatus: 1007 }, 'metadata_unavailable', 'transient'],
    [412, {}, 'metadata_precondition_failed', 'permanent'],
    [413, {}, 'metadata_request_invalid', 'permanent'],
    [429, { headers: { 'x-ms-retry-after-ms': '77' } }, 'metadata_throttled', 'transient'],
    [449, {}, 'metadata_unavailable', 'transient'],
    [500, {}, 'metadata_unavailable', 'transient'],
    [503, {}, 'metadata_unavailable', 'transient'],
  ] as const)('%d %j is %s, %s', (code, more, expected, kind) => {
    const error = toMetadataError(answer(code, more), call);

    expect(error).toMatchObject({ code: expected, kind });
    expect(error.message).toContain(`${call.action} in ${call.store} was answered with ${code}`);
    expect(error.retryAfterMs).toBe(code === 429 ? 77 : undefined);
  });

  test('a request that is refused says why', () => {
    expect(toMetadataError(answer(400), call).message).toContain('the reason');
  });

  test('an answer that is no JSON was cut off', () => {
    expect(toMetadataError(new SyntaxError('Unexpected end of JSON input'), call)).toMatchObject({
      code: 'metadata_connection_lost',
      kind: 'transient',
    });
  });

  test('a timeout is transient', () => {
    expect(metadataTimeout(call, 5)).toMatchObject({ code: 'metadata_timeout', kind: 'transient' });
  });
});
