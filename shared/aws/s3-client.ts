import { S3Client } from '@aws-sdk/client-s3';

export interface S3ClientOptions {
  readonly region: string;
  /** Of a stand-in for S3, or of a private endpoint; AWS's own if not given. */
  readonly endpoint?: string | undefined;
  readonly tryTimeoutMs: number;
}

/**
 * The SDK's client: one try a call, and credentials by its default chain. Checksums are on, as they are by default. Nothing is sent yet.
 *
 * Endpoints have bucket names in their paths, AWS in its host names. Only the settings say where S3 is, not a profile of the machine's.
 */
export function openS3Client({ region, endpoint, tryTimeoutMs }: S3ClientOptions): S3Client {
  // The batch decides how much is under way at a time. Bodies are sent at once, on connections that are kept: a request that waits to be
  // let in (`Expect: 100-continue`) gets a connection of its own.
  const agent = { keepAlive: true, maxSockets: Number.POSITIVE_INFINITY };
  return new S3Client({
    region,
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    maxAttempts: 1,
    ignoreConfiguredEndpointUrls: true,
    expectContinueHeader: false,
    requestHandler: { httpAgent: agent, httpsAgent: agent, connectionTimeout: tryTimeoutMs },
  });
}
