import { StorageError } from '../../shared/errors';
import type { OtherClock } from '../../shared/operations/doctor/clock-check';
import type { CloudSettings, Settings, StorageSettings } from '../../shared/settings';

/** What the answer may take, in milliseconds. */
const TIMEOUT_MS = 10_000;

/**
 * The storage service's time, from the `Date` of an answer to a request that asks for nothing: whether it is refused makes no difference.
 *
 * @throws StorageError where no answer comes, or none with a time
 */
export async function storageClock({ cloud }: Settings): Promise<OtherClock> {
  const address = new URL(addressOf(cloud));
  const answer = await head(address);
  const nowMs = Date.parse(answer.headers.get('date') ?? '');
  if (!Number.isNaN(nowMs)) return { nowMs, name: address.host };
  throw new StorageError(`${address.host} did not say what time it is.`, {
    code: 'storage_unavailable',
    kind: 'transient',
  });
}

async function head(address: URL): Promise<Response> {
  try {
    return await fetch(address.origin, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (error) {
    throw new StorageError(`${address.host} did not answer.`, {
      code: 'storage_connection_lost',
      kind: 'transient',
      cause: error,
    });
  }
}

function addressOf(cloud: CloudSettings): string {
  if (cloud.kind === 'azure') return addressOfAccount(cloud.storage);
  const domain = cloud.region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return cloud.endpoints.s3 ?? `https://s3.${cloud.region}.${domain}`;
}

/** Azurite's address, which UseDevelopmentStorage=true stands for. */
const DEVELOPMENT = 'http://127.0.0.1:10000';

/** Of a connection string nothing leaves this function but the address in it. */
function addressOfAccount(storage: StorageSettings): string {
  if ('accountUrl' in storage) return storage.accountUrl;
  const text = storage.connectionString.reveal();
  const part = (name: string) => new RegExp(`(?:^|;)\\s*${name}=([^;]+)`, 'i').exec(text)?.[1]?.trim();
  const ofAccount = `${part('DefaultEndpointsProtocol')}://${part('AccountName')}.blob.${part('EndpointSuffix')}`;
  return part('BlobEndpoint') ?? (part('UseDevelopmentStorage') === undefined ? ofAccount : DEVELOPMENT);
}
