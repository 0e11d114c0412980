import { exportContext } from '../../../shared/batch/export-steps';
import { parseMessageKey } from '../../../shared/messages/message-key';
import { replayCopy } from '../../../shared/operations/quarantine/replay-message';
import { verifyDay } from '../../../shared/operations/verify/verify-day';
import { noonOf, TENANT } from '../../support/batch-world';
import { messageBody } from '../../support/chat';
import { snapshot } from '../../support/export-world';
import { DATE, EraseWorld } from '../erase/erase-world';

// Days that were changed after they were published: users were erased, messages were repaired.

const USERS = ['alice', 'bob', 'carol', 'dave', 'erin'];

async function worldWithout(user: string, shardMessages: string): Promise<EraseWorld> {
  const world = new EraseWorld({ EXPORT_SHARD_MESSAGES: shardMessages });
  await world.addTenant();
  world.nextNight();
  for (const [at, each] of USERS.entries()) {
    for (const room of ['r1', 'r2']) await world.say(noonOf(DATE, at / 10), `${each}-${room}`, { user: each, room });
    await world.say(noonOf(DATE, 1 + at / 10), `${each}-again`, {
      user: each,
      room: 'r1',
      body: messageBody(`${each}-r1`, noonOf(DATE)),
    });
    await world.say(noonOf(DATE, 2 + at / 10), `${each}-broken`, { user: each, room: 'r1', body: 'no message' });
  }
  await world.run({ date: DATE });
  await world.erase(user);
  return world;
}

const DAY = { tenant: TENANT, timeZone: 'Asia/Tokyo', date: DATE };

function verify(world: EraseWorld) {
  return verifyDay(exportContext(world.platform(), DAY, 'verify'), true);
}

test.each([
  ['one shard', '50000', 'not known: users were erased'],
  // Nobody else was in the user's.
  ['several shards', '10', 'unchanged'],
])('a day of %s is what the others’ messages give', async (_shards, shardMessages, input) => {
  const world = await worldWithout('carol', shardMessages);

  const day = await verify(world);

  expect(day).toMatchObject({ ok: true, deep: true, messages: 8, input });
  expect(day.findings).toMatchObject([{ severity: 'note', code: 'erased' }]);
  await world.run({ date: DATE });
  expect(await verify(world)).toMatchObject({ ok: true, input: 'unchanged', findings: [] });
});

test('a row that is altered on top of it is found', async () => {
  const world = await worldWithout('carol', '10');
  const key = await world.say(noonOf(DATE), 'alice-r1', {
    user: 'alice',
    room: 'r1',
    body: messageBody('alice-r1', noonOf(DATE), 'edited'),
  });

  const day = await verify(world);

  expect(day.findings.filter(({ severity }) => severity === 'error')).toMatchObject([{ code: 'row_differs' }]);
  expect(day.findings[0]?.what).toContain(key);
});

test('without its working papers it can be verified by its parts alone', async () => {
  const world = await worldWithout('carol', '10');
  for (const key of (await snapshot(world.analytics, `${TENANT}/analytics/_plans/`)).keys())
    await world.analytics.delete(key);
  await world.erase('dave');

  const day = await verify(world);

  expect(day).toMatchObject({ ok: true, deep: false, messages: 6, input: 'not known: users were erased' });
  expect(day.findings.map(({ code }) => code)).toEqual(['papers_missing', 'erased']);
});

test('a repaired message is compared with its corrected copy', async () => {
  // prepare
  const world = await worldWithout('nobody', '50000');
  const original = await world.say(noonOf(DATE), 'to-mend', { user: 'alice', room: 'r1', body: 'no message' });
  await world.run({ date: DATE });
  const key = parseMessageKey(TENANT, original);
  if (key === undefined) throw new Error(`${original} is no key.`);
  await replayCopy(
    world.platform(),
    { ...DAY, key },
    Buffer.from(JSON.stringify(messageBody('to-mend', noonOf(DATE)))),
  );

  // act
  const day = await verify(world);

  // assess
  expect((await world.manifest()).notices.repaired).toBe(1);
  expect(day).toMatchObject({ ok: true, deep: true, messages: 11, input: 'unchanged', findings: [] });
});

test.each([
  ['is gone', 'head'],
  ['goes while it is read', 'read'],
] as const)(
  'a day that is published anew meanwhile, so that a part %s, is looked into once more',
  async (_what, method) => {
    // prepare
    const world = await worldWithout('nobody', '50000');
    const parts = (await world.manifest()).datasets.messages.map(({ key }) => key);
    let published = false;
    world.hold = async (call) => {
      if (published || call.method !== method || !parts.includes(call.key)) return;
      published = true;
      await world.say(noonOf(DATE, 5), 'late', { user: 'erin', room: 'r2' });
      await world.run({ date: DATE });
    };

    // act
    const day = await verify(world);

    // assess
    expect((await world.manifest()).datasets.messages.map(({ key }) => key)).not.toEqual(parts);
    expect(day).toMatchObject({ ok: true, messages: 11, input: 'unchanged', findings: [] });
  },
);

test('a part that is gone from a day that nobody publishes anew is an error all the same', async () => {
  const world = await worldWithout('nobody', '50000');
  for (const { key } of (await world.manifest()).datasets.messages) await world.analytics.delete(key);

  expect(await verify(world)).toMatchObject({ ok: false, findings: [{ code: 'part_missing' }] });
});
