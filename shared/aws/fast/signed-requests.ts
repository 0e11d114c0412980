import type { HttpAnswer, HttpPool } from '../../http/http-pool';
import { RequestSigner, type SigningIdentity } from '../sigv4';
import type { BucketAddress } from './bucket-address';
import type { HeldCredentials } from './held-credentials';

export interface SignedRequestsOptions {
  readonly address: BucketAddress;
  readonly pool: HttpPool;
  readonly credentials: HeldCredentials;
  readonly now: () => number;
}

/** The stored checksum is to come with an object, where there is one. */
const CHECKSUM_MODE = { 'x-amz-checksum-mode': 'ENABLED' };
const NONE = {};

/** Requests to one bucket, signed. */
export class SignedRequests {
  readonly address: BucketAddress;
  readonly credentials: HeldCredentials;
  readonly #options: SignedRequestsOptions;
  readonly #signer: RequestSigner;
  /** How far the service's clock is ahead of this machine's. */
  #clockOffsetMs = 0;

  constructor(options: SignedRequestsOptions) {
    this.address = options.address;
    this.credentials = options.credentials;
    this.#options = options;
    this.#signer = new RequestSigner({ host: options.address.host, ...options.address.signing });
  }

  /** @param headers those that are not signed */
  get(
    path: string,
    query: string,
    headers: Readonly<Record<string, string>>,
    identity: SigningIdentity,
  ): Promise<HttpAnswer> {
    const { pool, now } = this.#options;
    const signed = this.#signer.sign(
      { path, query, headers: query === '' ? CHECKSUM_MODE : NONE },
      identity,
      now() + this.#clockOffsetMs,
    );
    return pool.get(query === '' ? path : `${path}?${query}`, Object.entries(Object.assign(signed, headers)).flat());
  }

  /** Has the next requests signed by the service's clock. @param date of an answer that just came, as HTTP writes it */
  setClock(date: string): void {
    const serviceMs = Date.parse(date);
    if (!Number.isNaN(serviceMs)) this.#clockOffsetMs = serviceMs - this.#options.now();
  }
}
