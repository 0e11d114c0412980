import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { quoted, unquoted } from '../http/etags';
import { sizeOf } from '../ports/object-bodies';
import type { ObjectBody, WriteOptions } from '../ports/object-store';
import { property } from '../service-failure';
import { DEFAULT_TRY_TIMEOUT_MS } from '../try-timeout';
import { bodyParts } from './body-parts';

/** Where a body goes, and under what condition. */
export interface UploadTo {
  readonly client: S3Client;
  readonly bucket: string;
  readonly key: string;
  readonly options: WriteOptions;
}

/** Bodies up to this size are written with one request; it is also what is in memory of a larger one, at the most. */
export const PART_BYTES = 16 * 1024 * 1024;
/** Amazon S3 user guide, "Multipart upload limits". */
const MAX_PARTS = 10_000;
/** Up to this size bytes are handed to the socket at once; above it they are fed in, so that a stall can be noticed. */
const WHOLE_UP_TO_BYTES = 1024 * 1024;
const SLICE_BYTES = 64 * 1024;

/**
 * Writes a body: with one request, or in parts that become the object when the last one is there.
 *
 * @param signal ends what is under way
 * @param moved is called for every piece that the socket took
 * @throws what the SDK throws; StorageError `storage_request_invalid` where the body is not what it said
 */
export async function upload(
  to: UploadTo,
  body: ObjectBody,
  signal: AbortSignal,
  moved: () => void,
): Promise<{ readonly etag: string }> {
  const size = sizeOf(body);
  if (size > PART_BYTES) return uploadInParts(to, body, signal, moved);

  const { client, bucket, key, options } = to;
  const { value: bytes } = await bodyParts(body, PART_BYTES, moved).next();
  if (bytes === undefined) throw new RangeError('A body has no part.');
  const input = { Bucket: bucket, Key: key, Body: bytes, ContentType: options.contentType, ...conditionsOf(options) };
  const command = new PutObjectCommand(input);
  command.middlewareStack.add(feedingIn(moved), FEEDING_IN);
  const answer = await client.send(command, { abortSignal: signal });
  return { etag: unquoted(answer.ETag) };
}

async function uploadInParts(
  { client, bucket: Bucket, key: Key, options }: UploadTo,
  body: ObjectBody,
  abortSignal: AbortSignal,
  moved: () => void,
): Promise<{ readonly etag: string }> {
  const create = { Bucket, Key, ContentType: options.contentType, ChecksumAlgorithm: 'CRC32' } as const;
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(create), { abortSignal });
  const partBytes = Math.max(PART_BYTES, Math.ceil(sizeOf(body) / MAX_PARTS));
  const Parts: CompletedPart[] = [];
  try {
    for await (const bytes of bodyParts(body, partBytes, moved)) {
      const PartNumber = Parts.length + 1;
      const command = new UploadPartCommand({
        Bucket,
        Key,
        UploadId,
        PartNumber,
        Body: bytes,
        ChecksumAlgorithm: 'CRC32',
      });
      command.middlewareStack.add(feedingIn(moved), FEEDING_IN);
      const { ETag, ChecksumCRC32 } = await client.send(command, { abortSignal });
      Parts.push({ PartNumber, ETag, ...(ChecksumCRC32 && { ChecksumCRC32 }) });
      moved();
    }
    const complete = { Bucket, Key, UploadId, MultipartUpload: { Parts }, ...conditionsOf(options) };
    const answer = await client.send(new CompleteMultipartUploadCommand(complete), { abortSignal });
    return { etag: unquoted(answer.ETag) };
  } catch (error) {
    // Parts that nobody ends cost money. Where even this fails, the first failure is the one to tell, and a lifecycle rule of the bucket the way.
    const abort = new AbortMultipartUploadCommand({ Bucket, Key, UploadId });
    await client.send(abort, { abortSignal: AbortSignal.timeout(DEFAULT_TRY_TIMEOUT_MS) }).catch(() => undefined);
    throw error;
  }
}

function conditionsOf({ onlyIf }: WriteOptions): { IfNoneMatch?: string; IfMatch?: string } {
  if (onlyIf === undefined) return {};
  return onlyIf === 'absent' ? { IfNoneMatch: '*' } : { IfMatch: quoted(onlyIf.etag) };
}

/** When the request is signed and its checksum made: of a stream, the SDK would have neither. */
const FEEDING_IN = { name: 'feedingIn', step: 'finalizeRequest', priority: 'low' } as const;

/** Lets a command send its body piece by piece, and tell of it. */
function feedingIn(moved: () => void) {
  return <Args extends { readonly request: unknown }, Answer>(next: (args: Args) => Promise<Answer>) =>
    (args: Args): Promise<Answer> => {
      const { request } = args;
      const body = property(request, 'body');
      if (
        typeof request === 'object' &&
        request !== null &&
        body instanceof Uint8Array &&
        body.byteLength > WHOLE_UP_TO_BYTES
      ) {
        Reflect.set(request, 'body', Readable.from(slicesOf(body, moved), { objectMode: false }));
      }
      return next(args);
    };
}

function* slicesOf(bytes: Uint8Array, moved: () => void): Generator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += SLICE_BYTES) {
    yield bytes.subarray(at, at + SLICE_BYTES);
    moved();
  }
}
