import { describeWithMoto } from '../support/aws-services';
import { storedRows } from '../support/published-rows';
import { type CloudName, openCloud, openWatched, type TestCloud, type WatchedPlatform } from './clouds';
import { durableWithWorker, type Engine, inlineEngine } from './engines';
import { heldDays, type Output, onAnyCloud, outputOf, recordOnAnyCloud, recordsOf, runsOf } from './export-outcome';
import {
  DAYS,
  ERASED,
  FIRST,
  LAST,
  LAST_STAGE,
  MISSED,
  putMetadata,
  SETTINGS,
  STAGES,
  type Stage,
  TENANT,
} from './operations-field';

// What an operator does on two clouds: what comes of it is the same after each thing.

/** The two engines that differ most: the plain Lambda has Azure's inline one. */
const LANES: readonly (readonly [string, CloudName, Engine])[] = [
  ['Azure', 'azure', inlineEngine],
  ['AWS', 'aws', durableWithWorker],
];
const REFERENCE = 'Azure';

/** What a lane had told and left after a stage. */
interface Outcome {
  readonly told: unknown;
  readonly output: Output;
  readonly records: readonly Record<string, unknown>[];
}

describeWithMoto('what an operator does on two clouds', () => {
  const clouds = new Map<CloudName, TestCloud>();
  const lanes = new Map<string, WatchedPlatform>();
  const outcomes = new Map<string, Outcome>();

  beforeAll(async () => {
    for (const name of ['azure', 'aws'] as const) clouds.set(name, await openCloud(name));
    for (const [name, cloud] of LANES) {
      const lane = openWatched((await clouds.get(cloud)?.laneSettings(SETTINGS)) ?? {}, 0);
      lanes.set(name, lane);
      await putMetadata(lane.platform.metadata);
    }
    for (const stage of STAGES) {
      for (const cloud of clouds.values()) await stage.before?.(cloud.data(TENANT));
      await Promise.all(LANES.map(([name, , engine]) => runStage(stage, name, engine)));
    }
  }, 120_000);

  afterAll(async () => {
    for (const { platform } of lanes.values()) await platform.dispose();
    for (const cloud of clouds.values()) await cloud.dispose();
  });

  async function runStage({ name, atMs, work }: Stage, lane: string, engine: Engine): Promise<void> {
    const { platform, clock } = laneOf(lane);
    clock.nowMs = atMs;
    const told = await work(platform, engine);
    const [output, records] = [
      await outputOf(platform, TENANT),
      [...(await recordsOf(platform, TENANT)), ...(await runsOf(platform))],
    ];
    outcomes.set(`${lane}: ${name}`, { told, output, records });
  }

  function outcomeOf(lane: string, stage: string): Outcome {
    const outcome = outcomes.get(`${lane}: ${stage}`);
    if (outcome === undefined) throw new Error(`${lane} has not come to ${stage}.`);
    return outcome;
  }

  function laneOf(name: string): WatchedPlatform {
    const lane = lanes.get(name);
    if (lane === undefined) throw new Error(`There is no lane ${name}.`);
    return lane;
  }

  /** All that a lane has in the end: keys, rows, records, and the text of whatever is text. */
  async function textsOf(lane: string): Promise<string[]> {
    const { output, records } = outcomeOf(lane, LAST_STAGE);
    const texts = [...Object.entries(output).flat(), ...records.map((record) => JSON.stringify(record))];
    const parts = Object.keys(output).filter((key) => key.endsWith('.parquet'));
    const rows = await storedRows(
      laneOf(lane).platform.analyticsStore(TENANT),
      parts.map((key) => ({ key, rows: 0, bytes: 0, sha256: '' })),
    );
    const plain = (_name: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);
    return [...texts, ...rows.map((row) => JSON.stringify(row, plain))];
  }

  const told = (stage: string) => outcomeOf(REFERENCE, stage).told;

  test('each stage has done what it is there for', () => {
    expect(told('the first night')).toMatchObject({ tenants: [{ date: FIRST, exported: 8 }] });
    const caughtUp = [{ date: MISSED, status: 'completed', exported: 9 }];
    const lateDays = [{ date: FIRST, status: 'completed', added: 1 }];
    expect(told('the night after one that was missed')).toMatchObject({
      tenants: [{ date: LAST, status: 'completed', exported: 8, quarantined: 2, caughtUp, lateDays }],
    });
    expect(told('corrected copies')).toMatchObject([
      { after: { exported: 9, quarantined: 1, repaired: 1 }, inQuarantine: false },
      { after: { exported: 10, quarantined: 0, repaired: 2 }, inQuarantine: false },
    ]);
    expect(told('a compacted month')).toMatchObject([{ status: 'completed', changed: true, days: 3 }]);
    expect(told('an erased user')).toMatchObject({ days: DAYS.map((date) => ({ date })), daysLooked: 3 });
    // What is left of the erased user in the source stays there.
    expect(told('the night after the erasure')).toMatchObject({
      tenants: [{ exported: 0, lateDays: [{ date: MISSED }, { date: LAST }] }],
    });
    expect(told('the month compacted again')).toMatchObject([{ status: 'completed', changed: true, days: 3 }]);
    const parts = Object.keys(outcomeOf(REFERENCE, LAST_STAGE).output);
    for (const date of DAYS) {
      const folder = `${TENANT}/analytics/messages/year=2025/month=07/day=${date.slice(-2)}/`;
      expect(parts.filter((key) => key.startsWith(folder)).length).toBeGreaterThan(1);
    }
  });

  describe.each(LANES.map(([name]) => name))('%s', (lane) => {
    test('finds every day as it was published, with every row as its message', () => {
      const verdicts = outcomeOf(lane, 'a verification of every row').told;
      const fine = { ok: true, deep: true, input: 'unchanged', findings: [] };
      expect(verdicts).toMatchObject(DAYS.map((date, at) => ({ ...fine, date, messages: [9, 9, 10][at] })));
    });

    test('finds the days without the erased user fine too; of one that was not run again, that they were erased', () => {
      const verdicts = outcomeOf(lane, LAST_STAGE).told;
      const fine = { ok: true, deep: true, messages: 7, input: 'unchanged' };
      expect(verdicts).toMatchObject([
        { ...fine, date: FIRST, findings: [{ code: 'erased', severity: 'note' }] },
        { ...fine, date: MISSED, findings: [] },
        { ...fine, date: LAST, findings: [] },
      ]);
    });

    test('has nothing of the erased user left, in whatever object or record', async () => {
      const left = await textsOf(lane);

      expect(left.filter((text) => text.includes('bob')).length).toBeGreaterThan(10);
      expect(left.filter((text) => text.includes(ERASED))).toEqual([]);
    });

    test('holds no day when it is over', async () => {
      const { platform, clock } = laneOf(lane);
      expect(await heldDays(platform, TENANT, clock.nowMs)).toEqual([]);
    });
  });

  describe.each(STAGES.map(({ name }) => name))('after %s', (stage) => {
    test('AWS has told the same, and left the same', () => {
      const [outcome, reference] = [outcomeOf('AWS', stage), outcomeOf(REFERENCE, stage)];
      const parquet = (output: Output) => Object.entries(output).filter(([key]) => key.endsWith('.parquet'));
      expect(outcome.told).toEqual(reference.told);
      expect(parquet(outcome.output)).toEqual(parquet(reference.output));
      expect(onAnyCloud(outcome.output)).toEqual(onAnyCloud(reference.output));
      expect(outcome.records.map(recordOnAnyCloud)).toEqual(reference.records.map(recordOnAnyCloud));
    });
  });
});
