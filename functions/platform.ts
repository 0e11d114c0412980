import type { BatchPlatform } from '../shared/batch/batch-platform';
import { createPlatform } from '../shared/platform';
import { processSettings } from '../shared/process-settings';

let platform: BatchPlatform | undefined;

/** The platform of this worker process, made when the first function needs it. @throws SettingsError */
export function appPlatform(): BatchPlatform {
  platform ??= createPlatform(processSettings());
  return platform;
}
