import { createS3Access, type S3Access, type S3Reader } from '../../../shared/aws/s3-access';
import type { StorageErrorCode } from '../../../shared/errors';
import type { ObjectStore } from '../../../shared/ports/object-store';
import { RetryingObjectStore } from '../../../shared/retry/retrying-object-store';
import { behindFaults, type FaultyStores, TRY_TIMEOUT_MS } from '../../contract/fault-world';
import { describeObjectFaults } from '../../contract/object-faults';
import { expectFailure } from '../../contract/object-store-contract';
import { describeWithMoto, motoEndpoint, newBucket, sharedAws } from '../../support/aws-services';
import type { Fault } from '../../support/fault-proxy';

const TRANSIENT: readonly (readonly [string, Fault, StorageErrorCode])[] = [
  ['503 SlowDown', refusal(503, 'SlowDown'), 'storage_throttled'],
  ['503 ServiceUnavailable', refusal(503, 'ServiceUnavailable'), 'storage_unavailable'],
  ['503 without a code', { kind: 'status', status: 503 }, 'storage_unavailable'],
  ['500 InternalError', refusal(500, 'InternalError'), 'storage_unavailable'],
  ['502 from a gateway', { kind: 'status', status: 502, body: '<html>Bad Gateway</html>' }, 'storage_unavailable'],
  ['429', { kind: 'status', status: 429 }, 'storage_throttled'],
  ['408', { kind: 'status', status: 408 }, 'storage_timeout'],
  ['400 RequestTimeout', refusal(400, 'RequestTimeout'), 'storage_timeout'],
  ['409 OperationAborted', refusal(409, 'OperationAborted'), 'storage_unavailable'],
  ['409 ConditionalRequestConflict', refusal(409, 'ConditionalRequestConflict'), 'storage_unavailable'],
  ['307 of a bucket that is new', refusal(307, 'TemporaryRedirect'), 'storage_unavailable'],
  ['403 RequestTimeTooSkewed', refusal(403, 'RequestTimeTooSkewed'), 'storage_unavailable'],
  ['a connection that ends before the request', { kind: 'drop-before' }, 'storage_connection_lost'],
  ['a connection that ends before the answer', { kind: 'drop-after' }, 'storage_connection_lost'],
];

const FINAL: readonly (readonly [string, Fault, StorageErrorCode, string])[] = [
  ['AccessDenied', refusal(403, 'AccessDenied'), 'access_denied', 's3:GetObject'],
  ['403 without a code', { kind: 'status', status: 403 }, 'access_denied', 's3:GetObject'],
  ['ExpiredToken', refusal(400, 'ExpiredToken'), 'access_denied', 'AWS_PROFILE'],
  ['InvalidToken', refusal(400, 'InvalidToken'), 'access_denied', 'AWS_PROFILE'],
  ['InvalidAccessKeyId', refusal(403, 'InvalidAccessKeyId'), 'access_denied', 'AWS_PROFILE'],
  ['SignatureDoesNotMatch', refusal(403, 'SignatureDoesNotMatch'), 'access_denied', 'clock'],
  ['NoSuchBucket', refusal(404, 'NoSuchBucket'), 'container_not_found', 'S3_BUCKET_NAME'],
  [
    'PermanentRedirect',
    refusal(301, 'PermanentRedirect', { 'x-amz-bucket-region': 'eu-west-1' }),
    'storage_request_invalid',
    'The bucket is in eu-west-1',
  ],
  [
    'AuthorizationHeaderMalformed',
    refusal(400, 'AuthorizationHeaderMalformed', {}, '<Region>us-east-2</Region>'),
    'storage_request_invalid',
    'The bucket is in us-east-2',
  ],
];

const WAITS: readonly (readonly [string, Fault, number])[] = [
  ['SlowDown with seconds', refusal(503, 'SlowDown', { 'Retry-After': '7' }), 7000],
  [
    '503 with a date',
    refusal(503, 'SlowDown', {
      Date: 'Tue, 12 Aug 2025 17:00:00 GMT',
      'Retry-After': 'Tue, 12 Aug 2025 17:00:11 GMT',
    }),
    11_000,
  ],
];

describeWithMoto('S3, on moto', () => {
  describe.each<S3Reader>(['fast', 'sdk'])('behind faults, read by %s', (reader) => {
    function open(endpoint: string, options: { listPageSize?: number; tryTimeoutMs?: number } = {}): S3Access {
      return createS3Access({ region: sharedAws().region, endpoint, reader, ...options });
    }

    async function openAll(proxyOrigin: string): Promise<FaultyStores<ObjectStore>> {
      const bucket = await newBucket('faults');
      const direct = open(motoEndpoint());
      const single = open(proxyOrigin, { listPageSize: 3 });
      const hasty = open(proxyOrigin, { tryTimeoutMs: TRY_TIMEOUT_MS });
      return {
        direct: direct.bucket(bucket),
        single: single.bucket(bucket),
        hasty: hasty.bucket(bucket),
        close: () => {
          for (const access of [direct, single, hasty]) access.dispose();
        },
      };
    }

    const world = behindFaults(motoEndpoint, openAll, RetryingObjectStore);
    describeObjectFaults(world, {
      transient: TRANSIENT,
      waits: WAITS,
      final: FINAL,
      secrets: /Signature=|Credential=|AKIA/,
    });

    test('a service that is not there is a lost connection', async () => {
      const access = open('http://127.0.0.1:1');

      await expectFailure(access.bucket('anything').read('x'), 'storage_connection_lost', 'transient');

      access.dispose();
    });
  });
});

function refusal(status: number, code: string, headers: Readonly<Record<string, string>> = {}, more = ''): Fault {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>injected</Message>${more}<AWSAccessKeyId>AKIA</AWSAccessKeyId><RequestId>4442587FB7D0A2F9</RequestId></Error>`;
  return { kind: 'status', status, headers: { ...headers, 'Content-Type': 'application/xml' }, body };
}
