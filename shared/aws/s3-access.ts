import { HttpPool } from '../http/http-pool';
import type { ObjectStore } from '../ports/object-store';
import { DEFAULT_TRY_TIMEOUT_MS } from '../try-timeout';
import { addressOf } from './fast/bucket-address';
import { FastS3Store } from './fast/fast-s3-store';
import { HeldCredentials } from './fast/held-credentials';
import { SignedRequests } from './fast/signed-requests';
import { openS3Client } from './s3-client';
import { MAX_PAGE_SIZE } from './s3-listing';
import { S3ObjectStore } from './s3-object-store';

/** What lists and reads: our own requests through pooled connections, or the SDK. */
export type S3Reader = 'fast' | 'sdk';

export interface S3AccessOptions {
  readonly region: string;
  /** Of a stand-in for S3, or of a private endpoint; AWS's own if not given. */
  readonly endpoint?: string | undefined;
  /** `fast` if not given. */
  readonly reader?: S3Reader | undefined;
  /** What one call may take without a byte moving, in milliseconds; 30 s if not given. */
  readonly tryTimeoutMs?: number | undefined;
  /** Objects in a page of a listing, 1,000 at most, which is the default. */
  readonly listPageSize?: number | undefined;
  /** Epoch ms, for signatures and credentials; this machine's clock if not given. */
  readonly now?: (() => number) | undefined;
}

/** S3 in one region: its buckets share the connections, which are kept alive, and the credentials. */
export interface S3Access {
  bucket(name: string): ObjectStore;
  /** Ends every connection. */
  dispose(): void;
}

/** Shorter than the time after which S3 closes a connection that is not used. */
const KEEP_ALIVE_MS = 4000;

/** Opens S3, with credentials by the SDK's default chain. Nothing is sent yet. */
export function createS3Access(options: S3AccessOptions): S3Access {
  const { reader = 'fast', tryTimeoutMs = DEFAULT_TRY_TIMEOUT_MS, now = Date.now } = options;
  const listPageSize = Math.min(options.listPageSize ?? MAX_PAGE_SIZE, MAX_PAGE_SIZE);
  const client = openS3Client({ region: options.region, endpoint: options.endpoint, tryTimeoutMs });
  const viaSdk = (bucket: string) => new S3ObjectStore(client, { bucket, tryTimeoutMs, listPageSize });
  if (reader === 'sdk') return { bucket: viaSdk, dispose: () => client.destroy() };

  const pools = new Map<string, HttpPool>();
  const poolOf = (origin: string) => {
    const pool = pools.get(origin) ?? new HttpPool({ origin, idleTimeoutMs: tryTimeoutMs, keepAliveMs: KEEP_ALIVE_MS });
    pools.set(origin, pool);
    return pool;
  };
  const credentials = new HeldCredentials((asked) => client.config.credentials(asked), now);
  const open = async (bucket: string) => {
    const address = await addressOf(client, options.endpoint, bucket);
    return address && new SignedRequests({ address, pool: poolOf(address.origin), credentials, now });
  };
  return {
    bucket: (bucket) => new FastS3Store({ open: () => open(bucket), tryTimeoutMs, listPageSize, sdk: viaSdk(bucket) }),
    dispose: () => {
      for (const pool of pools.values()) void pool.close();
      client.destroy();
    },
  };
}
