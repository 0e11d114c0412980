/** Where the blobs of a container are, as paths of its account's address. */
export class BlobAddresses {
  readonly #path: string;

  /** @param container the container's address; its query is left out */
  constructor(container: URL) {
    this.#path = container.pathname.replace(/\/$/, '');
  }

  blob(key: string): string {
    return `${this.#path}/${PLAIN.test(key) ? key : encodeURIComponent(key).replaceAll('%2F', '/')}`;
  }

  list({ prefix, delimiter, marker, startFrom, maxResults }: ListRequest): string {
    const parameters = [
      'restype=container&comp=list',
      `maxresults=${maxResults}`,
      ...(prefix === '' ? [] : [`prefix=${encodeURIComponent(prefix)}`]),
      ...(delimiter === undefined ? [] : [`delimiter=${encodeURIComponent(delimiter)}`]),
      ...(marker === undefined ? [] : [`marker=${encodeURIComponent(marker)}`]),
      ...(startFrom === undefined ? [] : [`startFrom=${encodeURIComponent(startFrom)}`]),
    ];
    return `${this.#path}?${parameters.join('&')}`;
  }
}

export interface ListRequest {
  readonly prefix: string;
  readonly delimiter?: string;
  readonly marker?: string | undefined;
  /** A blob's whole name, inclusive; known to services from version 2026-02-06 on (Azure/azure-rest-api-specs 34846). */
  readonly startFrom?: string | undefined;
  readonly maxResults: number;
}

/** Keys that are their own encoding, which most are. */
const PLAIN = /^[\w\-.~/]*$/;
