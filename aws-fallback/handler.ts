import type { Context } from 'aws-lambda';
import type { JobReport } from '../shared/batch/report';
import type * as InlineRunModule from './inline-run';
import type * as PlatformModule from './platform';

// A function that starts has a short time before its first event: nothing is loaded until there is one.

/** The plain function: one invocation is one run. See events.ts for what it takes. */
export async function handler(event: unknown, context: Context): Promise<JobReport> {
  const { functionPlatform } = require('./platform') as typeof PlatformModule;
  const { runInvocation } = require('./inline-run') as typeof InlineRunModule;
  return await runInvocation(event, context, functionPlatform());
}
