import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, Server } from 'node:http';
import { Agent } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CosmosClient } from '@azure/cosmos';
import {
  AuthenticationError,
  ChainedTokenCredential,
  CredentialUnavailableError,
  type TokenCredential,
} from '@azure/identity';
import { createHttpsServer } from '@vercel/cosmosdb-server';
import { type Azurite, startAzurite } from '../../../local/services/azurite';
import { type BlobReader, type BlobServiceAccess, createBlobServiceAccess } from '../../../shared/azure/blob-service';
import { type CosmosMetadataStore, createCosmosMetadataStore } from '../../../shared/azure/cosmos-metadata-store';
import {
  describeMetadataStore,
  expectFailure as expectMetadataFailure,
  PAGE_SIZE as METADATA_PAGE_SIZE,
} from '../../contract/metadata-store-contract';
import { describeObjectStore, expectFailure, PAGE_SIZE } from '../../contract/object-store-contract';
import { selfSignedCertificate } from '../../support/self-signed-certificate';

/** An identity whose tokens have the claims of a real one, which Azurite checks, and no signature, which it does not. */
class TestIdentity implements TokenCredential {
  readonly scopes = new Set<string>();

  constructor(private readonly audience: string) {}

  async getToken(scopes: string | string[]): Promise<{ token: string; expiresOnTimestamp: number }> {
    for (const scope of [scopes].flat()) this.scopes.add(scope);
    const seconds = Math.floor(Date.now() / 1000);
    const times = { iat: seconds - 60, nbf: seconds - 60, exp: seconds + 3600 };
    const claims = { aud: this.audience, iss: 'https://sts.windows.net/test/', ...times };
    const token = `${base64({ alg: 'none' })}.${base64(claims)}.`;
    return { token, expiresOnTimestamp: times.exp * 1000 };
  }
}

const certificate = selfSignedCertificate();

const nobody: TokenCredential = new ChainedTokenCredential({
  getToken: async () => {
    throw new CredentialUnavailableError('nobody is signed in');
  },
});

const outage: TokenCredential = {
  getToken: async () => {
    throw new AuthenticationError(503, { error: 'temporarily_unavailable', error_description: 'come back later' });
  },
};

describe.each<BlobReader>(['fast', 'sdk'])('a storage account by identity, read by %s', (reader) => {
  const identity = new TestIdentity('https://storage.azure.com');
  let folder: string;
  let azurite: Azurite;

  const access = (credential: TokenCredential): BlobServiceAccess =>
    createBlobServiceAccess({
      accountUrl: azurite.blobUrl,
      credential,
      reader,
      listPageSize: PAGE_SIZE,
      certificateAuthority: certificate.cert,
    });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'makoto-identity-'));
    const tls = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
    await writeFile(tls.certFile, certificate.cert);
    await writeFile(tls.keyFile, certificate.key, { mode: 0o600 });
    azurite = await startAzurite({ tls });
  });

  afterAll(async () => {
    await azurite.stop();
    await rm(folder, { recursive: true });
  });

  const open = async () => {
    const container = `identity-${randomUUID()}`;
    await azurite.createContainer(container);
    return { store: access(identity).container(container), missing: access(identity).container('not-there') };
  };

  describeObjectStore('Azure Blob Storage by identity', open, { canBeMissing: true });

  test('asks for tokens of storage and nothing else', async () => {
    await (await open()).store.list('');

    expect([...identity.scopes]).toEqual(['https://storage.azure.com/.default']);
  });

  test('a token that is for something else is refused as a configuration', async () => {
    const store = access(new TestIdentity('https://vault.azure.net')).container('anything');

    const error = await expectFailure(store.read('x'), 'access_denied', 'configuration');

    expect(error.message).toContain('Storage Blob Data Contributor');
  });

  test('no identity at all is a configuration, and says what to do', async () => {
    const error = await expectFailure(access(nobody).container('anything').read('x'), 'access_denied', 'configuration');

    expect(error.message).toContain('az login');
  });

  test('an outage of the token service is transient', async () => {
    await expectFailure(access(outage).container('anything').read('x'), 'storage_unavailable', 'transient');
  });

  test('an account whose certificate is not trusted is a configuration', async () => {
    const store = createBlobServiceAccess({ accountUrl: azurite.blobUrl, credential: identity, reader }).container(
      'anything',
    );

    await expectFailure(store.read('x'), 'storage_connection_lost', 'configuration');
  });
});

describe('a Cosmos DB account by identity', () => {
  const identity = new TestIdentity('https://cosmos.azure.com');
  const authorizations: string[] = [];
  let server: Server;
  let endpoint: string;
  let admin: CosmosClient;

  beforeAll(async () => {
    server = createHttpsServer({ ...certificate, keepAlive: true });
    server.on('request', ({ headers }: IncomingMessage) => authorizations.push(headers.authorization ?? ''));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The emulator listens on no port.');
    endpoint = `https://127.0.0.1:${address.port}/`;
    admin = cosmosClient(endpoint);
    await admin.databases.create({ id: 'identity' });
  });

  afterAll(async () => {
    admin.dispose();
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  });

  const store = (container: string, credential: TokenCredential = identity): CosmosMetadataStore =>
    createCosmosMetadataStore({
      endpoint,
      credential,
      database: 'identity',
      container,
      pageSize: METADATA_PAGE_SIZE,
      certificateAuthority: certificate.cert,
    });

  const open = async () => {
    const id = randomUUID();
    await admin.database('identity').containers.create({ id, partitionKey: { paths: ['/PK'] } });
    const stores = [store(id), store('not-there')] as const;
    const close = async () => {
      for (const opened of stores) opened.dispose();
    };
    return { store: stores[0], missing: [stores[1]], close };
  };

  describeMetadataStore('Cosmos DB by identity', open, { canBeMissing: true });

  test('sends the token of this account, and no key', async () => {
    const opened = await open();
    authorizations.length = 0;

    await opened.store.put({ PK: 'p', SK: 's' });

    const { token } = await identity.getToken([]);
    const [header] = token.split('.');
    expect(authorizations.length).toBeGreaterThan(0);
    for (const sent of authorizations) {
      expect(decodeURIComponent(sent)).toContain(`type=aad&ver=1.0&sig=${header}.`);
    }
    expect([...identity.scopes]).toEqual([`${endpoint.replace(/\/$/, '')}/.default`]);
    await opened.close();
  });

  test('no identity at all is a configuration', async () => {
    const opened = store('anything', nobody);

    await expectMetadataFailure(opened.get('p', 's'), 'metadata_access_denied', 'configuration');
    opened.dispose();
  });

  test('an outage of the token service is transient', async () => {
    const opened = store('anything', outage);

    await expectMetadataFailure(opened.get('p', 's'), 'metadata_unavailable', 'transient');
    opened.dispose();
  });
});

function cosmosClient(endpoint: string): CosmosClient {
  const agent = new Agent({ keepAlive: true, ca: certificate.cert });
  return new CosmosClient({ endpoint, key: 'a2V5', agent, connectionPolicy: { enableEndpointDiscovery: false } });
}

function base64(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
