import type { Failure } from '../errors';
import type { FetchedChannel } from '../youtube/fetched-channel';
import type { LoadedSync } from '../youtube/load-sync';
import type { PrunedSync } from '../youtube/prune-sync';
import type { ChannelOutcome, SyncOutcome } from '../youtube/sync-record';
import { syncRun } from '../youtube/sync-run';
import { all, type Flow, one } from './flow';
import type { ChannelNotice, TenantReport } from './report';
import type { StepResult, SyncStep, TenantRun } from './steps';

/**
 * A tenant's sync: its channels are read side by side, and what was read whole is loaded in one go. A channel that fails does not keep the
 * others from being loaded; the tenant has failed all the same, with the first channel's failure.
 *
 * @param now epoch ms, by the engine's clock
 */
export function* syncTenant(tenantRun: TenantRun, now: () => number): Flow<TenantReport> {
  const begun = now();
  const { tenant, timeZone, runId, startedAt = new Date(begun).toISOString() } = tenantRun;
  const part = runId === undefined ? {} : { runId };
  const step: SyncStep = { tenant, timeZone, ...part, ...syncRun(startedAt, timeZone) };
  const outcome = yield* sync(step, tenantRun);
  const recorded = yield* one('recordSync', { ...step, outcome });
  const failure = outcome.failure ?? (recorded.ok ? undefined : recorded.failure);
  const notices = noticesOf(outcome.channels);
  return {
    tenant,
    date: step.date,
    status: failure === undefined ? 'completed' : 'failed',
    ...(failure === undefined ? {} : { failure }),
    ...figuresOf(outcome),
    seconds: Math.round((now() - begun) / 100) / 10,
    ...(notices.length > 0 ? { notices } : {}),
  };
}

function* sync(step: SyncStep, { force, video, retentionDays }: TenantRun): Flow<SyncOutcome> {
  const planned = yield* one('planSync', step);
  if (!planned.ok) return { status: 'failed', failure: planned.failure, channels: [], quotaUnits: 0 };
  const names = planned.value.channels;
  const results =
    video === undefined
      ? yield* all(
          'fetchChannel',
          names.map((channel) => ({ ...step, channel, force })),
        )
      : [yield* one('fetchVideo', { ...step, video, channels: names })];
  const channels = results.map((result, at) => channelOutcome(video ?? names[at] ?? '', result));
  const fetched = results.flatMap((result) => (result.ok ? [result.value] : []));
  const loaded = fetched.length === 0 ? undefined : yield* one('loadSync', { ...step, fetched });
  const pruned = retentionDays === undefined ? undefined : yield* one('pruneSync', { ...step, retentionDays });
  return outcomeOf(channels, loaded, pruned);
}

/** Whatever was not read again for too long goes, also where nothing could be read this time. */
function outcomeOf(
  channels: readonly ChannelOutcome[],
  loaded: StepResult<LoadedSync> | undefined,
  pruned: StepResult<PrunedSync> | undefined,
): SyncOutcome {
  const notLoaded = loaded?.ok === false ? loaded.failure : undefined;
  const notRead = channels.find((channel) => channel.failure !== undefined)?.failure;
  const failure: Failure | undefined = notLoaded ?? notRead ?? (pruned?.ok === false ? pruned.failure : undefined);
  return {
    status: failure === undefined ? 'completed' : 'failed',
    ...(failure === undefined ? {} : { failure }),
    channels,
    ...(loaded?.ok === true ? { loaded: loaded.value } : {}),
    ...(pruned?.ok === true ? { pruned: pruned.value } : {}),
    quotaUnits: channels.reduce((sum, { units = 0 }) => sum + units, 0),
  };
}

function channelOutcome(name: string, result: StepResult<FetchedChannel>): ChannelOutcome {
  if (!result.ok) return stoppedChannel(name, result.failure);
  const { channelId, videos, units, notices } = result.value;
  return { name, channelId, videos, units, notices };
}

/** What was spent on a channel counts, whether or not it was read to its end. */
function stoppedChannel(name: string, { progress, ...failure }: Failure): ChannelOutcome {
  if (progress === undefined) return { name, failure };
  const { units, ...stopped } = progress;
  return { name, units, failure, stopped };
}

function figuresOf({ loaded, pruned, quotaUnits }: SyncOutcome): Partial<TenantReport> {
  const deleted = pruned === undefined ? {} : { pruned };
  if (loaded === undefined) return { quotaUnits, ...deleted };
  const { channels, videos, streams, removed, rowsWritten, csv } = loaded;
  return { channels, videos, streams, removed, rowsWritten, quotaUnits, csv, ...deleted };
}

function noticesOf(channels: readonly ChannelOutcome[]): ChannelNotice[] {
  return channels.flatMap(({ name, notices }) => {
    if (notices === undefined) return [];
    const { atListLimit, rereads, replacedCharacters, resumed } = notices;
    return atListLimit || resumed || rereads > 0 || replacedCharacters > 0 ? [{ channel: name, ...notices }] : [];
  });
}
