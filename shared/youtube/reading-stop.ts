import { YoutubeError } from '../errors';
import { answeredIds, type Reading } from './fetch-progress';
import { pacificDay, quotaResetsAt } from './quota-day';
import { listedIds } from './uploads-list';

/** The failure that a reading ends with: one for want of quota says how far it has come, and when it can go on. */
export function stopFailure(error: unknown, reading: Reading, nowMs: number): unknown {
  if (!(error instanceof YoutubeError) || error.kind !== 'quota') return error;
  const { code, kind, retryAfterMs } = error;
  const goesOn = `A sync after ${quotaResetsAt(pacificDay(nowMs))} goes on from there.`;
  return new YoutubeError(`${error.message} ${standing(reading)} ${goesOn}`, {
    code,
    kind,
    retryAfterMs,
    cause: error,
  });
}

function standing(reading: Reading): string {
  const { channelId, list } = reading;
  const listed = listedIds(list).length;
  const read = answeredIds(reading).size;
  if (list.complete) return `Of the channel ${channelId}, ${read} of ${Math.max(read, listed)} videos are read.`;
  return `Of the channel ${channelId}, ${listed} videos are listed so far and ${read} read.`;
}
