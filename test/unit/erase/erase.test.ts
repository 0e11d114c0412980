import { batchPartition } from '../../../shared/history/keys';
import { erasureSortKey } from '../../../shared/messages/erased-users';
import { noonOf, onlyTenant, TENANT } from '../../support/batch-world';
import { messageBody } from '../../support/chat';
import { snapshot } from '../../support/export-world';
import { quarantinedKeys } from '../../support/published-rows';
import { DATE, EraseWorld, textsOf } from './erase-world';

// What erasing a user leaves, and what it says.

const BEFORE = '2025-08-10';

const USERS = ['alice', 'alice2', 'bob'];

/** Two published days: users in two rooms of both, each with one message kept out; the id of one begins with another's. */
async function publishedWorld(users: readonly string[] = USERS): Promise<EraseWorld> {
  const world = new EraseWorld({ EXPORT_SHARD_MESSAGES: '30' });
  await world.addTenant();
  world.nextNight();
  for (const date of [BEFORE, DATE]) {
    for (const user of users) {
      for (const room of ['r1', 'r2']) {
        const content = `the words of ${user}, in ${room}`;
        const body = { ...messageBody('m', noonOf(date), content), attachments: [{ of: user }] };
        await world.say(noonOf(date), `${user}-${room}`, { user, room, body });
      }
      await world.say(noonOf(date, 1), `${user}-broken`, { user, room: 'r1', body: '{' });
    }
    await world.run({ date });
  }
  world.calls.length = 0;
  return world;
}

describe('erase', () => {
  test('leaves every day as it would be had the user never been there', async () => {
    const world = await publishedWorld();

    const report = await world.erase('alice');

    const expected = await publishedWorld(['alice2', 'bob']);
    for (const date of [BEFORE, DATE]) {
      for (const dataset of ['messages', 'rooms', 'users', 'summary'] as const)
        expect(await world.rows(dataset, date)).toEqual(await expected.rows(dataset, date));
      const [after, without] = [await world.manifest(date), await expected.manifest(date)];
      const { exported, duplicates, quarantined } = without.proof;
      const { outside } = after.proof;
      // Objects of neighbouring days in the same folders: nobody knows any more whose they were.
      expect(after.proof).toEqual({
        exported,
        duplicates,
        quarantined,
        outside,
        listed: outside + exported + quarantined,
      });
      expect(after.notices).toEqual(without.notices);
      expect(after.erasures).toBe(1);
      expect(await quarantinedKeys(world.analytics, after)).toEqual(await quarantinedKeys(expected.analytics, without));
      await world.expectWholeDay(date);
      expect(await world.record(date)).toMatchObject({ status: 'completed', message_count: 4, proof: after.proof });
    }
    expect(report.days.map(({ date, rows, quarantined }) => [date, rows, quarantined])).toEqual([
      [BEFORE, 2, 1],
      [DATE, 2, 1],
    ]);
  });

  test('leaves nothing that names the user or quotes them, and others’ objects as they were', async () => {
    const world = await publishedWorld();

    await world.erase('alice');

    const texts = await textsOf(world.analytics);
    expect(texts.size).toBeGreaterThan(10);
    for (const [key, values] of texts) {
      const found = values.filter((text) => /alice(?!2)/.test(text));
      expect([key, found]).toEqual([key, []]);
    }
    expect([...texts.values()].flat().join()).toContain('the words of alice2, in r1');
  });

  test('leaves a record that names nobody', async () => {
    const world = await publishedWorld();

    await world.erase('alice');

    const record = await world.metadata.get(batchPartition(TENANT), erasureSortKey(TENANT, 'alice'));
    const at = new Date(world.nowMs).toISOString();
    expect(record?.item).toEqual({
      ...{ PK: 'TENANT#acme#BATCH', SK: expect.stringMatching(/^ERASED#[0-9a-f]{64}$/), batch_type: 'erasure' },
      ...{ status: 'completed', started_at: at, erased_at: at, days: 2, rows: 4, quarantined: 2 },
    });
  });

  test.each([false, true])('keeps the user out when a day is run again, by force: %s', async (force) => {
    const world = await publishedWorld();
    await world.erase('alice');
    const rows = await world.rows('messages');

    const report = await world.run({ date: DATE, force });

    expect(onlyTenant(report)).toMatchObject({ status: 'completed', exported: 4, quarantined: 2 });
    expect(await world.rows('messages')).toEqual(rows);
    for (const values of (await textsOf(world.analytics)).values())
      expect(values.filter((text) => /alice(?!2)/.test(text))).toEqual([]);
  });

  test('says what the chat product still has of the user', async () => {
    const world = await publishedWorld();

    const { left } = await world.erase('alice');

    expect(left.prefix).toBe('acme/chat/alice/');
    expect(left.items).toEqual([
      'TENANT#acme / USER#alice',
      'TENANT#acme#USER#alice / CHAT#r1',
      'TENANT#acme#USER#alice / CHAT#r2',
    ]);
  });

  test('as a dry run says the same and changes nothing', async () => {
    const world = await publishedWorld();
    const before = await snapshot(world.analytics);

    const dry = await world.erase('alice', { dryRun: true });

    expect(world.changes).toEqual([]);
    expect(await snapshot(world.analytics)).toEqual(before);
    const { dryRun, ...said } = dry;
    expect(dryRun).toBe(true);
    expect(said).toMatchObject(await world.erase('alice').then(({ dryRun: _dryRun, ...done }) => done));
  });

  test('of a user that nobody knows says so, and records it all the same', async () => {
    const world = await publishedWorld();
    const before = await snapshot(world.analytics);

    const report = await world.erase('ali');

    expect(report).toMatchObject({ days: [], daysLooked: 2, left: { items: [] } });
    expect(await snapshot(world.analytics)).toEqual(before);
    const record = await world.metadata.get(batchPartition(TENANT), erasureSortKey(TENANT, 'ali'));
    expect(record?.item).toMatchObject({ status: 'completed', days: 0, rows: 0 });
  });

  test.each(['', 'alice/r1'])('refuses %j as a user', async (user) => {
    const world = await publishedWorld();

    await expect(world.erase(user)).rejects.toMatchObject({ code: 'input_invalid' });

    expect(world.changes).toEqual([]);
  });
});
