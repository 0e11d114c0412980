import type * as AwsModule from './platform-aws';
import type * as AzureModule from './platform-azure';
import type { DisposablePlatform, PlatformOptions } from './platform-core';
import type { Settings } from './settings';

export type { DisposablePlatform, PlatformOptions } from './platform-core';

/** The batch's platform on the cloud that the settings name, whose clients alone are loaded. */
export function createPlatform(settings: Settings, options?: PlatformOptions): DisposablePlatform {
  if (settings.cloud.kind === 'aws') {
    const { createAwsPlatform } = require('./platform-aws') as typeof AwsModule;
    return createAwsPlatform(settings, options);
  }
  const { createAzurePlatform } = require('./platform-azure') as typeof AzureModule;
  return createAzurePlatform(settings, options);
}
