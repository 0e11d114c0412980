import type { TokenCredential } from '@azure/identity';
import { createBlobServiceAccess } from '../../../shared/azure/blob-service';
import { createCosmosMetadataStore } from '../../../shared/azure/cosmos-metadata-store';
import { MetadataError, StorageError } from '../../../shared/errors';

const KEY = Buffer.from('a very secret account key').toString('base64');
const credential: TokenCredential = { getToken: async () => null };

function failureOf(open: () => unknown): unknown {
  try {
    open();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('a storage account', () => {
  test('is named by its address, without a signature', () => {
    const bySignature = createBlobServiceAccess({
      connectionString: `BlobEndpoint=https://acme.blob.core.windows.net/;SharedAccessSignature=sv=2024&sig=${KEY}`,
    });
    const byKey = createBlobServiceAccess({
      connectionString: `DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=${KEY};EndpointSuffix=core.windows.net`,
    });
    const byIdentity = createBlobServiceAccess({ accountUrl: 'https://acme.blob.core.windows.net/', credential });

    for (const access of [bySignature, byKey, byIdentity]) {
      expect(access.name).toBe('https://acme.blob.core.windows.net');
      expect(access.container('messages').name).toBe('https://acme.blob.core.windows.net/messages');
    }
  });

  test.each([
    ['nothing', ''],
    ['a key alone', `AccountKey=${KEY}`],
    ['no account', `DefaultEndpointsProtocol=https;AccountKey=${KEY};EndpointSuffix=core.windows.net`],
    ['no key', 'DefaultEndpointsProtocol=https;AccountName=acme;EndpointSuffix=core.windows.net'],
    ['a key without its sign', `DefaultEndpointsProtocol=https;AccountName=acme;AccountKey ${KEY}`],
    ['no suffix', `DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=${KEY}`],
    [
      'another protocol',
      `DefaultEndpointsProtocol=ftp;AccountName=acme;AccountKey=${KEY};EndpointSuffix=core.windows.net`,
    ],
    ['an address that is none', `BlobEndpoint=acme ${KEY};SharedAccessSignature=sv=2024&sig=${KEY}`],
    ['a signature without an address', `SharedAccessSignature=sv=2024&sig=${KEY}`],
  ])('refuses a connection string with %s, and does not show it', (_, connectionString) => {
    const error = failureOf(() => createBlobServiceAccess({ connectionString }));

    expect(error).toBeInstanceOf(StorageError);
    expect(error).toMatchObject({ code: 'storage_request_invalid', kind: 'configuration' });
    expect(`${error} ${error instanceof Error ? error.stack : ''} ${JSON.stringify(error)}`).not.toContain(KEY);
  });

  test.each([
    'acme',
    'http://acme.blob.core.windows.net',
    `https://acme.blob.core.windows.net/?sig=${KEY}`,
    `https://me:${KEY}@acme/`,
  ])('refuses the address %s for an identity', (accountUrl) => {
    const error = failureOf(() => createBlobServiceAccess({ accountUrl, credential }));

    expect(error).toBeInstanceOf(StorageError);
    expect(error).toMatchObject({ kind: 'configuration' });
    expect(String(error)).not.toContain(KEY);
  });
});

describe('a Cosmos DB account', () => {
  test('is named by its address, database and container', () => {
    const settings = { endpoint: 'https://acme.documents.azure.com:443/', database: 'db', container: 'items' };
    const store = createCosmosMetadataStore({ ...settings, key: KEY });

    expect(store.name).toBe('https://acme.documents.azure.com/db/items');
    store.dispose();
  });

  test('refuses an endpoint that is no address', () => {
    const error = failureOf(() =>
      createCosmosMetadataStore({ endpoint: 'acme', key: KEY, database: 'db', container: 'items' }),
    );

    expect(error).toBeInstanceOf(MetadataError);
    expect(error).toMatchObject({ kind: 'configuration' });
  });
});
