import { app } from '@azure/functions';
import type { BatchPlatform } from '../shared/batch/batch-platform';
import type * as StepHandlersModule from '../shared/batch/step-handlers';
import { startEncodingThread } from '../shared/parquet/encoding-link';
import type * as PlatformModule from '../shared/platform-azure';
import { processSettings } from '../shared/process-settings';
import type { Settings } from '../shared/settings';

// A worker process starts as often as the app scales out, and must have registered its functions before it is given any work: clients,
// encoders and drivers, most of what there is to load, are loaded with the first work.

let settings: Settings | undefined;
let platform: BatchPlatform | undefined;
let handlers: StepHandlersModule.StepHandlers | undefined;

// The host leaves to the app what the app logs, and passes on nothing that the app sends by itself.
app.setup({ capabilities: { WorkerOpenTelemetryEnabled: true } });
app.hook.appTerminate(() => platform?.telemetry.flush());

/** The settings of this worker process. @throws SettingsError */
export function appSettings(): Settings {
  settings ??= processSettings();
  return settings;
}

/** The platform of this worker process, made when the first function needs it. @throws SettingsError */
export function appPlatform(): BatchPlatform {
  if (platform === undefined) {
    const { createAzurePlatform } = require('../shared/platform-azure') as typeof PlatformModule;
    platform = createAzurePlatform(appSettings(), { startEncodingThread });
  }
  return platform;
}

/** The steps of the batch on that platform. @throws SettingsError */
export function appSteps(): StepHandlersModule.StepHandlers {
  if (handlers === undefined) {
    const { stepHandlers } = require('../shared/batch/step-handlers') as typeof StepHandlersModule;
    handlers = stepHandlers(appPlatform());
  }
  return handlers;
}
