import type { BatchPlatform } from '../shared/batch/batch-platform';
import type * as StepHandlersModule from '../shared/batch/step-handlers';
import { SettingsError } from '../shared/errors';
import type * as PlatformModule from '../shared/platform-aws';
import { processSettings } from '../shared/process-settings';
import { functionEnvironment } from './environment';

// A function that has been started before keeps its platform, with the connections and what was loaded.

/** What sends to Application Insights is left out of the packages of the functions. */
const NOT_PACKED =
  'APPLICATIONINSIGHTS_CONNECTION_STRING: the functions on AWS tell CloudWatch, and OTEL_EXPORTER_OTLP_ENDPOINT if it is set';

let platform: BatchPlatform | undefined;
let steps: StepHandlersModule.StepHandlers | undefined;

/** The platform of this process, made for the first event. @throws SettingsError */
export function functionPlatform(): BatchPlatform {
  if (platform === undefined) {
    const settings = processSettings();
    if (settings.telemetry.applicationInsights !== undefined) throw new SettingsError([NOT_PACKED]);
    const { createAwsPlatform } = require('../shared/platform-aws') as typeof PlatformModule;
    const logFormat = functionEnvironment().onLambda ? 'cloudwatch' : 'json';
    platform = createAwsPlatform(settings, { logSink: process.stdout, logFormat });
  }
  return platform;
}

/** The steps of the batch on a platform: always the same ones for this process's own. */
export function stepsOf(on: BatchPlatform): StepHandlersModule.StepHandlers {
  if (on === platform && steps !== undefined) return steps;
  const { stepHandlers } = require('../shared/batch/step-handlers') as typeof StepHandlersModule;
  const made = stepHandlers(on);
  if (on === platform) steps = made;
  return made;
}

/** Sends what telemetry is waiting: a process that is frozen sends nothing. */
export async function flushTelemetry(): Promise<void> {
  await platform?.telemetry.flush();
}
