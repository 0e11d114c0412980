import { DayInUseError } from '../../../shared/errors';
import { batchPartition } from '../../../shared/history/keys';
import { withDayLease } from '../../../shared/messages/day-lease';
import { erasureSortKey } from '../../../shared/messages/erased-users';
import { planFolder } from '../../../shared/messages/output-paths';
import { noonOf, TENANT, type WorldCall } from '../../support/batch-world';
import { snapshot } from '../../support/export-world';
import { silentLog } from '../../support/silent-log';
import { standingClock } from '../../support/standing-clock';
import { DATE, EraseWorld, textsOf } from './erase-world';

// An erasure that ends anywhere, and the erasure after it; and others at work at the same time.

class Killed extends Error {}

const CHANGES = ['write', 'delete', 'put'];

async function filledWorld(): Promise<EraseWorld> {
  const world = new EraseWorld({ EXPORT_SHARD_MESSAGES: '4' });
  await world.addTenant();
  world.nextNight();
  for (const room of ['r1', 'r2', 'r3']) await world.say(noonOf(DATE), 'm1', { room });
  for (const user of ['bob', 'carol']) await world.say(noonOf(DATE), 'm1', { user });
  await world.say(noonOf(DATE), 'm2', { body: '{' });
  await world.run({ date: DATE });
  return world;
}

let filled: Promise<EraseWorld> | undefined;

async function publishedWorld(): Promise<EraseWorld> {
  filled ??= filledWorld();
  return (await filled).copy();
}

/** Lets the first `calls` calls through that change something, and none after that. */
function endAfter(world: EraseWorld, calls: number, moment: 'before' | 'after'): void {
  let left = calls;
  const count = ({ method }: WorldCall) => {
    if (!CHANGES.includes(method)) return;
    if (left === 0) throw new Killed();
    left -= 1;
  };
  if (moment === 'before') world.before = count;
  else world.after = count;
}

function goOn(world: EraseWorld): void {
  world.before = () => undefined;
  world.after = () => undefined;
  // By then the lease of the one that died is over.
  world.nowMs += 180_000;
}

describe('an erasure that is cut off', () => {
  test.each(['before', 'after'] as const)(
    '%s any one of its writes leaves whole days, and is completed by the next one, byte for byte',
    async (moment) => {
      const undisturbed = await publishedWorld();
      await undisturbed.erase('alice');
      const expected = await snapshot(undisturbed.analytics);
      const changes = undisturbed.changes.length;
      expect(changes).toBeGreaterThan(15);

      for (let point = 0; point < changes; point++) {
        const world = await publishedWorld();
        endAfter(world, point, moment);
        await expect(world.erase('alice')).rejects.toThrow(Killed);
        await world.expectWholeDay();
        goOn(world);

        await world.erase('alice');

        expect(await snapshot(world.analytics)).toEqual(expected);
        const { proof, notices } = await world.manifest();
        expect(await world.record(DATE)).toMatchObject({ proof, notices, message_count: 2 });
        const record = await world.metadata.get(batchPartition(TENANT), erasureSortKey(TENANT, 'alice'));
        expect(record?.item).toMatchObject({ status: 'completed' });
      }
    },
  );
});

describe('an erasure beside a run', () => {
  const leaseOf = (world: EraseWorld) => ({
    metadata: world.metadata,
    clock: standingClock(() => world.nowMs),
    log: silentLog,
  });

  test('waits for a day that another run has at work', async () => {
    const world = await publishedWorld();
    const lease = { tenant: TENANT, date: DATE, owner: 'another run' };
    await withDayLease(leaseOf(world), lease, async () => undefined);
    const waited: string[] = [];

    await world.erase('alice', {
      hooks: {
        onWaiting: (date) => {
          waited.push(date);
          world.nowMs += 60_000;
        },
      },
    });

    expect(waited).toEqual([DATE, DATE]);
    expect((await world.manifest()).proof).toMatchObject({ exported: 2, quarantined: 0 });
  });

  test('that never ends fails with its name, and has not erased the user', async () => {
    const world = await publishedWorld();
    const lease = { tenant: TENANT, date: DATE, owner: 'another run' };
    const renewed = () => withDayLease(leaseOf(world), lease, async () => undefined);
    await renewed();

    const erased = world.erase('alice');

    await expect(erased).rejects.toThrow(DayInUseError);
    await expect(erased).rejects.toThrow('another run');
    const record = await world.metadata.get(batchPartition(TENANT), erasureSortKey(TENANT, 'alice'));
    expect(record?.item).toMatchObject({ status: 'started', days: 0 });
  });

  test('finds what a run has brought that had planned its day before', async () => {
    const world = await publishedWorld();
    const late = '2025-08-09';
    let brought = false;
    // The day is planned before the erasure is recorded, and its papers come when all days have been looked into.
    world.before = ({ method, key }) => {
      if (brought || method !== 'write' || !key.includes('_manifests')) return;
      brought = true;
      const paper = Buffer.from(JSON.stringify({ shard: 0, rooms: [{ user: 'alice', room: 'r1' }], dividedUsers: [] }));
      void world.analytics.write(`${planFolder(TENANT, late)}shard-00000-0123456789abcdef.json`, paper, {
        contentType: 'application/json',
      });
    };

    await world.erase('alice');

    expect(brought).toBe(true);
    for (const texts of (await textsOf(world.analytics)).values())
      expect(texts.filter((text) => text.includes('alice'))).toEqual([]);
  });

  test('says loudly what it could not take away', async () => {
    const world = await publishedWorld();
    const key = `${TENANT}/analytics/notes/of-somebody.json`;
    await world.analytics.write(key, Buffer.from('{"user": "alice"}'), { contentType: 'application/json' });

    await expect(world.erase('alice')).rejects.toMatchObject({
      code: 'erasure_incomplete',
      message: expect.stringContaining(key),
    });
  });
});

describe('records of failures', () => {
  const failure = { kind: 'transient', code: 'input_changed' };

  test('that name the user name nobody any more', async () => {
    const world = await publishedWorld();
    const messages = [
      'The object acme/chat/alice/r1/messages/2025/08/11/a.json was changed or removed while its day was being read.',
      'The metadata item PK "TENANT#acme#USER#alice", SK "CHAT#x/y" names an id.',
      'GET https://example.org/container/acme/chat/alice/r%201/a.json failed.',
    ];
    const others = ['The object acme/chat/alice2/r1/a.json is gone.', 'The item TENANT#acme / USER#alice2 is gone.'];
    for (const [at, message] of [...messages, ...others].entries()) {
      const last_failure = { ...failure, message, at: '2025-08-11T00:00:00.000Z' };
      await world.metadata.put({ PK: batchPartition(TENANT), SK: `DAILY#2025-01-0${at + 1}`, last_failure });
      await world.metadata.put({
        PK: 'SYSTEM#BATCH',
        SK: `RUN#${at}`,
        failures: [{ ...failure, message }],
        job: 'export',
      });
    }

    const { records } = await world.erase('alice');

    expect(records).toBe(6);
    for (const partition of [batchPartition(TENANT), 'SYSTEM#BATCH']) {
      const { items } = await world.metadata.query({ partition });
      const text = JSON.stringify(items);
      expect(text).not.toMatch(/alice(?!2)/);
      for (const message of others) expect(text).toContain(message);
    }
    expect((await world.metadata.get('SYSTEM#BATCH', 'RUN#0'))?.item).toMatchObject({
      job: 'export',
      failures: [{ ...failure, message: expect.stringContaining('erased') }],
    });
  });

  test('that change meanwhile are read again', async () => {
    const world = await publishedWorld();
    const SK = 'DAILY#2025-01-01';
    const item = { PK: batchPartition(TENANT), SK, last_failure: { message: 'acme/chat/alice/r/m.json' } };
    await world.metadata.put(item);
    let changed = false;
    world.before = ({ method, key }) => {
      if (changed || method !== 'put' || !key.endsWith(SK)) return;
      changed = true;
      void world.metadata.put({ ...item, status: 'completed' });
    };

    await world.erase('alice');

    expect((await world.metadata.get(batchPartition(TENANT), SK))?.item).toEqual({
      ...{ PK: batchPartition(TENANT), SK, status: 'completed' },
      last_failure: { message: expect.not.stringContaining('alice') },
    });
  });
});
