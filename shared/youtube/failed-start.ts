import { BatchError } from '../errors';
import { errorDimensions } from '../logging/error-dimensions';
import type { ChannelName } from '../ports/youtube-api';
import { FetchProgress, type Reading } from './fetch-progress';
import { lastHandle } from './handle-note';
import { quotaStop, stopFailure } from './reading-stop';
import type { SyncContext } from './sync-context';
import { progressKey } from './sync-paths';

/**
 * The failure of a try that did not come to reading: it tells how far earlier tries and runs have come, which the next one goes on from, and
 * counts what this one has spent beside theirs.
 *
 * @param spent units of quota, by this try
 */
export async function failedStart(
  error: unknown,
  context: SyncContext,
  name: ChannelName,
  spent: number,
): Promise<unknown> {
  if (!(error instanceof BatchError) || error.progress !== undefined) return error;
  const reading = await countedReading(context, name, spent);
  const nowMs = context.clock.now();
  if (reading !== undefined) return stopFailure(error, reading, nowMs);
  error.progress = { listed: 0, read: 0, units: spent, ...quotaStop(error, nowMs) };
  return error;
}

/** The stored reading that is not done, with the units of this try added; undefined where there is none, or it cannot be had. */
async function countedReading(context: SyncContext, name: ChannelName, spent: number): Promise<Reading | undefined> {
  const { output, tenant, run, log } = context;
  try {
    const channelId = 'id' in name ? name.id : await lastHandle(output, tenant, name.handle);
    if (channelId === undefined) return undefined;
    const progress = await FetchProgress.open(output, progressKey(tenant, channelId));
    const { found } = progress;
    if (found === undefined || found.result !== null) return undefined;
    // Another run may be at work on it just now: it would find that somebody else has written, and give up.
    if (found.run !== run) return { ...found, units: spent };
    const reading = { ...found, units: found.units + spent };
    if (spent > 0) await progress.save(reading);
    return reading;
  } catch (error) {
    // Why the reading failed is what must be known.
    log.warn('What was spent on a channel could not be added to its reading.', errorDimensions(error));
    return undefined;
  }
}
