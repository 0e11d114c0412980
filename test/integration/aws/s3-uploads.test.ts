import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3';
import { createS3Access, type S3Access } from '../../../shared/aws/s3-access';
import { PART_BYTES } from '../../../shared/aws/s3-upload';
import type { ObjectBody, ObjectStore } from '../../../shared/ports/object-store';
import { DEFAULT_RETRY_POLICY } from '../../../shared/retry/retry';
import { RetryingObjectStore } from '../../../shared/retry/retrying-object-store';
import { expectFailure } from '../../contract/object-store-contract';
import { describeWithMoto, motoEndpoint, newBucket, sharedAws } from '../../support/aws-services';
import { type Fault, type FaultProxy, type SeenRequest, startFaultProxy } from '../../support/fault-proxy';
import { SteppingClock } from '../../support/stepping-clock';

// Bodies that are written in parts, seen from the network.

const PARQUET = { contentType: 'application/vnd.apache.parquet' };
const CHUNK_BYTES = 1024 * 1024;
const TRY_TIMEOUT_MS = 1500;
const LARGE = randomBytes(2 * PART_BYTES + 5);

const ofPart =
  (part: number) =>
  ({ method, url }: SeenRequest) =>
    method === 'PUT' && url.includes(`partNumber=${part}&`);
const isCompletion = ({ method, url }: SeenRequest) => method === 'POST' && url.includes('uploadId=');
const isAbort = ({ method, url }: SeenRequest) => method === 'DELETE' && url.includes('uploadId=');

describeWithMoto('S3, on moto, with large bodies', () => {
  let proxy: FaultProxy;
  let access: S3Access;
  let bucket: string;
  let store: ObjectStore;
  let client: S3Client;

  beforeAll(async () => {
    proxy = await startFaultProxy(motoEndpoint());
    const { region } = sharedAws();
    client = new S3Client({ region, endpoint: motoEndpoint(), forcePathStyle: true });
  });

  afterAll(async () => {
    client.destroy();
    await proxy.stop();
  });

  beforeEach(async () => {
    bucket = await newBucket('uploads');
    proxy.reset();
    access = createS3Access({ region: sharedAws().region, endpoint: proxy.origin });
    store = access.bucket(bucket);
  });

  afterEach(() => access.dispose());

  const opened = (size: number, chunks: () => Iterable<Buffer>): ObjectBody => ({
    size,
    open: () => Readable.from(chunks(), { objectMode: false }),
  });

  const calls = () => proxy.requests.map(({ method, url }) => `${method} ${new URL(url, 'http://x').search}`);

  async function expectNothingLeft(): Promise<void> {
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    expect(Uploads).toEqual([]);
    expect(proxy.requests.filter(isAbort)).toHaveLength(1);
  }

  test('up to 16 MiB are one request, and one byte more is an upload in parts', async () => {
    const body = LARGE.subarray(0, PART_BYTES + 1);

    await store.write('one', body.subarray(0, PART_BYTES), PARQUET);
    const whole = calls();
    proxy.reset();
    const { etag } = await store.write('parts', body, PARQUET);

    expect(whole).toHaveLength(1);
    expect(calls().map((call) => call.replace(/uploadId=[^&]+/, 'uploadId'))).toEqual([
      expect.stringMatching(/^POST \?uploads/),
      expect.stringMatching(/^PUT .*partNumber=1/),
      expect.stringMatching(/^PUT .*partNumber=2/),
      expect.stringMatching(/^POST \?uploadId/),
    ]);
    const read = await store.read('parts', { ifMatch: etag });
    expect(Buffer.compare(read.body, body)).toBe(0);
    expect(await store.head('parts')).toEqual({ key: 'parts', etag, size: body.length });
  });

  test('every part has a checksum that S3 can hold it against, and the type is that of the object', async () => {
    await store.write('x', LARGE, PARQUET);

    const parts = proxy.requests.filter(({ method }) => method === 'PUT');
    expect(parts).toHaveLength(3);
    for (const { headers } of parts) expect(headers['x-amz-checksum-crc32']).toMatch(/^[\w+/]{6}==$/);
    expect(proxy.requests[0]?.headers['content-type']).toBe(PARQUET.contentType);
  });

  test('of a body that is opened, no more than one part is read ahead of what is written', async () => {
    let produced = 0;
    let mostAhead = 0;
    const body = opened(LARGE.length, function* () {
      for (let at = 0; at < LARGE.length; at += CHUNK_BYTES) {
        const parts = proxy.requests.filter(({ method }) => method === 'PUT').length;
        mostAhead = Math.max(mostAhead, produced - parts * PART_BYTES);
        const chunk = LARGE.subarray(at, at + CHUNK_BYTES);
        produced += chunk.length;
        yield chunk;
      }
    });

    await store.write('x', body, PARQUET);

    expect(Buffer.compare((await store.read('x')).body, LARGE)).toBe(0);
    expect(mostAhead).toBeLessThanOrEqual(PART_BYTES + 2 * CHUNK_BYTES);
  });

  test('conditions hold where the parts become the object, and what does not become one is taken away', async () => {
    const first = await store.write('x', LARGE, { ...PARQUET, onlyIf: 'absent' });
    const second = await store.write('x', Buffer.from('small'), { ...PARQUET, onlyIf: first });
    proxy.reset();

    await expectFailure(store.write('x', LARGE, { ...PARQUET, onlyIf: 'absent' }), 'precondition_failed', 'permanent');

    await expectNothingLeft();
    expect((await store.head('x'))?.etag).toBe(second.etag);
    expect(proxy.requests.find(isCompletion)?.headers['if-none-match']).toBe('*');
  });

  test('a condition on a version goes with the last request', async () => {
    const { etag } = await store.write('x', Buffer.from('before'), PARQUET);

    await store.write('x', LARGE, { ...PARQUET, onlyIf: { etag } });

    expect(proxy.requests.find(isCompletion)?.headers['if-match']).toBe(`"${etag}"`);
  });

  const FAILURES: readonly (readonly [string, (request: SeenRequest) => boolean, Fault, string])[] = [
    ['a part is refused with SlowDown', ofPart(2), error(503, 'SlowDown'), 'storage_throttled'],
    ['the connection of a part ends', ofPart(1), { kind: 'drop-before' }, 'storage_connection_lost'],
    [
      'the last request finds a conflict',
      isCompletion,
      error(409, 'ConditionalRequestConflict'),
      'storage_unavailable',
    ],
    [
      'the last request is answered with 200 and an error',
      isCompletion,
      error(200, 'InternalError'),
      'storage_unavailable',
    ],
  ];

  test.each(FAILURES)('where %s, the try fails, and nothing is left of it', async (_, when, fault, code) => {
    proxy.inject({ fault, when });

    const failure = await store.write('x', LARGE, PARQUET).catch((thrown: unknown) => thrown);

    expect(failure).toMatchObject({ name: 'StorageError', code, kind: 'transient' });
    await expectNothingLeft();
    expect(await store.head('x')).toBeUndefined();
  });

  test('where even taking away fails, the first failure is told', async () => {
    proxy.inject({ fault: error(503, 'SlowDown'), when: ofPart(2) });
    proxy.inject({ fault: error(403, 'AccessDenied'), when: isAbort });

    await expectFailure(store.write('x', LARGE, PARQUET), 'storage_throttled', 'transient');
  });

  test('a part that stalls is given up, and taken away', async () => {
    const hasty = createS3Access({ region: sharedAws().region, endpoint: proxy.origin, tryTimeoutMs: TRY_TIMEOUT_MS });
    proxy.inject({ fault: { kind: 'stall', kept: 0 }, when: ofPart(2) });

    await expectFailure(hasty.bucket(bucket).write('x', LARGE, PARQUET), 'storage_timeout', 'transient');

    // The call has ended when its time is up; what it began is taken away right after.
    while (!proxy.requests.some(isAbort)) await turn();
    hasty.dispose();
  });

  test.each([
    ['shorter', LARGE.length - 1],
    ['longer', LARGE.length + 1],
  ])('a body that is %s than it said is refused, and nothing is left of it', async (_, actual) => {
    const bytes = Buffer.concat([LARGE, Buffer.alloc(1)]).subarray(0, actual);
    const body = opened(LARGE.length, () => [bytes.subarray(0, PART_BYTES + 9), bytes.subarray(PART_BYTES + 9)]);

    await expectFailure(store.write('x', body, PARQUET), 'storage_request_invalid', 'permanent');

    await expectNothingLeft();
    expect(await store.head('x')).toBeUndefined();
  });

  test('a body that cannot be read to its end is refused, and nothing is left of it', async () => {
    const body = opened(LARGE.length, function* () {
      yield LARGE.subarray(0, PART_BYTES + 9);
      throw new Error('the disk is gone');
    });

    const failure = await expectFailure(store.write('x', body, PARQUET), 'storage_request_invalid', 'permanent');

    expect(failure.message).toContain('the disk is gone');
    await expectNothingLeft();
  });

  test('a conditional write whose last answer is lost counts as done where the object holds it', async () => {
    const retrying = new RetryingObjectStore(store, {
      clock: new SteppingClock(),
      random: () => 1,
      policy: DEFAULT_RETRY_POLICY,
    });
    proxy.inject({ fault: { kind: 'drop-after' }, when: isCompletion });

    const { etag } = await retrying.write('x', LARGE, { ...PARQUET, onlyIf: 'absent' });

    const read = await store.read('x', { ifMatch: etag });
    expect(Buffer.compare(read.body, LARGE)).toBe(0);
  });
});

function error(status: number, code: string): Fault {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>injected</Message></Error>`;
  return { kind: 'status', status, headers: { 'Content-Type': 'application/xml' }, body };
}
