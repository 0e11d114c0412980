import { exportContext } from '../../../shared/batch/export-steps';
import { objectsOf } from '../../../shared/messages/manifest';
import { parseMessageKey } from '../../../shared/messages/message-key';
import { planFolder } from '../../../shared/messages/output-paths';
import { readPaper, writePaper } from '../../../shared/messages/papers';
import type { PlannedDay } from '../../../shared/messages/plan';
import { planDay } from '../../../shared/messages/plan';
import { exportShard } from '../../../shared/messages/shard';
import { compactMonth } from '../../../shared/operations/compact/compact-month';
import { replayCopy } from '../../../shared/operations/quarantine/replay-message';
import { noonOf, onlyTenant, TENANT } from '../../support/batch-world';
import { messageBody } from '../../support/chat';
import { snapshot } from '../../support/export-world';
import { DATE, EraseWorld, textsOf } from './erase-world';

// Days of every kind that a user may be in.

const ZONE = 'Asia/Tokyo';
const DAY = { tenant: TENANT, timeZone: ZONE, date: DATE };

async function emptyWorld(env: Readonly<Record<string, string>> = {}): Promise<EraseWorld> {
  const world = new EraseWorld(env);
  await world.addTenant();
  world.nextNight();
  return world;
}

async function expectNoTraceOf(world: EraseWorld, user: string): Promise<void> {
  for (const [key, texts] of await textsOf(world.analytics))
    expect([key, texts.filter((text) => text.includes(user))]).toEqual([key, []]);
}

describe('erase on a day', () => {
  test('whose only user it is leaves an empty day, as one without messages is', async () => {
    const world = await emptyWorld();
    await world.say(noonOf(DATE), 'm1');
    await world.say(noonOf(DATE, 1), 'm2', { body: { ...messageBody('m1', noonOf(DATE, 1)), surprise: 1 } });
    await world.say(noonOf(DATE, 2), 'm3', { body: 'no message' });
    await world.run({ date: DATE });

    await world.erase('alice');

    const empty = await emptyWorld();
    await empty.run({ date: DATE });
    const [after, never] = [await world.manifest(), await empty.manifest()];
    const { datasets, quarantine, notices, layout, shards, proof } = never;
    expect(after).toMatchObject({ datasets, quarantine, notices, layout, shards, proof });
    expect(new Set((await snapshot(world.analytics)).keys())).toEqual(
      new Set([...objectsOf(after), `${TENANT}/analytics/_manifests/${DATE}.json`]),
    );
    expect(onlyTenant(await world.run({ date: DATE }))).toMatchObject({ status: 'completed', exported: 0 });
    await expectNoTraceOf(world, 'alice');
  });

  test('that has nothing of the user but what was kept out', async () => {
    const world = await emptyWorld();
    await world.say(noonOf(DATE), 'm1', { body: 'no message' });
    await world.say(noonOf(DATE), 'm1', { user: 'bob' });
    await world.run({ date: DATE });

    const { days } = await world.erase('alice');

    expect(days).toMatchObject([{ date: DATE, parts: 1, rows: 0, quarantined: 1 }]);
    expect(await world.manifest()).toMatchObject({
      proof: { exported: 1, quarantined: 0 },
      quarantine: [],
      notices: { quarantine: {} },
    });
    expect(await world.rows('summary')).toMatchObject([{ message_count: 1n, user_count: 1n, quarantined_count: 0n }]);
    await expectNoTraceOf(world, 'alice');
  });

  test('in several shards and in a part of its own takes the user out of all of them', async () => {
    const world = await emptyWorld({ EXPORT_SHARD_MESSAGES: '4' });
    for (let room = 0; room < 12; room++) await world.say(noonOf(DATE), 'm', { room: `r${room}` });
    for (const user of ['bob', 'carol', 'dave']) await world.say(noonOf(DATE), 'm', { user });
    await world.run({ date: DATE });
    expect((await world.manifest()).layout.length).toBeGreaterThan(3);

    const { days } = await world.erase('alice');

    expect(days).toMatchObject([{ rows: 12 }]);
    expect((await world.rows('users')).map(({ user_id: user }) => user).sort()).toEqual(['bob', 'carol', 'dave']);
    expect(await world.rows('summary')).toMatchObject([{ message_count: 3n, user_count: 3n, room_count: 3n }]);
    await world.expectWholeDay();
    await expectNoTraceOf(world, 'alice');
  });

  test('keeps the shards’ results that the user is not in, so that running it again reads only the others', async () => {
    const world = await emptyWorld({ EXPORT_SHARD_MESSAGES: '4' });
    for (let user = 0; user < 12; user++) await world.say(noonOf(DATE), 'm', { user: `u${user}` });
    await world.say(noonOf(DATE), 'm', { user: 'alice' });
    await world.run({ date: DATE });

    await world.erase('alice');

    world.calls.length = 0;
    await world.run({ date: DATE });
    const read = world.calls.filter(({ method, key }) => method === 'read' && key.includes('/chat/'));
    expect(read.length).toBeLessThan(6);
    expect((await world.manifest()).proof.exported).toBe(12);
  });

  test('keeps rooms in it that nothing but its working papers named', async () => {
    const world = await emptyWorld({ PLAN_AUDIT_SHARE: '1' });
    await world.say(noonOf(DATE), 'm1');
    await world.say(noonOf(DATE), 'm1', { user: 'bob', touched: Date.parse('2025-01-01T00:00:00Z') });
    await world.run({ date: DATE });
    expect((await world.manifest()).notices.late).toBe(1);

    await world.erase('alice');

    const later = new EraseWorld();
    Object.assign(later, {
      data: world.data,
      analytics: world.analytics,
      metadata: world.metadata,
      nowMs: world.nowMs,
    });
    expect(onlyTenant(await later.run({ date: DATE }))).toMatchObject({ status: 'completed', exported: 1 });
  });

  test('does not take what only the audit found of the user for others’', async () => {
    const world = await emptyWorld({ PLAN_AUDIT_SHARE: '1' });
    await world.say(noonOf(DATE), 'm1', { touched: Date.parse('2025-01-01T00:00:00Z') });
    await world.say(noonOf(DATE), 'm1', { user: 'bob' });
    await world.run({ date: DATE });

    await world.erase('alice');

    expect((await world.manifest()).notices.late).toBe(0);
  });

  test('counts drift and skew anew: names of fields may be the user’s own words', async () => {
    const world = await emptyWorld();
    const at = noonOf(DATE);
    const drifting = (id: string, fields: object) => ({ ...messageBody(id, at), ...fields });
    await world.say(at, 'm1', { body: drifting('m1', { 'dear diary': 1, both: 1, agent_info: { secret: 2 } }) });
    await world.say(noonOf(DATE, 2), 'm2', { body: drifting('m2', { both: 2 }) });
    await world.say(noonOf(DATE, 1), 'm1', { user: 'bob', body: drifting('m1', { both: 1, agent_info: { mine: 2 } }) });
    await world.run({ date: DATE });
    expect((await world.manifest()).notices).toMatchObject({ clockSkew: 2, drift: { both: 3, 'dear diary': 1 } });

    await world.erase('alice');

    expect((await world.manifest()).notices).toMatchObject({
      drift: { both: 1, 'agent_info.mine': 1 },
      driftFirstSeen: { both: noonOf(DATE, 1), 'agent_info.mine': noonOf(DATE, 1) },
      driftUnnamed: 0,
      clockSkew: 1,
    });
    for (const texts of (await textsOf(world.analytics)).values())
      expect(texts.filter((text) => /diary|secret/.test(text))).toEqual([]);
  });

  test('drops corrected copies of the user’s messages and keeps others’', async () => {
    const world = await emptyWorld();
    const keys: string[] = [];
    for (const user of ['alice', 'bob']) keys.push(await world.say(noonOf(DATE), 'm1', { user, body: '{' }));
    await world.run({ date: DATE });
    for (const key of keys) {
      const of = parseMessageKey(TENANT, key);
      if (of === undefined) throw new Error(`${key} is no key.`);
      const copy = Buffer.from(JSON.stringify(messageBody('m1', noonOf(DATE), `corrected for ${of.user}`)));
      await replayCopy(world.platform(), { ...DAY, key: of }, copy);
    }
    await world.run({ date: DATE });
    expect((await world.manifest()).notices.repaired).toBe(2);

    await world.erase('alice');

    expect(await world.manifest()).toMatchObject({ notices: { repaired: 1 }, proof: { exported: 1, quarantined: 0 } });
    expect(await world.rows('messages')).toMatchObject([{ user_id: 'bob', content: 'corrected for bob' }]);
    expect((await textsOf(world.analytics, `${TENANT}/analytics/_repairs/`)).size).toBe(1);
    await expectNoTraceOf(world, 'alice');
  });

  test('whose working papers are gone is rewritten and can be run again', async () => {
    const world = await emptyWorld({ EXPORT_SHARD_MESSAGES: '4' });
    for (const user of ['alice', 'bob', 'carol']) await world.say(noonOf(DATE), 'm1', { user });
    await world.run({ date: DATE });
    for (const key of (await snapshot(world.analytics, planFolder(TENANT, DATE))).keys())
      await world.analytics.delete(key);

    await world.erase('alice');

    await world.expectWholeDay();
    expect((await world.manifest()).proof.exported).toBe(2);
    expect(onlyTenant(await world.run({ date: DATE }))).toMatchObject({ status: 'completed', exported: 2 });
    await expectNoTraceOf(world, 'alice');
  });

  test('that was never published takes away what an interrupted run has left of the user', async () => {
    const world = await emptyWorld();
    await world.say(noonOf(DATE), 'm1');
    await world.say(noonOf(DATE), 'm1', { user: 'bob' });
    const context = exportContext(world.platform(), DAY, 'test');
    const planned: PlannedDay = await planDay(context);
    await exportShard(context, planned.plan, 0, false);

    await world.erase('alice');

    await expectNoTraceOf(world, 'alice');
    expect(onlyTenant(await world.run({ date: DATE }))).toMatchObject({ status: 'completed', exported: 1 });
  });

  test('takes the user out of papers of late rooms and leaves the others’ rooms to be taken in', async () => {
    const world = await emptyWorld();
    await world.say(noonOf(DATE), 'm1', { user: 'carol' });
    await world.run({ date: DATE });
    const late = ['alice', 'bob'].map((user) => ({ user, room: 'r', title: null, source: 'audit' as const }));
    await writePaper(exportContext(world.platform(), DAY, 'test'), 'late', 0, { rooms: late });

    await world.erase('alice');

    const papers = [...(await snapshot(world.analytics, `${planFolder(TENANT, DATE)}late-`)).keys()];
    expect(papers).toHaveLength(1);
    expect(await readPaper(world.analytics, papers[0] ?? '')).toEqual({ rooms: late.slice(1) });
    await expectNoTraceOf(world, 'alice');
  });

  test('in a compacted month takes the month away, and the next compaction has it without the user', async () => {
    const world = await emptyWorld();
    for (const user of ['alice', 'bob']) await world.say(noonOf(DATE), 'm1', { user });
    await world.run({ date: DATE });
    const { day: _day, data: _data, ...context } = exportContext(world.platform(), DAY, 'test');
    const compact = () => compactMonth(context, '2025-08', { partial: true });
    await compact();
    const monthly = `${TENANT}/analytics/monthly/`;
    expect((await textsOf(world.analytics, monthly)).size).toBeGreaterThan(2);

    const { otherObjects } = await world.erase('alice');

    expect(otherObjects).toBeGreaterThan(2);
    expect((await textsOf(world.analytics, monthly)).size).toBe(0);
    await compact();
    expect((await textsOf(world.analytics, monthly)).size).toBeGreaterThan(2);
    await expectNoTraceOf(world, 'alice');
  });

  test('for which nothing but a room without a message was planned leaves its parts as they are', async () => {
    const world = await emptyWorld();
    await world.say(noonOf('2025-08-12'), 'm1');
    await world.say(noonOf(DATE), 'm1', { user: 'bob' });
    await world.run({ date: DATE });
    const { datasets, proof } = await world.manifest();

    const { days } = await world.erase('alice');

    expect(days).toMatchObject([{ date: DATE, parts: 0, rows: 0 }]);
    expect(await world.manifest()).toMatchObject({ datasets, proof, erasures: 1 });
    await expectNoTraceOf(world, 'alice');
    expect(onlyTenant(await world.run({ date: DATE }))).toMatchObject({ status: 'completed', exported: 1 });
  });
});
