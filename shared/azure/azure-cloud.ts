import { DefaultAzureCredential } from '@azure/identity';
import type { Cloud, CloudTools } from '../cloud';
import type { Retry } from '../retry/retry';
import type { AzureSettings } from '../settings';
import { createBlobServiceAccess } from './blob-service';
import { createCosmosMetadataStore } from './cosmos-metadata-store';
import { createKeyVaultSecrets } from './key-vault-secrets';

/** What Azure Database for PostgreSQL takes for a password (learn.microsoft.com, "Microsoft Entra authentication" of flexible server). */
const DATABASE_SCOPE = 'https://ossrdbms-aad.database.windows.net/.default';

/** Blob Storage, Cosmos DB and Key Vault. */
export function openAzure(azure: AzureSettings, tools: CloudTools): Cloud {
  // One credential for all services, so that they share its cache of tokens; none where nothing asks for it.
  let credential: DefaultAzureCredential | undefined;
  const identity = () => {
    credential ??= new DefaultAzureCredential();
    return credential;
  };
  const { storage, cosmos } = azure;
  const reader = tools.settings.storageReader;
  const account = createBlobServiceAccess(
    'accountUrl' in storage
      ? { accountUrl: storage.accountUrl, credential: identity(), reader }
      : { connectionString: storage.connectionString.reveal(), reader },
  );
  const { endpoint, key, databaseName: database, containerName: container } = cosmos;
  const metadata = createCosmosMetadataStore(
    key === undefined
      ? { endpoint, database, container, credential: identity() }
      : { endpoint, database, container, key: key.reveal() },
  );
  return {
    container: (name) => account.container(name),
    metadata,
    secrets: () => keyVault(azure, identity, tools),
    databaseToken: async () => (await identity().getToken(DATABASE_SCOPE))?.token ?? '',
    dispose: async () => metadata.dispose(),
  };
}

function keyVault(
  { keyVaultUrl: vaultUrl }: AzureSettings,
  identity: () => DefaultAzureCredential,
  { clock, random, log }: CloudTools,
) {
  if (vaultUrl === undefined) return undefined;
  const onRetry = ({ error, tries, waitMs }: Retry) =>
    log.warn('A call is tried again.', { store: vaultUrl, error_code: error.code, tries, wait_ms: waitMs });
  return createKeyVaultSecrets({ vaultUrl, credential: identity(), clock, random, onRetry });
}
