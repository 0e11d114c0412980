import { openAws } from './aws/aws-cloud';
import { SettingsError } from './errors';
import { type DisposablePlatform, type PlatformOptions, platformOn } from './platform-core';
import type { Settings } from './settings';

/** The batch's platform on AWS. @throws SettingsError where the settings are of another cloud */
export function createAwsPlatform(settings: Settings, options?: PlatformOptions): DisposablePlatform {
  const { cloud } = settings;
  if (cloud.kind !== 'aws') {
    throw new SettingsError(['S3_BUCKET_NAME: is required: the bucket with the messages']);
  }
  return platformOn((tools) => openAws(cloud, tools), settings, options);
}
