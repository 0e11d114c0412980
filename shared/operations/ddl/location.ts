import { InputError } from '../../errors';
import type { Settings, StorageSettings } from '../../settings';
import { containerFor } from '../../tenant-id';
import type { Engine } from './engines';

/** What each engine reads from, in words for who gave another address. */
const ADDRESSES: Readonly<Record<Engine, { readonly of: RegExp; readonly expected: string }>> = {
  athena: { of: /^s3:\/\//, expected: 's3://bucket: Athena reads from S3 alone' },
  synapse: { of: /^(https|abfss):\/\//, expected: 'https://account.blob.core.windows.net/container' },
  fabric: {
    of: /^(https|abfss):\/\//,
    expected: 'https://account.dfs.core.windows.net/container, or the address of a OneLake shortcut',
  },
  databricks: {
    of: /^((s3|abfss):\/\/|\/Volumes\/)/,
    expected: 's3://bucket, abfss://container@account.dfs.core.windows.net, or a path below /Volumes',
  },
  duckdb: { of: /^/, expected: 'a folder, s3://bucket, az://container or another address' },
};

/** Letters that mean nothing but themselves in an address, in a pattern of file names, and in every engine's text. */
const PLAIN_ADDRESS = /^[A-Za-z0-9][A-Za-z0-9+.-]*:\/\/[A-Za-z0-9@._~%+=:/-]+$/;
/** A folder may have other letters too, but none of those that a pattern of file names reads as more, and none that cannot be seen. */
const PLAIN_FOLDER = /^[^\p{C}*?[\]{}\\]+$/u;

/**
 * The address of a container or folder below which `{tenant}/analytics/` lies, as somebody gave it, without slashes at its end.
 * @throws InputError where it is no address that the engine reads, or holds what a pattern or a statement could read as more
 */
export function givenLocation(engine: Engine, text: string): string {
  const { of, expected } = ADDRESSES[engine];
  const plain = text.includes('://') ? PLAIN_ADDRESS : PLAIN_FOLDER;
  if (!of.test(text)) throw new InputError({ location: `expected ${expected}` });
  if (!plain.test(text)) {
    throw new InputError({
      location:
        'expected an address of letters, digits and ._~%+=:@/- only: no quotes, wildcards or control characters',
    });
  }
  return text.replace(/\/+$/, '') || '/';
}

/**
 * The address of a tenant's output by the settings, in the form that the engine reads.
 * @throws InputError where the settings' storage is none that the engine reads: its address must be given
 * @throws TenantError where the tenant's name makes no container name
 */
export function settingsLocation(
  engine: Engine,
  { cloud, analyticsContainer }: Pick<Settings, 'cloud' | 'analyticsContainer'>,
  tenant: string,
): string {
  const container = containerFor(analyticsContainer, tenant);
  const location = cloud.kind === 'aws' ? `s3://${container}` : azureLocation(engine, cloud.storage, container);
  if (location !== undefined && ADDRESSES[engine].of.test(location)) return location;
  const found = location ?? 'a storage account without a public address';
  throw new InputError({ location: `is needed: the settings name ${found}; expected ${ADDRESSES[engine].expected}` });
}

function azureLocation(engine: Engine, storage: StorageSettings, container: string): string | undefined {
  const host = accountHost(storage);
  if (host === undefined) return undefined;
  const dataLake = `abfss://${container}@${host.replace('.blob.', '.dfs.')}`;
  if (engine === 'duckdb') return `az://${host}/${container}`;
  return engine === 'databricks' ? dataLake : `https://${host}/${container}`;
}

/** `account.blob.core.windows.net`; undefined for a stand-in, which no engine elsewhere could reach. */
function accountHost(storage: StorageSettings): string | undefined {
  const host =
    'accountUrl' in storage ? hostOf(storage.accountUrl) : hostInConnection(storage.connectionString.reveal());
  return host !== undefined && /^[a-z0-9]+\.blob\.[a-z0-9.-]+$/.test(host) ? host : undefined;
}

function hostInConnection(connection: string): string | undefined {
  const fields = new Map(
    connection.split(';').map((field): [string, string] => {
      const at = field.indexOf('=');
      return [field.slice(0, at).trim().toLowerCase(), field.slice(at + 1).trim()];
    }),
  );
  const endpoint = fields.get('blobendpoint');
  if (endpoint !== undefined) return hostOf(endpoint);
  const account = fields.get('accountname');
  return account === undefined ? undefined : `${account}.blob.${fields.get('endpointsuffix') ?? 'core.windows.net'}`;
}

function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}
