import type { DayPlan, ShardPlan } from '../../../shared/messages/day-plan';
import { readPaper } from '../../../shared/messages/papers';
import { planDay } from '../../../shared/messages/plan';
import { previewDay } from '../../../shared/messages/preview';
import type { ShardResult } from '../../../shared/messages/shard-result';
import { messageBody, messageKeyAt } from '../../support/chat';
import { ExportWorld, runDay, snapshot, TENANT } from '../../support/export-world';
import { storedRows } from '../../support/published-rows';
import { recorded } from '../../support/store-spies';

// How a day's rooms are divided: by what they are expected to have.

const DATE = '2025-08-11';
const AT = '2025-08-11T03:00:00.000Z';
const NEXT = '2025-08-12';
const NEXT_AT = '2025-08-12T03:00:00.000Z';

async function putRoom(world: ExportWorld, user: string, room: string, count?: unknown, at = AT): Promise<void> {
  await world.putUser(user);
  const SK = `CHAT#${room}`;
  await world.metadata.put({ PK: `TENANT#${TENANT}#USER#${user}`, SK, updated_at: at, message_count: count as number });
}

async function putMessages(world: ExportWorld, user: string, room: string, count: number, at = AT): Promise<void> {
  for (let i = 0; i < count; i++) {
    const id = `${user}-${room}-${at.slice(8, 10)}-${i}`;
    await world.putMessage(messageKeyAt(TENANT, user, room, at, id), messageBody(id, at));
  }
}

async function planOf(world: ExportWorld, date: string) {
  const planned = await planDay(world.context(date));
  const day = await readPaper<DayPlan>(world.analytics, planned.plan);
  const shards: ShardPlan[] = [];
  for (const { key } of day.shards) shards.push(await readPaper<ShardPlan>(world.analytics, key));
  const expected = shards.flatMap(({ rooms }) =>
    rooms.map((room): [string, number | undefined] => [room.room, room.expected]),
  );
  return { planned, day, shards, expected: Object.fromEntries(expected) };
}

describe('a plan', () => {
  it('says what each room and each shard are expected to have, and begins with the largest shard', async () => {
    const world = new ExportWorld({ shardMessages: 100 });
    for (let user = 0; user < 30; user++) await putRoom(world, `u${user}`, 'r', user * 7);

    const { planned, day, shards } = await planOf(world, DATE);

    expect(shards.length).toBeGreaterThan(3);
    for (const [i, { rooms, expected }] of shards.entries()) {
      expect(expected).toBe(rooms.reduce((sum, room) => sum + (room.expected ?? 0), 0));
      expect(day.shards[i]).toMatchObject({ rooms: rooms.length, expected });
      expect(expected).toBeLessThanOrEqual(rooms.length === 1 ? Number.POSITIVE_INFINITY : 100);
    }
    const expectedOf = new Map(day.shards.map(({ shard, expected }) => [shard, expected ?? 0]));
    const order = planned.shards.map((shard) => expectedOf.get(shard) ?? 0);
    expect(order).toEqual([...order].sort((a, b) => b - a));
    expect(new Set(planned.shards)).toEqual(new Set(expectedOf.keys()));
    expect(day.counted).toEqual({ rooms: 30, messages: 7 * 435 });
  });

  it('takes a count that is none for missing, and one beyond all reason for a large one', async () => {
    const world = new ExportWorld();
    for (const [room, count] of Object.entries({ none: undefined, text: '900', below: -5, half: 1.5, object: {} }))
      await putRoom(world, 'alice', room, count);
    await putRoom(world, 'alice', 'zero', 0);
    await putRoom(world, 'alice', 'forty', 40);
    await putRoom(world, 'alice', 'huge', 1e300);

    const { expected } = await planOf(world, DATE);

    expect(expected).toEqual({
      ...{ none: 20, text: 20, below: 20, half: 20, object: 20 },
      ...{ zero: 10, forty: 30, huge: 510 },
    });
  });

  it('measures counts by the day before, and reads two objects for that', async () => {
    const world = new ExportWorld();
    // Of 100 counted messages each room of the day has had 15, on the average.
    await putRoom(world, 'alice', 'large', 150, NEXT_AT);
    await putRoom(world, 'alice', 'small', 50, NEXT_AT);
    await putMessages(world, 'alice', 'large', 22);
    await putMessages(world, 'alice', 'small', 8);
    await runDay(world.context(DATE));
    await putRoom(world, 'bob', 'uncounted', undefined, NEXT_AT);
    await putRoom(world, 'bob', 'new', 0, NEXT_AT);
    const { store, calls } = recorded(world.analytics);

    await planDay(world.context(NEXT, { analytics: store }));
    const { expected } = await planOf(world, NEXT);

    expect(expected).toEqual({ large: 19, small: 11, uncounted: 15, new: 8 });
    const before = calls.filter(({ method, key }) => method === 'read' && key.includes(DATE));
    expect(before).toHaveLength(2);
  });

  it('divides a user who has half of all messages, and makes one row of it', async () => {
    const world = new ExportWorld({ shardMessages: 40 });
    const messages = (date: string, at: string) => async () => {
      for (let room = 0; room < 16; room++) await putMessages(world, 'heavy', `r${room}`, 8, at);
      for (let user = 0; user < 32; user++) await putMessages(world, `u${user}`, 'r', 4, at);
      return runDay(world.context(date));
    };
    for (let room = 0; room < 16; room++) await putRoom(world, 'heavy', `r${room}`, 800, NEXT_AT);
    for (let user = 0; user < 32; user++) await putRoom(world, `u${user}`, 'r', 400, NEXT_AT);
    await messages(DATE, AT)();

    const { manifest } = await messages(NEXT, NEXT_AT)();

    const results: ShardResult[] = [];
    for (const { result = '' } of manifest.shards) results.push(await readPaper<ShardResult>(world.analytics, result));
    expect(Math.max(...results.map(({ proof }) => proof.exported))).toBeLessThanOrEqual(40);
    expect(results.filter(({ dividedUsers }) => dividedUsers.length > 0).length).toBeGreaterThan(2);
    const users = await storedRows(world.analytics, manifest.datasets.users);
    expect(users).toHaveLength(33);
    expect(users.filter(({ user_id: id }) => id === 'heavy')).toEqual([
      expect.objectContaining({ room_count: 16n, message_count: 128n }),
    ]);
  });

  it('is the same when a published day is run again, although its rooms have been written to since', async () => {
    const world = new ExportWorld({ shardMessages: 60 });
    for (let user = 0; user < 12; user++) {
      await putRoom(world, `u${user}`, 'r', 20);
      await putMessages(world, `u${user}`, 'r', 2);
    }
    const { manifest } = await runDay(world.context(DATE));
    const before = await snapshot(world.analytics);
    for (let user = 0; user < 12; user++) await putRoom(world, `u${user}`, 'r', 5000, '2025-09-20T00:00:00Z');

    const { manifest: again } = await runDay(world.context(DATE));

    expect(manifest.layout.length).toBeGreaterThan(2);
    expect(again).toEqual(manifest);
    expect(await snapshot(world.analytics)).toEqual(before);
  });

  it('is previewed with as many shards as it then has', async () => {
    const world = new ExportWorld({ shardMessages: 60 });
    for (let user = 0; user < 20; user++) await putRoom(world, `u${user}`, 'r', user);

    const { shards } = await previewDay(world.context(DATE));

    expect(shards).toBe((await planOf(world, DATE)).shards.length);
    expect(shards).toBeGreaterThan(2);
  });
});
