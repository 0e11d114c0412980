import { BatchError, type ReadingProgress, YoutubeError } from '../errors';
import { answeredIds, type Reading } from './fetch-progress';
import { pacificDay, quotaResetsAt } from './quota-day';
import { listedIds } from './uploads-list';

/** The failure that a reading ends with: it knows how far the reading has come, and for want of quota says so too. */
export function stopFailure(error: unknown, reading: Reading, nowMs: number): unknown {
  if (!(error instanceof BatchError)) return error;
  const progress = progressOf(reading);
  if (!(error instanceof YoutubeError) || error.kind !== 'quota') {
    error.progress = progress;
    return error;
  }
  const { code, kind, retryAfterMs } = error;
  const { resetsAt } = quotaStop(error, nowMs);
  const message = `${error.message} ${standing(reading, progress)} A sync after ${resetsAt} goes on from there.`;
  const stopped = new YoutubeError(message, { code, kind, retryAfterMs, cause: error });
  stopped.progress = { ...progress, ...quotaStop(error, nowMs) };
  return stopped;
}

/** When there is quota again, of a failure for want of it. */
export function quotaStop({ kind }: BatchError, nowMs: number): Pick<ReadingProgress, 'resetsAt'> {
  return kind === 'quota' ? { resetsAt: quotaResetsAt(pacificDay(nowMs)) } : {};
}

function progressOf(reading: Reading): ReadingProgress {
  const { list, units } = reading;
  return { listed: listedIds(list).length, read: answeredIds(reading).size, units };
}

function standing({ channelId, list }: Reading, { listed, read }: ReadingProgress): string {
  if (list.complete) return `Of the channel ${channelId}, ${read} of ${Math.max(read, listed)} videos are read.`;
  return `Of the channel ${channelId}, ${listed} videos are listed so far and ${read} read.`;
}
