import type { BatchPlatform } from '../../shared/batch/batch-platform';
import { businessDateAt, businessDay, targetDate } from '../../shared/calendar';
import { createPlatform } from '../../shared/platform';
import { loadSettings, type Settings } from '../../shared/settings';
import { isSampleLoaded, loadSample } from '../sample/load-sample';
import { makeSample, type Sample } from '../sample/sample';
import { type ServiceSettings, startServices } from '../services/services';
import type { Catalogue } from '../youtube/catalogue';
import { makeCatalogue } from '../youtube/make-catalogue';
import { startYoutubeApi } from '../youtube/youtube-api-server';
import type { Environment } from './env-file';
import { plural } from './figures';
import type { Teardown } from './teardown';
import type { ProgressDisplay } from './terminal';

const CONTAINER = 'makoto-messages';

/** What the sample is made for, whatever the environment says. A blank setting counts as not given. */
const SAMPLE_SETTINGS = {
  TENANT_ID: '*',
  BUSINESS_TIME_ZONE: 'Asia/Tokyo',
  DATA_CONTAINER: CONTAINER,
  ANALYTICS_CONTAINER: '',
  AZURE_STORAGE_ACCOUNT_URL: '',
  KEY_VAULT_URL: '',
  DB_SSL: '',
  YOUTUBE_CHANNEL_IDS: '',
  YOUTUBE_API_KEY: 'a-key-that-the-stand-in-takes-for-good',
} as const;

type SampleSettings = ServiceSettings & typeof SAMPLE_SETTINGS & { readonly YOUTUBE_API_URL: string };

export interface SampleServices {
  /** What leads an app to these services and the sample in them. */
  readonly settings: SampleSettings;
  readonly platform: BatchPlatform;
  readonly sample: Sample;
}

export interface EmptyServices {
  /** What leads an app to these services; which tenants and channels, the rest of its settings must say. */
  readonly settings: ServiceSettings & { readonly DATA_CONTAINER: string };
}

export interface SampleServicesOptions {
  /** The settings of the environment that have nothing to do with where things are still count. */
  readonly env: Environment;
  readonly display: ProgressDisplay;
  readonly teardown: Teardown;
  /** Where data is kept between runs; without it, in memory. */
  readonly dataDir?: string;
}

/** Starts the embedded services with nothing in them. */
export async function startEmptyServices({
  display,
  teardown,
  dataDir,
}: SampleServicesOptions): Promise<EmptyServices> {
  display.show('starting Azurite, the Cosmos DB emulator and PostgreSQL');
  const services = await startServices({ dataDir });
  await teardown.add(() => services.stop());
  await services.createContainer(CONTAINER);
  return { settings: { ...services.settings, DATA_CONTAINER: CONTAINER } };
}

/**
 * Starts the embedded services with a stand-in of the YouTube Data API, and puts the sample of the day that is to be exported into them,
 * unless it is there already.
 */
export async function startSampleServices(options: SampleServicesOptions): Promise<SampleServices> {
  const { env, display, teardown } = options;
  const services = await startEmptyServices(options);
  const youtube = await startYoutubeApi({
    catalogue: sampleCatalogue(Date.now()),
    apiKeys: [SAMPLE_SETTINGS.YOUTUBE_API_KEY],
  });
  await teardown.add(() => youtube.stop());
  display.step('Azurite, the Cosmos DB emulator, PostgreSQL and a stand-in of the YouTube API are running');

  const settings = { ...services.settings, ...SAMPLE_SETTINGS, YOUTUBE_API_URL: youtube.url };
  const loaded = loadSettings({ ...env, ...settings });
  const platform = createPlatform(loaded, { logSink: display.logSink, logFormat: 'plain' });
  await teardown.add(() => platform.dispose());
  const sample = sampleFor(loaded, platform.clock.now());
  if (!(await isSampleLoaded(platform, sample))) {
    await loadSample(platform, sample, (done, of) => display.show(`putting the sample in  ${done}/${of}`));
    const tenants = plural(Object.keys(sample.expected).length, 'tenant');
    display.step(`the sample is in: ${tenants}, ${plural(sample.objects.length, 'message')}`);
  }
  return { settings, platform, sample };
}

/** The sample of the day that a run of the schedule would export now, for each tenant by its own zone. */
function sampleFor({ targetDateOffset, planAuditShare }: Settings, nowMs: number): Sample {
  return makeSample({ dateIn: (zone) => targetDate(nowMs, zone, targetDateOffset), auditShare: planAuditShare });
}

/** The channels that the sample's tenants have. All day long they are the same, so that a second sync finds nothing new. */
export function sampleCatalogue(nowMs: number): Catalogue {
  const zone = SAMPLE_SETTINGS.BUSINESS_TIME_ZONE;
  return makeCatalogue({ now: businessDay(businessDateAt(nowMs, zone), zone).start });
}
