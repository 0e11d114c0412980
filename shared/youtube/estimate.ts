import type { CatalogueChannel } from '../ports/catalogue-database';
import type { ChannelName } from '../ports/youtube-api';
import { channelNameText, sameHandle } from './channel-names';
import { QuotaLedger, type QuotaState } from './quota-ledger';
import type { SyncContext } from './sync-context';

/** Both the uploads list and the details of videos come by this many (developers.google.com/youtube/v3/docs: `maxResults`, `id`). */
const VIDEOS_A_REQUEST = 50;

/** What a channel of at least one video costs. */
const LEAST_UNITS = 3;

/**
 * Units of quota that reading a whole channel of this many videos costs: one request for the channel, and for each 50 videos one for the
 * page of the uploads list and one for their details.
 */
export function estimatedUnits(videos: number): number {
  return 1 + 2 * Math.ceil(videos / VIDEOS_A_REQUEST);
}

export interface ChannelPreview {
  /** As it is named in settings. */
  readonly name: string;
  readonly channelId?: string;
  /** Videos that the database has of it and that are not removed. */
  readonly videos?: number;
  readonly units: number;
  /** Whether it was ever synced; where not, `units` is the least that it can be. */
  readonly known: boolean;
}

/** What a sync would read and spend. */
export interface SyncPreview {
  readonly channels: readonly ChannelPreview[];
  readonly units: number;
  /** The key's quota as it is now, which all tenants share: enough for this sync where its `left` is not below `units`. */
  readonly quota: QuotaState;
}

/**
 * Estimates the sync of these channels from what the database has of them. Sends nothing to the API and changes nothing.
 *
 * @throws DatabaseError, MetadataError; SecretError, SettingsError where there is no key
 */
export async function previewSync(context: SyncContext, channelNames: readonly ChannelName[]): Promise<SyncPreview> {
  const { tenant, database, metadata, clock, random, options } = context;
  const { keyId } = await context.youtube();
  const ledger = new QuotaLedger({ metadata, clock, random, keyId, dailyLimit: options.dailyQuota });
  const [known, quota] = await Promise.all([database.channels(tenant), ledger.state()]);

  const channels = channelNames.map((name) => previewChannel(name, known));
  const units = channels.reduce((sum, channel) => sum + channel.units, 0);
  return { channels, units, quota };
}

function previewChannel(name: ChannelName, known: readonly CatalogueChannel[]): ChannelPreview {
  const channel = known.find(({ id, handle }) =>
    'id' in name ? id === name.id : handle !== null && sameHandle(handle, name.handle),
  );
  const text = channelNameText(name);
  if (channel === undefined) return { name: text, units: LEAST_UNITS, known: false };
  const { id: channelId, videos } = channel;
  return { name: text, channelId, videos, units: estimatedUnits(videos), known: true };
}
