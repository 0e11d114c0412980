import type { S3Client } from '@aws-sdk/client-s3';
import { property } from '../../service-failure';
import { uriEncoded } from '../sigv4';

/** What a listing asks for. */
export interface ListRequest {
  readonly prefix: string;
  readonly delimiter?: string;
  readonly continuation: string | undefined;
  readonly startAfter?: string | undefined;
  readonly maxKeys: number;
}

/** Where a bucket is, and what signatures for it are made for. */
export class BucketAddress {
  readonly origin: string;
  readonly host: string;
  readonly signing: { readonly region: string; readonly service: string };
  readonly #path: string;

  constructor(url: URL, signing: { readonly region: string; readonly service: string }) {
    this.origin = url.origin;
    this.host = url.host;
    this.signing = signing;
    this.#path = url.pathname.replace(/\/$/, '');
  }

  object(key: string): string {
    return `${this.#path}/${PLAIN.test(key) ? key : uriEncoded(key).replaceAll('%2F', '/')}`;
  }

  get list(): string {
    return this.#path === '' ? '/' : this.#path;
  }
}

/** A listing's parameters, in the order of their names. */
export function listQuery({ prefix, delimiter, continuation, startAfter, maxKeys }: ListRequest): string {
  return [
    ...(continuation === undefined ? [] : [`continuation-token=${uriEncoded(continuation)}`]),
    ...(delimiter === undefined ? [] : [`delimiter=${uriEncoded(delimiter)}`]),
    'encoding-type=url&list-type=2',
    `max-keys=${maxKeys}`,
    `prefix=${uriEncoded(prefix)}`,
    ...(startAfter === undefined ? [] : [`start-after=${uriEncoded(startAfter)}`]),
  ].join('&');
}

/**
 * Asks the SDK where a bucket is: its rules know of partitions, of FIPS and dual-stack addresses, and of names that fit into no host name.
 * Nothing is sent.
 *
 * @param endpoint that the client was opened with
 * @returns undefined where requests to it need more than a signature of one region (express and multi-region buckets)
 */
export async function addressOf(
  { config }: S3Client,
  endpoint: string | undefined,
  bucket: string,
): Promise<BucketAddress | undefined> {
  const { url, properties } = config.endpointProvider({
    Bucket: bucket,
    Region: await config.region(),
    UseFIPS: await config.useFipsEndpoint(),
    UseDualStack: await config.useDualstackEndpoint(),
    ...(endpoint === undefined ? {} : { Endpoint: endpoint, ForcePathStyle: true }),
  });
  const [scheme]: readonly unknown[] = properties?.authSchemes ?? [];
  const [region, service] = [property(scheme, 'signingRegion'), property(scheme, 'signingName')];
  if (property(scheme, 'name') !== 'sigv4' || typeof region !== 'string' || typeof service !== 'string')
    return undefined;
  return new BucketAddress(url, { region, service });
}

/** Keys that are their own encoding, which most are. */
const PLAIN = /^[\w\-.~/]*$/;
