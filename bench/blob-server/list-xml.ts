/** One blob of a listing. */
export interface ListedBlob {
  readonly key: string;
  readonly etag: string;
  readonly size: number;
}

const WHEN = 'Mon, 11 Aug 2025 03:00:00 GMT';

/** The answer of List Blobs, with every property that the service gives, in its order. */
export function listXml(
  prefix: string,
  blobs: readonly ListedBlob[],
  prefixes: readonly string[],
  nextMarker: string,
): string {
  const items = blobs.map(({ key, etag, size }) => blobXml(key, etag, size)).join('');
  const folders = prefixes.map((name) => `<BlobPrefix><Name>${escaped(name)}</Name></BlobPrefix>`).join('');
  return (
    '\ufeff<?xml version="1.0" encoding="utf-8"?>' +
    '<EnumerationResults ServiceEndpoint="http://127.0.0.1/account/" ContainerName="container">' +
    `<Prefix>${escaped(prefix)}</Prefix><MaxResults>5000</MaxResults>` +
    `<Blobs>${items}${folders}</Blobs>${nextMarker === '' ? '<NextMarker />' : `<NextMarker>${escaped(nextMarker)}</NextMarker>`}` +
    '</EnumerationResults>'
  );
}

function blobXml(key: string, etag: string, size: number): string {
  return (
    `<Blob><Name>${escaped(key)}</Name><Properties><Creation-Time>${WHEN}</Creation-Time>` +
    `<Last-Modified>${WHEN}</Last-Modified><Etag>${etag}</Etag><Content-Length>${size}</Content-Length>` +
    '<Content-Type>application/json</Content-Type><Content-Encoding /><Content-Language /><Content-CRC64 />' +
    '<Content-MD5>1B2M2Y8AsgTpgAmY7PhCfg==</Content-MD5><Cache-Control /><Content-Disposition />' +
    '<BlobType>BlockBlob</BlobType><AccessTier>Hot</AccessTier><AccessTierInferred>true</AccessTierInferred>' +
    '<LeaseStatus>unlocked</LeaseStatus><LeaseState>available</LeaseState><ServerEncrypted>true</ServerEncrypted>' +
    '</Properties><OrMetadata /></Blob>'
  );
}

function escaped(text: string): string {
  return /[<>&]/.test(text) ? text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;') : text;
}
