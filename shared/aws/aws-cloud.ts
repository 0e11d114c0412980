import type { Cloud, CloudTools } from '../cloud';
import type { AwsSettings } from '../settings';
import { createDynamoMetadataStore } from './dynamo-metadata-store';
import { createS3Access } from './s3-access';
import { createSecretsManagerSecrets } from './secrets-manager-secrets';

/** S3, DynamoDB and Secrets Manager. */
export function openAws(aws: AwsSettings, { settings, clock, random, log }: CloudTools): Cloud {
  const { region, table, endpoints } = aws;
  const buckets = createS3Access({ region, endpoint: endpoints.s3, reader: settings.storageReader });
  const metadata = createDynamoMetadataStore({ region, table, endpoint: endpoints.dynamodb });
  return {
    container: (name) => buckets.bucket(name),
    metadata,
    secrets: () => createSecretsManagerSecrets({ aws, clock, random, log }),
    databaseToken: undefined,
    dispose: async () => {
      buckets.dispose();
      metadata.dispose();
    },
  };
}
