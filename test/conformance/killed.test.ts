import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { makeCatalogue } from '../../local/youtube/make-catalogue';
import { startYoutubeApi, type YoutubeApiStandIn } from '../../local/youtube/youtube-api-server';
import type { Manifest } from '../../shared/messages/manifest';
import { objectsOf } from '../../shared/messages/manifest';
import { describeWithMoto } from '../support/aws-services';
import type { FaultProxy, SeenRequest } from '../support/fault-proxy';
import { newDatabase } from '../support/postgres-databases';
import type { DatabaseSettings } from '../support/services';
import { GOOD_KEY } from '../support/youtube-world';
import { catalogueRows } from './catalogue-rows';
import { openCloud, openWatched, type TestCloud, type WatchedPlatform } from './clouds';
import type { RunEvent } from './engines';
import { endLeases, type Output, outputOf, recordsOf } from './export-outcome';
import { DAY, EXPORT_SETTINGS, NIGHT, putMetadata, putObjects } from './field';
import { operationOf, readsMessage, type SpoiledAws, spoiledAws } from './throttling';

// The compiled function, killed without warning while a request of its own is under way; the next invocation completes the run.

const TENANT = 'acme';
const EXPORT: RunEvent = { job: 'export', target_date: DAY, tenants: [TENANT] };
const SYNC: RunEvent = { job: 'youtube', tenants: [TENANT] };

type Env = Readonly<Record<string, string>>;

function invoke(event: RunEvent, settings: Env): ChildProcess {
  const { PATH = '', AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = process.env;
  const env = { PATH, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, ...settings };
  return spawn(process.execPath, [join(__dirname, 'invoke.js'), JSON.stringify(event)], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

/** An invocation that is left alone. @throws an error with what it says where it fails */
async function completed(event: RunEvent, settings: Env): Promise<void> {
  const child = invoke(event, settings);
  const [said, [code]] = await Promise.all([child.stderr ? text(child.stderr) : '', once(child, 'exit')]);
  if (code !== 0) throw new Error(`The invocation has failed: ${said}`);
}

/** An invocation that is killed when the n-th such request has reached the service, which does what is asked. */
async function killedAt(
  event: RunEvent,
  settings: Env,
  proxy: FaultProxy,
  isIt: (request: SeenRequest) => boolean,
  number = 1,
): Promise<void> {
  const child = invoke(event, settings);
  child.stderr?.resume();
  const exited = once(child, 'exit');
  let seen = 0;
  const reached = new Promise<string>((resolve) => {
    const when = (request: SeenRequest) => {
      if (!isIt(request) || ++seen !== number) return false;
      resolve('reached');
      return true;
    };
    proxy.inject({ fault: { kind: 'stall', kept: 0 }, when });
  });
  const first = await Promise.race([reached, exited.then(() => 'over')]);
  child.kill('SIGKILL');
  await exited;
  proxy.reset();
  if (first === 'over') throw new Error('The invocation was over before it could be killed.');
}

describeWithMoto('an invocation that is killed', () => {
  let cloud: TestCloud;
  let spoiled: SpoiledAws;
  const opened: WatchedPlatform[] = [];

  beforeAll(async () => {
    cloud = await openCloud('aws');
    spoiled = await spoiledAws();
    await putObjects(cloud.data, [TENANT]);
  });

  afterAll(async () => {
    for (const { platform } of opened) await platform.dispose();
    await spoiled?.stop();
    await cloud?.dispose();
  });

  async function openLane(extra: Env): Promise<WatchedPlatform> {
    const lane = openWatched(await cloud.laneSettings(extra), NIGHT);
    opened.push(lane);
    return lane;
  }

  describe('in an export', () => {
    let expected: Output;

    beforeAll(async () => {
      const { settings, platform } = await exportLane();
      await completed(EXPORT, settings);
      expected = await outputOf(platform, TENANT);
    });

    async function exportLane(): Promise<WatchedPlatform> {
      const lane = await openLane(EXPORT_SETTINGS);
      await putMetadata(lane.platform.metadata);
      return lane;
    }

    const puts =
      (part: string) =>
      ({ method, url }: SeenRequest) =>
        method === 'PUT' && decodeURIComponent(url).includes(part);

    // Before that it writes the lease of the day.
    const hasManifest = () => spoiled.s3.requests.some(puts('/_manifests/'));

    test.each<[string, 's3' | 'dynamodb', (request: SeenRequest) => boolean, number, number]>([
      ['reading messages', 's3', readsMessage, 10, 0],
      ['writing its third part', 's3', puts('.parquet'), 3, 0],
      ['writing what a shard came to', 's3', puts('/result-'), 1, 0],
      ['writing the manifest', 's3', puts('/_manifests/'), 1, 1],
      ['recording the day', 'dynamodb', (request) => operationOf(request) === 'PutItem' && hasManifest(), 1, 1],
    ])(
      '%s: nothing is half published, and the next one leaves the same bytes',
      async (_, service, isIt, number, manifests) => {
        const { settings, platform } = await exportLane();
        const through = { ...settings, ...spoiled.settings };

        spoiled.reset();
        await killedAt(EXPORT, through, spoiled[service], isIt, number);
        const left = await outputOf(platform, TENANT);
        await endLeases(platform, TENANT);
        await completed(EXPORT, settings);

        const published = Object.entries(left).filter(([key]) => key.includes('/_manifests/'));
        const named = published.flatMap(([, manifest]) => [...objectsOf(JSON.parse(manifest) as Manifest)]);
        expect(published).toHaveLength(manifests);
        expect(Object.keys(left)).toEqual(expect.arrayContaining(named));
        expect(await outputOf(platform, TENANT)).toEqual(expected);
        expect(await recordsOf(platform, TENANT)).toMatchObject([{ status: 'completed' }]);
      },
    );
  });

  describe('in a sync', () => {
    let youtube: YoutubeApiStandIn;
    let expected: Readonly<Record<string, readonly string[]>>;

    beforeAll(async () => {
      const catalogue = makeCatalogue({ channels: 1, videos: 60 });
      youtube = await startYoutubeApi({ catalogue, apiKeys: [GOOD_KEY], now: Date.now });
      const { settings, database } = await syncLane();
      await completed(SYNC, settings);
      expected = await catalogueRows(database);
    });

    afterAll(() => youtube?.stop());

    async function syncLane(): Promise<{ readonly settings: Env; readonly database: DatabaseSettings }> {
      const database = await newDatabase('killed');
      const api = { YOUTUBE_API_KEY: GOOD_KEY, YOUTUBE_API_URL: youtube.url };
      const { settings, platform } = await openLane({ ...database, ...api });
      const youtubeChannelIds = youtube.catalogue.channels().map(({ id }) => id);
      const keys = { PK: 'SYSTEM#TENANTS', SK: `TENANT#${TENANT}` };
      await platform.metadata.put({ ...keys, tenant_id: TENANT, youtube_channel_ids: youtubeChannelIds });
      return { settings, database };
    }

    test.each(['/_work/', '/csv/'])(
      'writing to %s: the database has nothing, and the next one has it all',
      async (folder) => {
        const { settings, database } = await syncLane();
        const writes = ({ method, url }: SeenRequest) => method === 'PUT' && decodeURIComponent(url).includes(folder);

        await killedAt(SYNC, { ...settings, ...spoiled.settings }, spoiled.s3, writes);
        const left = await catalogueRows(database);
        await completed(SYNC, settings);

        expect(Object.values(left).flat()).toEqual([]);
        expect(await catalogueRows(database)).toEqual(expected);
      },
    );
  });
});
