import { createDynamoMetadataStore } from '../../../shared/aws/dynamo-metadata-store';
import { describeMetadataStore, PAGE_SIZE } from '../../contract/metadata-store-contract';
import { newTable, sharedAws } from '../../support/aws-services';

async function open() {
  const { region, dynamodb } = sharedAws();
  const settings = { region, endpoint: dynamodb.endpoint, pageSize: PAGE_SIZE };
  const store = createDynamoMetadataStore({ ...settings, table: await newTable('contract') });
  const missing = [createDynamoMetadataStore({ ...settings, table: 'not-there' })];
  const close = async () => {
    for (const opened of [store, ...missing]) opened.dispose();
  };
  return { store, missing, close };
}

describeMetadataStore('DynamoDB', open, { canBeMissing: true });
