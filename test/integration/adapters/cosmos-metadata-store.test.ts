import { createCosmosMetadataStore } from '../../../shared/azure/cosmos-metadata-store';
import { describeMetadataStore, PAGE_SIZE } from '../../contract/metadata-store-contract';
import { newMetadataContainer, sharedServices } from '../../support/services';

async function open() {
  const { COSMOS_ENDPOINT: endpoint, COSMOS_KEY: key, COSMOS_DATABASE_NAME: database } = sharedServices();
  const container = await newMetadataContainer('contract');
  const settings = { endpoint, key, database, container, pageSize: PAGE_SIZE };
  const store = createCosmosMetadataStore(settings);
  const missing = [
    createCosmosMetadataStore({ ...settings, container: 'not-there' }),
    createCosmosMetadataStore({ ...settings, database: 'not-there' }),
  ];
  const close = async () => {
    for (const opened of [store, ...missing]) opened.dispose();
  };
  return { store, missing, close };
}

describeMetadataStore('Cosmos DB by key', open, { canBeMissing: true });
