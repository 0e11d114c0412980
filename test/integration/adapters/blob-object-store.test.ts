import { createBlobServiceAccess } from '../../../shared/azure/blob-service';
import { describeObjectStore, PAGE_SIZE } from '../../contract/object-store-contract';
import { newBlobContainer, sharedServices } from '../../support/services';

async function open() {
  const { AZURE_STORAGE_CONNECTION_STRING: connectionString } = sharedServices();
  const access = createBlobServiceAccess({ connectionString, listPageSize: PAGE_SIZE });
  return { store: access.container(await newBlobContainer('contract')), missing: access.container('not-there') };
}

describeObjectStore('Azure Blob Storage by connection string', open, { canBeMissing: true });
