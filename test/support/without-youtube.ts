import type { BatchPlatform } from '../../shared/batch/batch-platform';
import { noTelemetry } from '../../shared/telemetry/no-telemetry';

/** The part of a platform that a test of the export has no use for. */
export const withoutYoutube: Pick<BatchPlatform, 'youtube' | 'catalogue' | 'random' | 'telemetry'> = {
  youtube: async () => {
    throw new Error('There is no YouTube in this test.');
  },
  catalogue: () => {
    throw new Error('There is no catalogue in this test.');
  },
  random: () => 0.5,
  telemetry: noTelemetry,
};
