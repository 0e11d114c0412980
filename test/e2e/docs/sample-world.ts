import { sampleCatalogue } from '../../../local/cli/sample-services';
import { loadSample } from '../../../local/sample/load-sample';
import { makeSample } from '../../../local/sample/sample';
import { startYoutubeApi } from '../../../local/youtube/youtube-api-server';
import { targetDate } from '../../../shared/calendar';
import { newDatabase } from '../../support/postgres-databases';
import { newServiceWorld, type ServiceWorld } from '../../support/service-world';

/** What the documents' commands need of the sample: every tenant, with many rooms. */
const EVERY_NTH_MESSAGE = 8;

const API_KEY = 'a-key-of-the-documents';

export interface SampleWorld extends ServiceWorld {
  dispose(): Promise<void>;
}

/** The sample's channels in a stand-in of the API, and a database for them, as settings of the app. */
export async function startSampleChannels() {
  const youtube = await startYoutubeApi({ catalogue: sampleCatalogue(Date.now()), apiKeys: [API_KEY] });
  const settings = {
    ...(await newDatabase('documents')),
    YOUTUBE_API_KEY: API_KEY,
    YOUTUBE_API_URL: youtube.url,
  };
  return { settings, stop: () => youtube.stop() };
}

/**
 * Services with messages of the sample in them, for the day that a run of the schedule would export now, and the sample's channels:
 * what `npm run services` makes, with fewer messages, because each costs time here.
 */
export async function newSampleWorld(): Promise<SampleWorld> {
  const now = Date.now();
  const channels = await startSampleChannels();
  const world = await newServiceWorld(channels.settings);
  const { targetDateOffset, planAuditShare } = world.platform.settings;
  const dateIn = (zone: string) => targetDate(now, zone, targetDateOffset);
  const sample = makeSample({ dateIn, auditShare: planAuditShare });
  const objects = sample.objects.filter((_object, index) => index % EVERY_NTH_MESSAGE === 0);
  await loadSample(world.platform, { ...sample, objects });
  const dispose = async () => {
    await world.platform.dispose();
    await channels.stop();
  };
  return { ...world, dispose };
}
