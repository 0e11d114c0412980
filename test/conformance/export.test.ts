import { describeWithMoto } from '../support/aws-services';
import { type CloudName, openCloud, openWatched, type TestCloud, type WatchedPlatform } from './clouds';
import { durableInPlace, durableWithWorker, type Engine, failureOf, inlineEngine, plainLambda } from './engines';
import { figuresOf, type Output, onAnyCloud, outputOf, recordOnAnyCloud, recordsOf } from './export-outcome';
import {
  DAY,
  DAY_BEFORE,
  EXPORT_SETTINGS,
  GOOD_TENANTS,
  NIGHT,
  putLateObjects,
  putMetadata,
  putObjects,
} from './field';

// One corpus on two clouds, exported in every way that there is: what comes of it is the same.

const LANES: readonly (readonly [string, CloudName, Engine, string])[] = [
  ['Azure, read by fast', 'azure', inlineEngine, 'fast'],
  ['Azure, read by sdk', 'azure', inlineEngine, 'sdk'],
  ['the plain Lambda, read by fast', 'aws', plainLambda, 'fast'],
  ['the plain Lambda, read by sdk', 'aws', plainLambda, 'sdk'],
  ['the durable Lambda, read by fast', 'aws', durableInPlace, 'fast'],
  ['the durable Lambda with a worker, read by sdk', 'aws', durableWithWorker, 'sdk'],
];

/** All lanes are run before the tests; on a busy machine they take their time. */
const ALL_LANES_MS = 300_000;

/** All that a lane has left and said. */
interface Outcome {
  readonly reports: readonly unknown[];
  readonly outputs: Readonly<Record<string, Output>>;
  readonly records: Readonly<Record<string, readonly Record<string, unknown>[]>>;
  readonly failure: string;
  /** What a run wrote for tenants whose day was published already. */
  readonly writtenAgain: readonly string[];
}

describeWithMoto('an export on two clouds', () => {
  const clouds = new Map<CloudName, TestCloud>();
  const lanes = new Map<string, WatchedPlatform>();
  const outcomes = new Map<string, Outcome>();

  beforeAll(async () => {
    for (const name of ['azure', 'aws'] as const) {
      const cloud = await openCloud(name);
      clouds.set(name, cloud);
      await putObjects(cloud.data);
    }
    const first = new Map<string, unknown>();
    await onBothClouds(async ([name, cloud, engine, reader]) => {
      const settings = await clouds.get(cloud)?.laneSettings({ ...EXPORT_SETTINGS, STORAGE_READER: reader });
      const lane = openWatched(settings ?? {}, NIGHT);
      lanes.set(name, lane);
      await putMetadata(lane.platform.metadata);
      const event = { job: 'export', target_date: DAY_BEFORE, tenants: GOOD_TENANTS } as const;
      first.set(name, figuresOf(await engine(lane.platform, event)));
    });
    for (const cloud of clouds.values()) await putLateObjects(cloud.data);
    await onBothClouds(async ([name, , engine]) => {
      outcomes.set(name, await secondDay(laneOf(name), engine, first.get(name)));
    });
  }, ALL_LANES_MS);

  afterAll(async () => {
    for (const { platform } of lanes.values()) await platform.dispose();
    for (const cloud of clouds.values()) await cloud.dispose();
  });

  /** The lanes of a cloud one after the other, beside those of the other cloud. */
  async function onBothClouds(run: (lane: (typeof LANES)[number]) => Promise<void>): Promise<void> {
    const onOne = async (cloud: CloudName) => {
      for (const lane of LANES) if (lane[1] === cloud) await run(lane);
    };
    await Promise.all([onOne('azure'), onOne('aws')]);
  }

  function laneOf(name: string): WatchedPlatform {
    const lane = lanes.get(name);
    if (lane === undefined) throw new Error(`There is no lane ${name}.`);
    return lane;
  }

  function outcomeOf(name: string): Outcome {
    const outcome = outcomes.get(name);
    if (outcome === undefined) throw new Error(`The lane ${name} was not run.`);
    return outcome;
  }

  /** Of the tenants whose runs complete by themselves; then of all, of which the others fail. */
  async function secondDay({ platform, writes }: WatchedPlatform, engine: Engine, first: unknown): Promise<Outcome> {
    const second = await engine(platform, { job: 'export', target_date: DAY, tenants: GOOD_TENANTS });
    writes.splice(0);
    const failure = await failureOf(engine(platform, { job: 'export', target_date: DAY }));
    const writtenAgain = writes.splice(0);
    const outputs: Record<string, Output> = {};
    const records: Record<string, Record<string, unknown>[]> = {};
    for (const tenant of [...GOOD_TENANTS, 'misnamed', 'lost']) {
      outputs[tenant] = await outputOf(platform, tenant);
      records[tenant] = await recordsOf(platform, tenant);
    }
    return { reports: [first, figuresOf(second)], outputs, records, failure, writtenAgain };
  }

  const REFERENCE = 'Azure, read by fast';

  test('the corpus has everything that is to be compared', () => {
    const { reports, outputs, records, failure } = outcomeOf(REFERENCE);

    const acme = Object.keys(outputs.acme ?? {});
    const of = (part: string) => acme.filter((key) => key.includes(part)).length;
    expect(of('/messages/year=2025/month=08/day=11/')).toBeGreaterThan(2);
    expect(of('/_quarantine/')).toBeGreaterThan(0);
    expect(of('/_manifests/')).toBe(2);
    expect(outputs.acme?.[`acme/analytics/_manifests/${DAY}.json`]).toContain('"duplicates"');
    const [dayBefore, day] = reports as { readonly tenants: readonly Record<string, unknown>[] }[];
    const acmeDay = day?.tenants.find(({ tenant }) => tenant === 'acme');
    expect(dayBefore?.tenants.map(({ status }) => status)).toEqual(['completed', 'completed', 'completed']);
    expect(acmeDay).toMatchObject({ lateDays: [{ date: DAY_BEFORE, status: 'completed', rooms: 2, late: 3 }] });
    expect(acmeDay?.quarantined).toBeGreaterThan(0);
    expect(acmeDay?.duplicates).toBeGreaterThan(0);
    expect(day?.tenants.find(({ tenant }) => tenant === 'idle')).toMatchObject({ status: 'completed', exported: 0 });
    expect(records.misnamed).toMatchObject([{ status: 'failed', last_failure: { code: 'metadata_item_invalid' } }]);
    expect(failure).toContain(`export-${DAY} is partial, 3 of 5 tenants completed`);
  });

  describe.each(LANES)('%s', (name, cloud) => {
    const sameCloud = cloud === 'azure' ? REFERENCE : 'the plain Lambda, read by fast';

    test('has the same reports', () => {
      expect(outcomeOf(name).reports).toEqual(outcomeOf(REFERENCE).reports);
    });

    test('leaves the same objects as every lane of its cloud, byte for byte', () => {
      expect(outcomeOf(name).outputs).toEqual(outcomeOf(sameCloud).outputs);
    });

    test('leaves the same objects as the other cloud, but for the versions of messages', () => {
      const { outputs } = outcomeOf(name);
      const expected = outcomeOf(REFERENCE).outputs;
      for (const tenant of GOOD_TENANTS) {
        const parquet = (output: Output = {}) => Object.entries(output).filter(([key]) => key.endsWith('.parquet'));
        expect(parquet(outputs[tenant])).toEqual(parquet(expected[tenant]));
        expect(onAnyCloud(outputs[tenant] ?? {})).toEqual(onAnyCloud(expected[tenant] ?? {}));
      }
    });

    test('leaves the same run records', () => {
      const { records } = outcomeOf(name);
      expect(records).toEqual(outcomeOf(sameCloud).records);
      for (const [tenant, expected] of Object.entries(outcomeOf(REFERENCE).records)) {
        expect(records[tenant]?.map(recordOnAnyCloud)).toEqual(expected.map(recordOnAnyCloud));
      }
    });

    test('names the tenants that failed in the same words', () => {
      expect(outcomeOf(name).failure).toBe(outcomeOf(REFERENCE).failure);
    });

    test('writes nothing when it is run again, but the record of the tenant that fails, and that it ran', () => {
      const written = outcomeOf(name).writtenAgain.filter((write) => !write.includes(' / LEASE#'));
      const ran = `put SYSTEM#BATCH / RUN#${new Date(NIGHT).toISOString()}#export-${DAY}`;
      expect(written).toEqual([`put TENANT#misnamed#BATCH / DAILY#${DAY}`, ran]);
    });
  });
});
