import { createHash } from 'node:crypto';
import { YoutubeError } from '../errors';
import type { Secret } from '../secret';

/**
 * The key as it is sent: without the line end that files and key vaults tend to add.
 *
 * @throws YoutubeError `youtube_key_invalid` where it cannot be a key, and no header could carry it
 */
export function readApiKey(apiKey: Secret): string {
  const key = apiKey.reveal().trim();
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  const problem = key === '' ? 'is empty' : 'holds spaces, line breaks or characters outside of ASCII';
  throw new YoutubeError(`The key of the YouTube Data API ${problem}. Copy it again from the Google Cloud console.`, {
    code: 'youtube_key_invalid',
    kind: 'configuration',
  });
}

/**
 * A name for an API key, to count its quota by: 16 hexadecimal digits, the first 64 bits of its SHA-256. It may be shown and
 * stored: a key is some 35 characters of chance, far too many to try out, and 64 bits of a digest would fit countless others.
 */
export function keyIdOf(apiKey: Secret): string {
  return createHash('sha256').update(apiKey.reveal().trim()).digest('hex').slice(0, 16);
}
