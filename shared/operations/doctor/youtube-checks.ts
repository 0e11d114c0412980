import type { BatchPlatform } from '../../batch/batch-platform';
import { missingSettings } from '../../batch/configured-jobs';
import { YoutubeError } from '../../errors';
import type { ChannelName } from '../../ports/youtube-api';
import type { Tenant } from '../../tenants';
import { channelNameText } from '../../youtube/channel-names';
import { QuotaLedger, type QuotaState } from '../../youtube/quota-ledger';
import type { YoutubeAccess } from '../../youtube/sync-context';
import { channelsOf, hasChannels } from '../../youtube/tenant-channels';
import { type Check, failed, fine, warning } from './check';

/** Below this share of a day's units, a sync may be stopped for want of them. */
const LITTLE_LEFT = 0.2;

const HOLDER = 'doctor';

/**
 * Looks for the key, for what is left of its quota today, and asks the API for one channel, which costs one unit and is counted like any other. What
 * the API says of the key is known then.
 */
export async function checkYoutube(platform: BatchPlatform, tenants: readonly Tenant[]): Promise<readonly Check[]> {
  const { settings, metadata, clock, random } = platform;
  const missing = missingSettings('youtube', settings);
  if (missing.length > 0) return [fine('youtube', `The YouTube sync is not set up: ${missing.join('; ')}.`)];
  let access: YoutubeAccess;
  try {
    access = await platform.youtube();
  } catch (error) {
    return [failed('youtube', 'Looking for the key of the YouTube Data API', error)];
  }
  const { api, keyId } = access;
  const ledger = new QuotaLedger({ metadata, clock, random, keyId, dailyLimit: settings.youtube.dailyQuota });
  let quota: QuotaState;
  try {
    quota = await ledger.state();
  } catch (error) {
    return [failed('quota', 'Reading the quota ledger', error)];
  }
  return [await askApi(platform, { api, keyId }, ledger, quota, tenants), quotaCheck(quota)];
}

async function askApi(
  { settings }: BatchPlatform,
  { api }: YoutubeAccess,
  ledger: QuotaLedger,
  { left }: QuotaState,
  tenants: readonly Tenant[],
): Promise<Check> {
  try {
    const channel = firstChannel(tenants, settings.youtube);
    if (channel === undefined)
      return fine('youtube', 'The key is there. No tenant has a channel, so that the API was not asked.');
    if (left === 0) {
      const found = 'The key is there. The API was not asked: the quota of today is used up.';
      return warning('youtube', found, 'Ask the doctor again when the quota is renewed.', api.name);
    }
    const reservation = await ledger.reserve(HOLDER, 1);
    try {
      await reservation.spend();
      await api.channel(channel);
    } catch (error) {
      if (error instanceof YoutubeError && error.code === 'youtube_quota_exceeded') await reservation.exhausted();
      throw error;
    } finally {
      await reservation.settle();
    }
    return fine(
      'youtube',
      `The API takes the key, and knows the channel ${channelNameText(channel)}. One unit of quota was spent.`,
      api.name,
    );
  } catch (error) {
    return failed('youtube', 'Asking the API for a channel', error, api.name);
  }
}

/** @throws TenantError where a registry entry names a channel that is none */
function firstChannel(
  tenants: readonly Tenant[],
  youtube: BatchPlatform['settings']['youtube'],
): ChannelName | undefined {
  const tenant = tenants.find((each) => hasChannels(each, youtube));
  return tenant === undefined ? undefined : channelsOf(tenant, youtube)[0];
}

function quotaCheck({ day, limit, spent, reserved, left, resetsAt, exhausted }: QuotaState): Check {
  const found = `${left} of ${limit} units are left of ${day} (Pacific time): ${spent} are spent, ${reserved} set aside; renewed at ${resetsAt}.`;
  const later =
    'Wait for the renewal: a sync that is stopped goes on after it. Fewer syncs a day (YOUTUBE_SCHEDULE) or channels need fewer.';
  if (exhausted) {
    const other = `The API itself says that the quota is used up, by ${spent} of ${limit} units of our own count`;
    return warning(
      'quota',
      `${other}; renewed at ${resetsAt}.`,
      `${later} See whether somebody else uses the key, and correct YOUTUBE_DAILY_QUOTA.`,
    );
  }
  return left < limit * LITTLE_LEFT ? warning('quota', found, later) : fine('quota', found);
}
