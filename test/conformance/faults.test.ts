import { durableFunction } from '../../aws-fallback/durable-function';
import { describeWithMoto } from '../support/aws-services';
import { DurableMemory } from '../support/durable-memory';
import { openCloud, openWatched, type TestCloud, type WatchedPlatform } from './clouds';
import { durableInPlace, durableWithWorker, type Engine, endOf, failureOf, plainLambda, workerOf } from './engines';
import { type Output, outputOf, recordsOf } from './export-outcome';
import { DAY, EXPORT_SETTINGS, NIGHT, putMetadata, putObjects } from './field';
import {
  dynamoRefusal,
  operationOf,
  readsMessage,
  type SpoiledAws,
  s3Refusal,
  spoiledAws,
  throttle,
} from './throttling';

// The export on AWS when AWS fails, through the entry points: what each adapter makes of a fault is proved beside it.

const TENANT = 'acme';
const EVENT = { job: 'export', target_date: DAY, tenants: [TENANT] } as const;
const ENGINES: readonly (readonly [string, Engine])[] = [
  ['the plain Lambda', plainLambda],
  ['the durable Lambda', durableInPlace],
  ['the durable Lambda with a worker', durableWithWorker],
];

describeWithMoto('an export on an AWS that fails', () => {
  let cloud: TestCloud;
  let spoiled: SpoiledAws;
  let expected: { readonly output: Output; readonly records: unknown };
  const opened: WatchedPlatform[] = [];

  beforeAll(async () => {
    cloud = await openCloud('aws');
    spoiled = await spoiledAws();
    await putObjects(cloud.data, [TENANT]);
    const { platform } = await openLane();
    await plainLambda(platform, EVENT);
    expected = await left({ platform });
  });

  beforeEach(() => spoiled.reset());

  afterAll(async () => {
    for (const { platform } of opened) await platform.dispose();
    await spoiled?.stop();
    await cloud?.dispose();
  });

  /** A lane with an output of its own; what it asks of AWS goes through the proxies. */
  async function openLane(): Promise<WatchedPlatform> {
    const settings = await cloud.laneSettings({
      ...EXPORT_SETTINGS,
      EXPORT_READ_CONCURRENCY: '2',
      ...spoiled.settings,
    });
    const lane = openWatched(settings, NIGHT);
    opened.push(lane);
    await putMetadata(lane.platform.metadata);
    spoiled.reset();
    return lane;
  }

  async function left({ platform }: Pick<WatchedPlatform, 'platform'>): Promise<typeof expected> {
    spoiled.reset();
    return { output: await outputOf(platform, TENANT), records: await recordsOf(platform, TENANT) };
  }

  describe.each(ENGINES)('%s', (_name, engine) => {
    test('tries again what is throttled, and leaves the same bytes and the same record', async () => {
      const lane = await openLane();
      throttle(spoiled);

      const { status } = await engine(lane.platform, EVENT);

      const throttled = { s3: spoiled.s3.requests.length, dynamodb: spoiled.dynamodb.requests.length };
      expect(status).toBe('completed');
      expect(lane.clock.sleeps.length).toBeGreaterThanOrEqual(
        Math.floor(throttled.s3 / 7) + Math.floor(throttled.dynamodb / 3),
      );
      expect(Math.min(Math.floor(throttled.s3 / 7), Math.floor(throttled.dynamodb / 3))).toBeGreaterThan(2);
      expect(await left(lane)).toEqual(expected);
    });

    test('names what it may not read, asks for it once, publishes nothing, and completes when it may', async () => {
      const lane = await openLane();
      spoiled.s3.inject({ fault: s3Refusal(403, 'AccessDenied'), when: readsMessage, times: 1e9 });

      const failure = await failureOf(engine(lane.platform, EVENT));

      const asked = spoiled.s3.requests.filter(readsMessage).map(({ url }) => url);
      expect(failure).toContain('acme collect: access_denied: ');
      expect(failure).toContain('AccessDenied');
      expect(asked.length).toBeGreaterThan(0);
      expect(new Set(asked).size).toBe(asked.length);
      expect(lane.clock.sleeps).toEqual([]);
      const { output, records } = await left(lane);
      expect(Object.keys(output).filter((key) => key.includes('/_manifests/'))).toEqual([]);
      expect(records).toMatchObject([{ status: 'failed', last_failure: { code: 'access_denied' } }]);
      await engine(lane.platform, EVENT);
      expect(await left(lane)).toEqual(expected);
    });

    test('names the table that it may not write, and does not try again', async () => {
      const lane = await openLane();
      const fault = dynamoRefusal('AccessDeniedException');
      spoiled.dynamodb.inject({ fault, when: (request) => operationOf(request) === 'PutItem', times: 1e9 });

      const failure = await failureOf(engine(lane.platform, EVENT));

      expect(failure).toContain('acme plan: metadata_access_denied: ');
      expect(failure).toContain(String(lane.settings.DYNAMODB_TABLE_NAME));
      expect(lane.clock.sleeps).toEqual([]);
      await left(lane);
      await engine(lane.platform, EVENT);
      expect(await left(lane)).toEqual(expected);
    });
  });

  test.each([3, 6, 9])(
    'an execution that loses its invocation at checkpoint %i goes on in the next one',
    async (lost) => {
      const lane = await openLane();
      const service = new DurableMemory();
      service.onCheckpoint = (at, when) => {
        if (at === lost && when === (lost % 2 === 0 ? 'before' : 'after')) throw new Error('The invocation is lost.');
      };

      const report = await endOf(
        durableFunction(() => lane.platform, undefined),
        EVENT,
        service,
      );

      expect(service.checkpoints).toBeGreaterThan(lost);
      expect(report.status).toBe('completed');
      expect(await left(lane)).toEqual(expected);
    },
  );

  test('a worker that is cut off after its work is asked again, and writes nothing twice', async () => {
    const lane = await openLane();
    let cut = 1;
    const handler = workerOf(lane.platform, () => {
      if (cut-- > 0) throw new Error('Task timed out after 900.00 seconds');
    });

    const report = await endOf(handler, EVENT);

    const parts = lane.writes.filter((write) => write.endsWith('.parquet'));
    expect(cut).toBeLessThan(0);
    expect(report.status).toBe('completed');
    expect(new Set(parts).size).toBe(parts.length);
    expect(await left(lane)).toEqual(expected);
  });
});
