import { TenantError } from '../errors';
import type { ChannelName } from '../ports/youtube-api';
import type { YoutubeSettings } from '../settings';
import type { Tenant } from '../tenants';
import { parseChannelName } from './channel-names';

/** Whether a tenant has a channel at all. An empty list of its own means that it has none, whatever the settings say. */
export function hasChannels({ youtubeChannelIds }: Tenant, { channels }: Pick<YoutubeSettings, 'channels'>): boolean {
  return (youtubeChannelIds ?? channels).length > 0;
}

/**
 * The channels of a tenant: those of its registry entry, else those of the settings; each once.
 *
 * @throws TenantError `tenant_registry_invalid` where the entry names one that is none
 */
export function channelsOf(tenant: Tenant, { channels }: Pick<YoutubeSettings, 'channels'>): ChannelName[] {
  const names = tenant.youtubeChannelIds?.map((text) => namedInRegistry(tenant.id, text)) ?? channels;
  return [...new Map(names.map((name) => [JSON.stringify(name), name])).values()];
}

function namedInRegistry(tenant: string, text: string): ChannelName {
  const name = parseChannelName(text);
  if (name !== undefined) return name;
  throw new TenantError(
    `The registry entry of the tenant "${tenant}" cannot be used: youtube_channel_ids: expected channel ids (UC…) or handles (@…), got ${JSON.stringify(text)}.`,
    { code: 'tenant_registry_invalid', kind: 'configuration' },
  );
}
