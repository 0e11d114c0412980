import type { BatchPlatform } from '../shared/batch/batch-platform';
import type * as InlineEngineModule from '../shared/batch/inline-engine';
import type { JobReport } from '../shared/batch/report';
import { errorDimensions } from '../shared/logging/error-dimensions';
import { boundedReport } from './bounded-report';
import { requestOfEvent } from './events';
import { completedRun, RunNotCompletedError } from './run-not-completed';

/** What of Lambda's context a run needs. */
export interface Remaining {
  getRemainingTimeInMillis(): number;
}

/** A function may answer with 6 MB at most (Lambda quotas), which a report of thousands of tenants would come near to. */
const LARGEST_REPORT = 1024 * 1024;

/** What a run leaves of the time, for telling how it went, in milliseconds. */
const TELLING_MS = 5_000;

/**
 * Runs what an event asks for within one invocation: all tenants, by the inline engine. Stops before the time is over, and then says what is
 * left; the same event again takes that up.
 *
 * @throws EventError where the event asks for nothing, RunNotCompletedError where the run is not completed
 */
export async function runInvocation(event: unknown, remaining: Remaining, platform: BatchPlatform): Promise<JobReport> {
  const { log, telemetry } = platform;
  try {
    const request = requestOfEvent(event, platform);
    const { runInline } = require('../shared/batch/inline-engine') as typeof InlineEngineModule;
    const report = await runInline(platform, request, {
      timeLeftMs: () => Math.max(0, remaining.getRemainingTimeInMillis() - TELLING_MS),
    });
    return boundedReport(completedRun(report, log), LARGEST_REPORT);
  } catch (error) {
    if (!(error instanceof RunNotCompletedError)) {
      log.error('The invocation has failed.', { stage: 'run', ...errorDimensions(error) });
    }
    throw error;
  } finally {
    // What is not sent now would wait in a frozen process for the next event, which may never come.
    await telemetry.flush();
  }
}
