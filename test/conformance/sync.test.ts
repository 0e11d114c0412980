import { makeCatalogue } from '../../local/youtube/make-catalogue';
import { startYoutubeApi, type YoutubeApiStandIn } from '../../local/youtube/youtube-api-server';
import { rowVersions } from '../integration/youtube-sync/row-versions';
import { describeWithMoto } from '../support/aws-services';
import { newDatabase } from '../support/postgres-databases';
import type { DatabaseSettings } from '../support/services';
import { GOOD_KEY } from '../support/youtube-world';
import { catalogueRows } from './catalogue-rows';
import { type CloudName, openCloud, openWatched, type TestCloud, type WatchedPlatform } from './clouds';
import { durableInPlace, durableWithWorker, type Engine, failureOf, inlineEngine, plainLambda } from './engines';
import { figuresOf, type Output, outputOf, recordsOf } from './export-outcome';
import { NIGHT } from './field';
import { type SpoiledAws, spoiledAws, throttle } from './throttling';

// One catalogue, which changes, synced on two clouds in every way that there is, each into a database of its own.

const REFERENCE = 'Azure';
const THROTTLED = 'the plain Lambda, throttled by S3 and DynamoDB';
const LANES: readonly (readonly [string, CloudName, Engine])[] = [
  [REFERENCE, 'azure', inlineEngine],
  ['the plain Lambda', 'aws', plainLambda],
  [THROTTLED, 'aws', plainLambda],
  ['the durable Lambda', 'aws', durableInPlace],
  ['the durable Lambda with a worker', 'aws', durableWithWorker],
];
const GOOD_TENANTS = ['acme', 'globex', 'idle'];
const HOUR_MS = 3_600_000;
/** All lanes are run before the tests; on a busy machine they take their time. */
const ALL_LANES_MS = 300_000;

interface Lane extends WatchedPlatform {
  readonly engine: Engine;
  readonly database: DatabaseSettings;
}

/** What one round of syncs has left and said. */
interface Round {
  readonly report: unknown;
  readonly rows: Readonly<Record<string, readonly string[]>>;
  readonly outputs: Readonly<Record<string, Output>>;
  readonly records: Readonly<Record<string, readonly Record<string, unknown>[]>>;
}

describeWithMoto('a sync on two clouds', () => {
  const catalogue = makeCatalogue({ videos: [56, 9, 4], oddities: true });
  const [first, second, third] = catalogue.channels();
  const clouds = new Map<CloudName, TestCloud>();
  const lanes = new Map<string, Lane>();
  const rounds = new Map<string, Round[]>();
  const failures = new Map<string, string>();
  const changedAgain = new Map<string, boolean>();
  let nowMs = NIGHT;
  let youtube: YoutubeApiStandIn;
  let spoiled: SpoiledAws;

  beforeAll(async () => {
    youtube = await startYoutubeApi({ catalogue, apiKeys: [GOOD_KEY], now: () => nowMs });
    spoiled = await spoiledAws();
    throttle(spoiled);
    for (const name of ['azure', 'aws'] as const) clouds.set(name, await openCloud(name));
    for (const [name, cloud, engine] of LANES) lanes.set(name, await openLane(name, cloud, engine));

    for (const lane of lanes) await syncOn(lane);
    const [gone = '', retitled = ''] = catalogue.uploads(first?.id ?? '').map(({ id }) => id);
    catalogue.delete(gone);
    catalogue.retitle(retitled, 'あ title\u0000 that is "another", \ud800 one 😀');
    catalogue.hideLikes(catalogue.uploads(second?.id ?? '')[0]?.id ?? '');
    nowMs += 24 * HOUR_MS;
    for (const lane of lanes) await syncOn(lane);
    nowMs += HOUR_MS;
    for (const [name, lane] of lanes) {
      const before = await rowVersions(lane.database);
      await syncOn([name, lane]);
      changedAgain.set(name, JSON.stringify(await rowVersions(lane.database)) !== JSON.stringify(before));
      lane.clock.nowMs = nowMs + HOUR_MS;
      failures.set(name, await failureOf(lane.engine(lane.platform, { job: 'youtube', tenants: ['acme', 'lost'] })));
    }
  }, ALL_LANES_MS);

  afterAll(async () => {
    for (const { platform } of lanes.values()) await platform.dispose();
    for (const cloud of clouds.values()) await cloud.dispose();
    await spoiled?.stop();
    await youtube?.stop();
  });

  async function openLane(name: string, cloud: CloudName, engine: Engine): Promise<Lane> {
    const database = await newDatabase('conformance');
    const settings = await clouds.get(cloud)?.laneSettings({
      ...database,
      ...(name === THROTTLED ? spoiled.settings : {}),
      YOUTUBE_API_KEY: GOOD_KEY,
      YOUTUBE_API_URL: youtube.url,
    });
    const lane = openWatched(settings ?? {}, nowMs);
    const channels = {
      acme: [first?.id, second?.id],
      globex: [third?.handle ?? third?.id],
      idle: [],
      lost: [`UC${'x'.repeat(22)}`],
    };
    for (const [tenant, ids] of Object.entries(channels)) {
      const keys = { PK: 'SYSTEM#TENANTS', SK: `TENANT#${tenant}` };
      await lane.platform.metadata.put({ ...keys, tenant_id: tenant, youtube_channel_ids: ids });
    }
    return { ...lane, engine, database };
  }

  async function syncOn([name, lane]: readonly [string, Lane]): Promise<void> {
    lane.clock.nowMs = nowMs;
    const report = figuresOf(await lane.engine(lane.platform, { job: 'youtube', tenants: GOOD_TENANTS }));
    const outputs: Record<string, Output> = {};
    const records: Record<string, Record<string, unknown>[]> = {};
    for (const tenant of GOOD_TENANTS) {
      outputs[tenant] = await outputOf(lane.platform, tenant);
      records[tenant] = await recordsOf(lane.platform, tenant);
    }
    const round = { report, rows: await catalogueRows(lane.database), outputs, records };
    rounds.set(name, [...(rounds.get(name) ?? []), round]);
  }

  function roundsOf<Part extends keyof Round>(name: string, part: Part): Round[Part][] {
    return (rounds.get(name) ?? []).map((round) => round[part]);
  }

  test('the catalogue has everything that is to be compared', () => {
    const [before, after] = roundsOf(REFERENCE, 'rows');
    const reports = roundsOf(REFERENCE, 'report') as { readonly tenants: readonly Record<string, unknown>[] }[];

    expect(reports).toHaveLength(3);
    expect(before?.channels).toHaveLength(3);
    expect(before?.videos).toHaveLength(69);
    expect(before?.stream_details?.length).toBeGreaterThan(0);
    expect(after).not.toEqual(before);
    expect(reports[1]?.tenants.find(({ tenant }) => tenant === 'acme')).toMatchObject({ removed: 1 });
    expect(reports[2]?.tenants.map(({ rowsWritten }) => rowsWritten)).toEqual([0, 0, undefined]);
    expect(Object.keys(roundsOf(REFERENCE, 'outputs')[0]?.acme ?? {}).join()).toContain('/videos.csv');
    expect(failures.get(REFERENCE)).toContain('lost');
  });

  describe.each(LANES)('%s', (name) => {
    test('has the same rows in all tables', () => {
      expect(roundsOf(name, 'rows')).toEqual(roundsOf(REFERENCE, 'rows'));
    });

    test('leaves the same CSV files and working papers, byte for byte', () => {
      expect(roundsOf(name, 'outputs')).toEqual(roundsOf(REFERENCE, 'outputs'));
    });

    test('leaves the same run records', () => {
      expect(roundsOf(name, 'records')).toEqual(roundsOf(REFERENCE, 'records'));
    });

    test('has the same reports', () => {
      expect(roundsOf(name, 'report')).toEqual(roundsOf(REFERENCE, 'report'));
    });

    test('names the channel that there is not in the same words', () => {
      expect(failures.get(name)).toBe(failures.get(REFERENCE));
    });

    test('writes no row when nothing has changed', () => {
      expect(changedAgain.get(name)).toBe(false);
    });
  });

  test('the throttled sync was throttled', () => {
    expect(lanes.get(THROTTLED)?.clock.sleeps.length).toBeGreaterThan(10);
  });
});
