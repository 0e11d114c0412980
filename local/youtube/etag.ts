import { createHash } from 'node:crypto';

/** 27 characters, the same for the same JSON. */
export function etagOf(value: unknown): string {
  return createHash('sha1').update(JSON.stringify(value)).digest('base64url');
}

/** Whether an If-None-Match header names the etag: bare as in bodies, quoted as in headers, weak, in a list, or `*`. */
export function matchesEtag(header: string, etag: string): boolean {
  return header.split(',').some((part) => {
    const name = bare(part);
    return name === bare(etag) || name === '*';
  });
}

function bare(etag: string): string {
  return etag
    .trim()
    .replace(/^W\//, '')
    .replace(/^"(.*)"$/, '$1');
}
