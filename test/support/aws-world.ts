import { createAwsPlatform } from '../../shared/platform-aws';
import { loadSettings } from '../../shared/settings';
import { motoEndpoint, newBucket, newTable, sharedAws } from './aws-services';
import type { ServiceWorld } from './service-world';

/** A bucket and a table of a test's own in the shared stand-ins for AWS, as settings of the app and as a platform. */
export async function newAwsWorld(extra: Readonly<Record<string, string>> = {}): Promise<ServiceWorld> {
  const { region, dynamodb } = sharedAws();
  const settings = {
    AWS_DEFAULT_REGION: region,
    S3_BUCKET_NAME: await newBucket(),
    DYNAMODB_TABLE_NAME: await newTable(),
    AWS_ENDPOINT_URL: motoEndpoint(),
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
    TENANT_ID: '*',
    LOG_LEVEL: 'error',
    ...extra,
  };
  return { settings, platform: createAwsPlatform(loadSettings(settings)) };
}
