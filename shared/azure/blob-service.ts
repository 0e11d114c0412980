import type { TokenCredential } from '@azure/identity';
import {
  AnonymousCredential,
  BlobServiceClient,
  type StoragePipelineOptions,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import { StorageError } from '../errors';
import { HttpPool } from '../http/http-pool';
import { isError } from '../logging/is-error';
import type { ObjectStore } from '../ports/object-store';
import { DEFAULT_TRY_TIMEOUT_MS } from '../try-timeout';
import { BlobObjectStore } from './blob-object-store';
import { azureProxyOf } from './fast/azure-proxy';
import { containerSignatures } from './fast/container-signature';
import { FastBlobStore } from './fast/fast-blob-store';
import { identityTokens } from './fast/identity-token';
import { fixedGrant, type ReadGrants } from './fast/read-grant';

/** Where a storage account is and how to get in: with its key or a shared access signature, or with an identity. */
export type BlobAccount =
  | { readonly connectionString: string }
  | { readonly accountUrl: string; readonly credential: TokenCredential };

/** What lists and reads: our own requests through pooled connections, or the SDK. */
export type BlobReader = 'fast' | 'sdk';

export interface BlobServiceOptions {
  /** `fast` if not given. */
  readonly reader?: BlobReader | undefined;
  /** What one call may take without a byte moving, in milliseconds; 30 s if not given. */
  readonly tryTimeoutMs?: number | undefined;
  /** Objects in a page of a listing, 5,000 at most, which is the default. */
  readonly listPageSize?: number | undefined;
  /** Epoch ms, for signatures and tokens; this machine's clock if not given. */
  readonly now?: (() => number) | undefined;
  /** A certificate authority (PEM) to trust instead of the public ones, for an account behind a private one. */
  readonly certificateAuthority?: string | undefined;
}

/** One storage account: its containers share one pipeline and one pool of connections, which are kept alive. */
export interface BlobServiceAccess {
  /** The account's address, without a secret. */
  readonly name: string;
  container(name: string): ObjectStore;
}

export type BlobServiceSettings = BlobAccount & BlobServiceOptions;

/** Shorter than the idle time after which Azure's front ends close a connection, so that it is closed on this side. */
const KEEP_ALIVE_MS = 30_000;

/** Azure's largest page. */
const MAX_PAGE_SIZE = 5000;

/**
 * Opens a storage account. Nothing is sent yet.
 *
 * @throws StorageError `storage_request_invalid`, of kind `configuration`, where the connection string or address is none
 */
export function createBlobServiceAccess(settings: BlobServiceSettings): BlobServiceAccess {
  const client = 'connectionString' in settings ? clientOfConnectionString(settings) : clientOfIdentity(settings);
  const tryTimeoutMs = settings.tryTimeoutMs ?? DEFAULT_TRY_TIMEOUT_MS;
  const listPageSize = Math.min(settings.listPageSize ?? MAX_PAGE_SIZE, MAX_PAGE_SIZE);
  const viaSdk = (name: string) => {
    const container = client.getContainerClient(name);
    return new BlobObjectStore(container, { name: withoutQuery(container.url), tryTimeoutMs, listPageSize });
  };
  if (settings.reader === 'sdk') return { name: withoutQuery(client.url), container: viaSdk };

  const { origin } = new URL(client.url);
  const pool = new HttpPool({
    origin,
    idleTimeoutMs: tryTimeoutMs,
    keepAliveMs: KEEP_ALIVE_MS,
    proxyOf: azureProxyOf,
    certificateAuthority: settings.certificateAuthority,
  });
  const grantsFor = grantsOf(client, settings.now ?? Date.now);
  return {
    name: withoutQuery(client.url),
    container: (name) =>
      new FastBlobStore({
        url: new URL(client.getContainerClient(name).url),
        pool,
        grants: grantsFor(name),
        tryTimeoutMs,
        listPageSize,
        sdk: viaSdk(name),
      }),
  };
}

/** What lets in who asks for a container: made from what lets the SDK in. */
function grantsOf({ url, credential }: BlobServiceClient, now: () => number): (container: string) => ReadGrants {
  if (credential instanceof StorageSharedKeyCredential) {
    const httpsOnly = url.startsWith('https:');
    return (container) => containerSignatures(credential, container, { httpsOnly, now });
  }
  if (credential instanceof AnonymousCredential) {
    const given = fixedGrant(new URL(url).search.slice(1));
    return () => given;
  }
  const tokens = identityTokens(credential, now);
  return () => tokens;
}

/** One container of an account: see {@link createBlobServiceAccess}, which is the way to several. */
export function createBlobObjectStore(settings: BlobServiceSettings & { readonly container: string }): ObjectStore {
  return createBlobServiceAccess(settings).container(settings.container);
}

/** One try a call: RetryingObjectStore decides about the others, with our clock and our log. */
function pipelineOptions({ certificateAuthority }: BlobServiceOptions): StoragePipelineOptions {
  // tlsOptions is an option of the pipeline below (@azure/core-rest-pipeline) that the storage package's type leaves out.
  const tls = certificateAuthority === undefined ? {} : { tlsOptions: { ca: certificateAuthority } };
  return { retryOptions: { maxTries: 1 }, keepAliveOptions: { enable: true }, ...tls };
}

function clientOfConnectionString(settings: { connectionString: string } & BlobServiceOptions): BlobServiceClient {
  try {
    return BlobServiceClient.fromConnectionString(settings.connectionString, pipelineOptions(settings));
  } catch (error) {
    throw unreadableConnectionString(settings.connectionString, error);
  }
}

function clientOfIdentity(
  settings: { accountUrl: string; credential: TokenCredential } & BlobServiceOptions,
): BlobServiceClient {
  const url = URL.canParse(settings.accountUrl) ? new URL(settings.accountUrl) : undefined;
  const problem =
    url === undefined
      ? 'is not a URL'
      : url.protocol !== 'https:'
        ? 'does not begin with https://, and an identity is not sent without encryption'
        : url.search !== '' || url.username !== ''
          ? 'holds a signature or a user name beside the address'
          : undefined;
  if (url === undefined || problem !== undefined) {
    throw badAccount(`The storage account's address ${problem}. Expected https://ACCOUNT.blob.core.windows.net.`);
  }
  return new BlobServiceClient(url.href.replace(/\/$/, ''), settings.credential, pipelineOptions(settings));
}

/** Says which part is wrong. The SDK's own errors name parts, but some of them carry the address with its signature. */
function unreadableConnectionString(connectionString: string, error: unknown): StorageError {
  const parts = new Set(connectionString.split(';').map((part) => part.split('=', 1).join('').trim()));
  const wanted = ['AccountName', 'AccountKey'].filter((part) => !parts.has(part));
  const reason =
    wanted.length > 0 && !parts.has('SharedAccessSignature')
      ? `it has no ${wanted.join(' and no ')}, and no BlobEndpoint with a SharedAccessSignature`
      : `one of its parts (${[...parts].filter((part) => part !== '').join(', ')}) cannot be read`;
  return badAccount(
    `The storage connection string cannot be used (${isError(error) ? error.name : 'Error'}): ${reason}. ` +
      "Copy it again from the account's access keys.",
  );
}

function badAccount(message: string): StorageError {
  return new StorageError(message, { code: 'storage_request_invalid', kind: 'configuration' });
}

function withoutQuery(url: string): string {
  return url.split('?', 1).join('').replace(/\/$/, '');
}
