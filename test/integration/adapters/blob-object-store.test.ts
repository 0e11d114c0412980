import { type BlobReader, createBlobServiceAccess } from '../../../shared/azure/blob-service';
import { describeObjectStore, PAGE_SIZE } from '../../contract/object-store-contract';
import { newBlobContainer, sharedServices } from '../../support/services';

const opening = (reader: BlobReader) => async () => {
  const { AZURE_STORAGE_CONNECTION_STRING: connectionString } = sharedServices();
  const access = createBlobServiceAccess({ connectionString, listPageSize: PAGE_SIZE, reader });
  return { store: access.container(await newBlobContainer('contract')), missing: access.container('not-there') };
};

describeObjectStore('Azure Blob Storage by connection string', opening('fast'), { canBeMissing: true });
describeObjectStore('Azure Blob Storage by connection string, through the SDK', opening('sdk'), { canBeMissing: true });
