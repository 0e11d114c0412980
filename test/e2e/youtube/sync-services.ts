import { randomBytes } from 'node:crypto';
import type { Catalogue } from '../../../local/youtube/catalogue';
import { startYoutubeApi, type YoutubeApiStandIn } from '../../../local/youtube/youtube-api-server';
import type { MetadataItem } from '../../../shared/ports/metadata-store';
import { newDatabase, newLogin } from '../../support/postgres-databases';
import { newServiceWorld, registerTenant, type ServiceWorld } from '../../support/service-world';
import type { DatabaseSettings } from '../../support/services';

/** So that nothing but a test fires a timer. */
export const ON_LEAP_DAYS = '0 0 0 29 2 *';

/** What the compiled app needs for a sync: the shared services, a database and a login of its own, and a stand-in of the API in this process. */
export interface SyncServices {
  readonly world: ServiceWorld;
  readonly youtube: YoutubeApiStandIn;
  /** As the login that the app has. */
  readonly database: DatabaseSettings;
  /** The app's settings, secrets and all. */
  readonly settings: Readonly<Record<string, string>>;
  readonly secrets: { readonly apiKey: string; readonly password: string };
  /** A tenant's run records, oldest first. */
  records(tenant: string): Promise<readonly MetadataItem[]>;
  stop(): Promise<void>;
}

export interface SyncServicesOptions {
  readonly catalogue: Catalogue;
  /** Channels by tenant. */
  readonly tenants: Readonly<Record<string, readonly string[]>>;
  readonly settings?: Readonly<Record<string, string>>;
}

export async function startSyncServices({ catalogue, tenants, settings }: SyncServicesOptions): Promise<SyncServices> {
  const apiKey = `AIza${randomBytes(26).toString('base64url')}`;
  const youtube = await startYoutubeApi({ catalogue, apiKeys: [apiKey] });
  const database = await newLogin(await newDatabase('e2e_sync'), ['ALTER ROLE {role} SUPERUSER']);
  const world = await newServiceWorld({
    ...database,
    YOUTUBE_API_KEY: apiKey,
    YOUTUBE_API_URL: youtube.url,
    EXPORT_SCHEDULE: ON_LEAP_DAYS,
    YOUTUBE_SCHEDULE: ON_LEAP_DAYS,
    ...settings,
  });
  for (const [tenant, channels] of Object.entries(tenants)) {
    await registerTenant(world, tenant, { youtube_channel_ids: channels });
  }
  return {
    world,
    youtube,
    database,
    settings: world.settings,
    secrets: { apiKey, password: database.DB_PASSWORD },
    records: async (tenant) => {
      const query = { partition: `TENANT#${tenant}#BATCH`, sortKeyPrefix: 'YOUTUBE#' };
      return (await world.platform.metadata.query(query)).items;
    },
    stop: async () => {
      await world.platform.dispose();
      await youtube.stop();
    },
  };
}
