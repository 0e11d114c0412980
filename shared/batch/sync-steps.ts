import { readTenant } from '../tenants';
import { channelNameText, parseChannelName } from '../youtube/channel-names';
import { fetchChannel } from '../youtube/fetch-channel';
import { fetchVideo } from '../youtube/fetch-video';
import { loadSync } from '../youtube/load-sync';
import { pruneSync } from '../youtube/prune-sync';
import type { SyncContext } from '../youtube/sync-context';
import { recordSync } from '../youtube/sync-record';
import { channelsOf } from '../youtube/tenant-channels';
import type { BatchPlatform } from './batch-platform';
import { countingUnits, recordFailedTenant, recordLoaded } from './run-metrics';
import type { StepWorkers } from './step-handlers';
import type { PlannedSync, SyncStep } from './steps';

type SyncStepName = 'planSync' | 'fetchChannel' | 'fetchVideo' | 'loadSync' | 'pruneSync' | 'recordSync';

/** The steps of the YouTube sync over a platform. */
export function syncSteps(platform: BatchPlatform): StepWorkers<SyncStepName> {
  const { clock, metadata } = platform;
  const context = (step: SyncStep, stage: string) => syncContext(platform, step, stage);
  return {
    planSync: { stage: 'plan', run: (step) => planSync(platform, step) },
    fetchChannel: {
      stage: 'fetch',
      run: ({ channel, force, ...step }) =>
        countingUnits(platform, { ...step, channel }, () =>
          fetchChannel(context(step, 'fetch'), named(channel), { force }),
        ),
    },
    fetchVideo: {
      stage: 'fetch',
      run: ({ video, channels, ...step }) =>
        countingUnits(platform, step, () => fetchVideo(context(step, 'fetch'), video, channels.map(named))),
    },
    loadSync: {
      stage: 'load',
      run: async ({ fetched, ...step }) => {
        const loaded = await loadSync(context(step, 'load'), fetched);
        recordLoaded(platform, step, loaded);
        return loaded;
      },
    },
    pruneSync: {
      stage: 'prune',
      run: ({ retentionDays, ...step }) => pruneSync(context(step, 'prune'), retentionDays),
    },
    recordSync: {
      stage: 'record',
      run: async ({ tenant, run, date, runId, outcome }) => {
        await recordSync(metadata, clock, { tenant, run, date, outcome });
        if (outcome.failure !== undefined) {
          recordFailedTenant(platform, { job: 'youtube', tenant, date, run: runId }, outcome.failure);
        }
        return null;
      },
    },
  };
}

/** What the stages of a tenant's sync work with. @throws TenantError, SettingsError */
export function syncContext(
  platform: BatchPlatform,
  { tenant, date, run, runId }: SyncStep,
  stage: string,
): SyncContext {
  const { settings } = platform;
  return {
    tenant,
    date,
    run,
    output: platform.analyticsStore(tenant),
    metadata: platform.metadata,
    database: platform.catalogue(),
    youtube: () => platform.youtube(),
    options: {
      dailyQuota: settings.youtube.dailyQuota,
      csvRows: settings.youtube.csvRows,
      temporaryFolder: platform.temporaryFolder,
    },
    clock: platform.clock,
    random: platform.random,
    log: platform.log.with({ job: 'youtube', tenant, date, run: runId, sync: run, stage }),
  };
}

/** The tenant's channels. The tables are brought up to date here, before any quota is spent on what could not be loaded. */
async function planSync(platform: BatchPlatform, { tenant: id }: SyncStep): Promise<PlannedSync> {
  const { settings, metadata } = platform;
  const tenant = await readTenant(metadata, id, settings);
  const channels = channelsOf(tenant, settings.youtube).map(channelNameText);
  await platform.catalogue().prepare();
  return { channels };
}

function named(text: string) {
  const name = parseChannelName(text);
  if (name === undefined) throw new TypeError(`${JSON.stringify(text)} is no channel.`);
  return name;
}
