import type { BatchPlatform } from '../../shared/batch/batch-platform';
import { compactTenants } from '../../shared/operations/compact/compact-tenants';
import { eraseUser } from '../../shared/operations/erase/erase-user';
import { messageOfKey } from '../../shared/operations/quarantine/message-of-key';
import { replayCopy } from '../../shared/operations/quarantine/replay-message';
import { verifyRun } from '../../shared/operations/verify/verify-run';
import type { MetadataStore } from '../../shared/ports/metadata-store';
import type { ObjectStore } from '../../shared/ports/object-store';
import { describeWithMoto } from '../support/aws-services';
import { noonOf } from '../support/batch-world';
import { messageBody, messageKeyAt } from '../support/chat';
import { storedRows } from '../support/published-rows';
import { type CloudName, openCloud, openWatched, type TestCloud, type WatchedPlatform } from './clouds';
import { durableWithWorker, type Engine, inlineEngine, plainLambda } from './engines';
import {
  figuresOf,
  heldDays,
  type Output,
  onAnyCloud,
  outputOf,
  recordOnAnyCloud,
  recordsOf,
  runsOf,
} from './export-outcome';

// What an operator does with a tenant's days, one thing after the other, on two clouds: what comes of it is the same after each.

const TENANT = 'acme';
const DAYS = ['2025-07-29', '2025-07-30', '2025-07-31'] as const;
const [FIRST, MISSED, LAST] = DAYS;
const MONTH = '2025-07';
/** 02:00 in Tokyo after each of the days. */
const NIGHTS = DAYS.map((date) => Date.parse(`${date}T17:00:00Z`));
const NOON_AFTER = Date.parse('2025-08-01T03:00:00Z');
const NIGHT_AFTER = Date.parse('2025-08-01T17:00:00Z');

const USERS = ['alice', 'bob', 'ひろし x', 'carol'];
const ERASED = 'carol';
const BROKEN = ['bob', ERASED].map((user) => messageKeyAt(TENANT, user, 'room 1', noonOf(LAST, 1), `broken ${user}`));

const LANES: readonly (readonly [string, CloudName, Engine])[] = [
  ['Azure', 'azure', inlineEngine],
  ['the plain Lambda', 'aws', plainLambda],
  ['the durable Lambda with a worker', 'aws', durableWithWorker],
];
const REFERENCE = 'Azure';

/** Several shards a day. */
const SETTINGS = { EXPORT_SHARD_MESSAGES: '30', PLAN_AUDIT_SHARE: '0' };

interface Stage {
  readonly name: string;
  readonly atMs: number;
  /** What the chat product does before. */
  readonly before?: (data: ObjectStore) => Promise<void>;
  /** @returns what is told, which is the same on any cloud */
  readonly work: (platform: BatchPlatform, engine: Engine) => Promise<unknown>;
}

const night = async (platform: BatchPlatform, engine: Engine) =>
  figuresOf(await engine(platform, { job: 'export', tenants: [TENANT] }));

const compactMonth = async (platform: BatchPlatform) =>
  await all(compactTenants(platform, { month: MONTH, tenants: [TENANT], partial: true }));

const LAST_STAGE = 'a verification without the erased user';
const STAGES: readonly Stage[] = [
  { name: 'the first night', atMs: NIGHTS[0] ?? 0, before: putMessages, work: night },
  { name: 'the night after one that was missed', atMs: NIGHTS[2] ?? 0, before: putLateMessages, work: night },
  { name: 'corrected copies', atMs: NOON_AFTER, work: replayCopies },
  { name: 'a compacted month', atMs: NOON_AFTER + 60_000, work: compactMonth },
  { name: 'a verification of every row', atMs: NOON_AFTER + 90_000, work: verifyDays },
  {
    name: 'an erased user',
    atMs: NOON_AFTER + 120_000,
    work: (platform) => eraseUser(platform, { tenant: TENANT, user: ERASED, dryRun: false }),
  },
  { name: 'the night after the erasure', atMs: NIGHT_AFTER, work: night },
  { name: 'the month compacted again', atMs: NIGHT_AFTER + 60_000, work: compactMonth },
  { name: LAST_STAGE, atMs: NIGHT_AFTER + 120_000, work: verifyDays },
];

/** What a lane had told and left after a stage. */
interface Outcome {
  readonly told: unknown;
  readonly output: Output;
  readonly records: readonly Record<string, unknown>[];
}

async function putMessages(data: ObjectStore): Promise<void> {
  const messages = DAYS.flatMap((date) =>
    USERS.flatMap((user) =>
      [0, 1].map((room) => [user, `room ${room}`, noonOf(date, room), `${user}-${date}-${room}`]),
    ),
  );
  await Promise.all(messages.map(([user = '', room = '', at = '', id = '']) => putMessage(data, user, room, at, id)));
  for (const key of BROKEN) await put(data, key, '{"message_id": "broken",');
}

/** One of a day that is published, and one of a day that is not. */
async function putLateMessages(data: ObjectStore): Promise<void> {
  for (const date of [FIRST, MISSED]) await putMessage(data, 'alice', 'room 0', noonOf(date, 5), `late-${date}`);
}

async function putMessage(data: ObjectStore, user: string, room: string, at: string, id: string): Promise<void> {
  const text = JSON.stringify(messageBody(id, at, `${user} says ${id}`));
  await put(data, messageKeyAt(TENANT, user, room, at, id), text);
}

async function put(data: ObjectStore, key: string, text: string): Promise<void> {
  await data.write(key, Buffer.from(text), { contentType: 'application/json' });
}

async function putMetadata(metadata: MetadataStore): Promise<void> {
  await metadata.put({ PK: 'SYSTEM#TENANTS', SK: `TENANT#${TENANT}`, tenant_id: TENANT, time_zone: 'Asia/Tokyo' });
  for (const user of USERS) {
    await metadata.put({ PK: `TENANT#${TENANT}`, SK: `USER#${user}` });
    const updated_at = '2025-08-01T00:00:00.000Z';
    for (const room of ['room 0', 'room 1'])
      await metadata.put({
        PK: `TENANT#${TENANT}#USER#${user}`,
        SK: `CHAT#${room}`,
        title: room,
        updated_at,
        message_count: 4,
      });
  }
}

async function replayCopies(platform: BatchPlatform): Promise<unknown> {
  const replayed = [];
  for (const key of BROKEN) {
    const message = { tenant: TENANT, timeZone: 'Asia/Tokyo', date: LAST, key: messageOfKey(TENANT, key) };
    const [, , user = ''] = key.split('/');
    const copy = Buffer.from(JSON.stringify(messageBody(`broken ${user}`, noonOf(LAST, 1), `${user} was corrected`)));
    const { report, ...counts } = await replayCopy(platform, message, copy);
    replayed.push({ ...counts, report: figuresOf(report) });
  }
  return replayed;
}

async function verifyDays(platform: BatchPlatform): Promise<unknown> {
  const verdicts = [];
  for (const date of DAYS)
    verdicts.push(...(await all(verifyRun(platform, { job: 'export', date, force: false, tenants: [TENANT] }, true))));
  return verdicts;
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
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
    test.each(LANES.slice(1).map(([name]) => name))('%s has told the same, and left the same', (lane) => {
      const [outcome, reference] = [outcomeOf(lane, stage), outcomeOf(REFERENCE, stage)];
      const parquet = (output: Output) => Object.entries(output).filter(([key]) => key.endsWith('.parquet'));
      expect(outcome.told).toEqual(reference.told);
      expect(parquet(outcome.output)).toEqual(parquet(reference.output));
      expect(onAnyCloud(outcome.output)).toEqual(onAnyCloud(reference.output));
      expect(outcome.records.map(recordOnAnyCloud)).toEqual(reference.records.map(recordOnAnyCloud));
    });
  });
});
