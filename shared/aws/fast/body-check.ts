import { getFips, hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { HttpAnswer } from '../../http/http-pool';

/** What a body was held against: `damaged` where it is not what it says, `doubted` where that may be for another reason. */
export type BodyCheck = 'intact' | 'damaged' | 'doubted';

/** Where only approved algorithms may be used, MD5 is none of them. */
const CHECKS_MD5 = getFips() === 0;

/**
 * Holds the body of a whole object against what came with it: the checksum that newer writers store, else the ETag, which is the MD5 of an object
 * that was written at once and is not encrypted with a key of KMS or of the writer's (Amazon S3 API reference, "Object"). Not all stand-ins
 * keep to this.
 */
export function checkBody({ headers, body }: HttpAnswer): BodyCheck {
  const checksum = headers.get('x-amz-checksum-crc32');
  // Of an object that was written in parts it is made of theirs, and says how many.
  if (checksum !== undefined && !checksum.includes('-')) return crc32Of(body) === checksum ? 'intact' : 'damaged';

  const etag = /^"([0-9a-f]{32})"$/.exec(headers.get('etag') ?? '')?.[1];
  const encryption = headers.get('x-amz-server-side-encryption');
  const isMd5 = encryption === undefined || encryption === 'AES256';
  const isOwnKey = headers.get('x-amz-server-side-encryption-customer-algorithm') !== undefined;
  if (etag === undefined || !isMd5 || isOwnKey || !CHECKS_MD5) return 'intact';
  return hash('md5', body, 'hex') === etag ? 'intact' : 'doubted';
}

function crc32Of(body: Uint8Array): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64');
}
