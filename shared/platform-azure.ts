import { openAzure } from './azure/azure-cloud';
import { SettingsError } from './errors';
import { type DisposablePlatform, type PlatformOptions, platformOn } from './platform-core';
import type { Settings } from './settings';

/** The batch's platform on Azure. @throws SettingsError where the settings are of another cloud */
export function createAzurePlatform(settings: Settings, options?: PlatformOptions): DisposablePlatform {
  const { cloud } = settings;
  if (cloud.kind !== 'azure') {
    throw new SettingsError([
      'S3_BUCKET_NAME: the functions on Azure work with AZURE_STORAGE_CONNECTION_STRING or AZURE_STORAGE_ACCOUNT_URL',
    ]);
  }
  return platformOn((tools) => openAzure(cloud, tools), settings, options);
}
