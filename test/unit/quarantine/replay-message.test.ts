import { InputError } from '../../../shared/errors';
import { batchPartition } from '../../../shared/history/keys';
import { LEASE_MS, withDayLease } from '../../../shared/messages/day-lease';
import { erasureSortKey } from '../../../shared/messages/erased-users';
import { planFolder, quarantineFolder, repairsFolder } from '../../../shared/messages/output-paths';
import { allObjects } from '../../../shared/messages/pages';
import { placeOfRepair } from '../../../shared/messages/repairs';
import { noonOf, onlyTenant, TENANT, type WorldCall } from '../../support/batch-world';
import { messageBody, messageKeyAt } from '../../support/chat';
import { snapshot } from '../../support/export-world';
import { quarantinedKeys } from '../../support/published-rows';
import { CONTENT, DATE, keyOf, QuarantineWorld } from './quarantine-world';

const changes = ({ method }: WorldCall) => method === 'write' || method === 'delete' || method === 'put';

describe('a corrected copy that is replayed', () => {
  test('comes in: the proof holds, one more is exported and one fewer is in quarantine', async () => {
    const world = await QuarantineWorld.published();
    const original = await world.data.read(world.broken);

    const { before, after, report, inQuarantine } = await world.replay(world.broken);

    expect(report.status).toBe('completed');
    expect(before).toEqual({ listed: 6, outside: 0, exported: 4, duplicates: 0, quarantined: 2, repaired: 0 });
    expect(after).toEqual({ listed: 6, outside: 0, exported: 5, duplicates: 0, quarantined: 1, repaired: 1 });
    expect(inQuarantine).toBe(false);
    expect(await quarantinedKeys(world.analytics, await world.manifest())).toEqual([world.mistyped]);
    expect(await world.data.read(world.broken)).toEqual(original);
  });

  test('is the row that the copy says, under the original’s key, and counted in manifest and record', async () => {
    const world = await QuarantineWorld.published();

    await world.replay(world.broken, world.copyOf(world.broken, { agent_info: { tokens_used: 7 } }));

    const row = (await world.rows()).find(({ storage_key }) => storage_key === world.broken);
    expect(row).toMatchObject({ message_id: 'broken', content: CONTENT, user_id: 'bob', room_id: 'r' });
    expect(Number(row?.agent_tokens_used)).toBe(7);
    expect((await world.manifest()).notices).toMatchObject({ repaired: 1, quarantine: { wrong_type: 1 } });
    expect((await world.record(DATE))?.notices).toMatchObject({ repaired: 1 });
  });

  test('may be written as any UTF-8 that the contract takes, byte order mark and all', async () => {
    const world = await QuarantineWorld.published();
    const copy = Buffer.concat([
      Buffer.from([0xef, 0xbb, 0xbf]),
      Buffer.from(`\n${JSON.stringify(messageBody('broken', noonOf(DATE), '\u0000 😀 \u2028 長い文'))}\r\n`),
    ]);

    await world.replay(world.broken, copy);

    const row = (await world.rows()).find(({ storage_key }) => storage_key === world.broken);
    expect(row?.content).toBe('\u0000 😀 \u2028 長い文');
  });

  test('stays in when the day is run again, also with force, byte for byte', async () => {
    const world = await QuarantineWorld.published();
    await world.replay(world.broken);
    const expected = await snapshot(world.analytics);

    for (const force of [false, true]) {
      const report = await world.run({ date: DATE, force });

      expect(report.status).toBe('completed');
      expect(await snapshot(world.analytics)).toEqual(expected);
    }
  });

  test('is replayed again without any write to the day', async () => {
    const world = await QuarantineWorld.published();
    await world.replay(world.broken);
    const expected = await snapshot(world.analytics);
    world.calls.length = 0;

    const { before, after } = await world.replay(world.broken);

    expect(after).toEqual(before);
    expect(await snapshot(world.analytics)).toEqual(expected);
    expect(world.calls.filter(({ method }) => method === 'write' || method === 'delete')).toEqual([]);
  });

  test('stays as it is where another one says the same in other words, so that the published day goes on naming it', async () => {
    const world = await QuarantineWorld.published();
    await world.replay(world.broken);
    const expected = await snapshot(world.analytics);
    const spaced = Buffer.from(`  ${Buffer.from(world.copyOf(world.broken)).toString()}\n`);

    const { after } = await world.replay(world.broken, spaced);

    expect(after).toMatchObject({ exported: 5, repaired: 1 });
    expect(await snapshot(world.analytics)).toEqual(expected);
  });

  test('takes the place of an earlier copy of the same message', async () => {
    const world = await QuarantineWorld.published();
    await world.replay(world.broken);

    const { after } = await world.replay(world.broken, world.copyOf(world.broken, { content: 'better still' }));

    const row = (await world.rows()).find(({ storage_key }) => storage_key === world.broken);
    expect(row?.content).toBe('better still');
    expect(after).toMatchObject({ exported: 5, repaired: 1 });
  });

  test('leaves the same day as a message that was right from the start, but for what says that it was corrected', async () => {
    const world = await QuarantineWorld.published();
    const right = await QuarantineWorld.filled();
    await right.edit(right.broken, Buffer.from(right.copyOf(right.broken)).toString());
    await right.run({ date: DATE });

    await world.replay(world.broken);

    const parts = async (of: QuarantineWorld) => Object.values((await of.manifest()).datasets).flat();
    expect(await parts(world)).toEqual(await parts(right));
  });

  test('of a message whose shard-mates come late stays in beside them', async () => {
    const world = await QuarantineWorld.published();
    await world.replay(world.broken);
    await world.say(noonOf(DATE, 2), 'late', { user: 'bob' });

    await world.run({ date: DATE });

    const { proof, notices } = await world.manifest();
    expect(proof).toMatchObject({ exported: 6, quarantined: 1 });
    expect(notices.repaired).toBe(1);
  });

  test.each([['before'], ['after']] as const)(
    'that is cut off %s any of its changes is completed by doing it again, and nothing is lost or doubled',
    async (moment) => {
      const undisturbed = await QuarantineWorld.published();
      await undisturbed.replay(undisturbed.broken);
      const points = undisturbed.calls.filter(changes).length;
      const expected = await snapshot(undisturbed.analytics);
      expect(points).toBeGreaterThan(8);

      for (let point = 0; point < points; point++) {
        const world = await QuarantineWorld.published();
        let left = point;
        const gone = (call: WorldCall) => {
          if (left < 0 || (changes(call) && left-- === 0)) throw new Error('The process is gone.');
        };
        world[moment] = gone;
        await world.replay(world.broken).then(
          ({ report }) => expect(report.status).toBe('failed'),
          (error: Error) => expect(error.message).toBe('The process is gone.'),
        );
        world[moment] = () => undefined;
        world.nowMs += LEASE_MS;

        const { report } = await world.replay(world.broken);

        expect(report.status).toBe('completed');
        expect(await snapshot(world.analytics)).toEqual(expected);
        expect((await world.record(DATE))?.notices).toMatchObject({ repaired: 1 });
      }
    },
  );

  test('that was saved and not run comes in with the next run of the day', async () => {
    const world = await QuarantineWorld.published();
    world.before = ({ key }) => {
      if (key.includes('/_plans/')) throw new Error('The process is gone.');
    };
    await world.replay(world.broken);
    world.before = () => undefined;
    world.nowMs += LEASE_MS;

    const report = await world.run({ date: DATE });

    expect(onlyTenant(report)).toMatchObject({ status: 'completed', exported: 5, quarantined: 1 });
  });

  test('waits for nobody: while another run holds the day, it is refused and nothing is saved', async () => {
    const world = await QuarantineWorld.published();
    await withDayLease(world.platform(), { tenant: TENANT, date: DATE, owner: 'another' }, async () => undefined);

    const replay = world.replay(world.broken);

    await expect(replay).rejects.toMatchObject({ code: 'day_in_use', kind: 'transient' });
    expect(await snapshot(world.analytics, repairsFolder(TENANT, DATE))).toEqual(new Map());
  });
});

describe('a copy whose original has changed since', () => {
  test('is passed over and counted; what is there by now counts', async () => {
    const world = await QuarantineWorld.published();
    await world.replay(world.broken);
    await world.edit(world.broken, messageBody('broken', noonOf(DATE), 'the writer’s own correction'));

    await world.run({ date: DATE });

    const row = (await world.rows()).find(({ storage_key }) => storage_key === world.broken);
    const { proof, notices } = await world.manifest();
    expect(row?.content).toBe('the writer’s own correction');
    expect(proof).toMatchObject({ listed: 6, exported: 5, quarantined: 1 });
    expect(notices.staleRepairs).toBe(1);
    expect(notices).not.toHaveProperty('repaired');
  });

  test('goes on being counted, and the day stays as it is, although nothing is in quarantine any more', async () => {
    const world = await QuarantineWorld.published();
    await world.replay(world.broken);
    await world.replay(world.mistyped);
    for (const key of [world.broken, world.mistyped]) await world.edit(key, Buffer.from(world.copyOf(key)).toString());
    await world.run({ date: DATE });
    const expected = await snapshot(world.analytics);

    await world.run({ date: DATE });
    await world.run({ date: DATE, force: true });

    expect((await world.manifest()).notices.staleRepairs).toBe(2);
    expect(await snapshot(world.analytics)).toEqual(expected);
  });

  test('is replaced by a copy of what is there now, once the day has that', async () => {
    const world = await QuarantineWorld.published();
    await world.replay(world.broken);
    await world.edit(world.broken, '[]');
    await expect(world.replay(world.broken)).rejects.toMatchObject({
      fields: { key: expect.stringContaining('changed') },
    });
    await world.run({ date: DATE });
    expect(await quarantinedKeys(world.analytics, await world.manifest())).toContain(world.broken);

    const { after } = await world.replay(world.broken);

    expect(after).toMatchObject({ exported: 5, quarantined: 1, repaired: 1 });
    expect((await world.manifest()).notices).not.toHaveProperty('staleRepairs');
  });

  test('is counted as well where the original is gone', async () => {
    const world = await QuarantineWorld.published();
    await world.replay(world.broken);
    await world.data.delete(world.broken);

    await world.run({ date: DATE });

    const { proof, notices } = await world.manifest();
    expect(proof).toMatchObject({ listed: 5, exported: 4, quarantined: 1 });
    expect(notices.staleRepairs).toBe(1);
  });
});

describe('a copy that is refused', () => {
  const refusals: readonly [string, string, RegExp, (world: QuarantineWorld) => Promise<unknown> | unknown][] = [
    [
      'that is no JSON',
      'file',
      /bad_json, the 8 characters are not JSON, line 1, column 9: expected a value/,
      (world) => world.replay(world.broken, Buffer.from('{"role":')),
    ],
    [
      'without a field',
      'file',
      /missing_field, content is missing/,
      (world) => world.replay(world.broken, world.copyOf(world.broken, { content: null })),
    ],
    [
      'of bytes that are no UTF-8',
      'file',
      /bad_encoding, .* from byte 1 on/,
      (world) => world.replay(world.broken, Uint8Array.from([0x7b, 0xff])),
    ],
    ['over 1 MiB', 'file', /too_large/, (world) => world.replay(world.broken, Buffer.alloc(1024 * 1024 + 1, 0x20))],
    [
      'for another room',
      'file',
      /key_mismatch, room_id/,
      (world) => world.replay(world.broken, world.copyOf(world.broken, { room_id: 'other' })),
    ],
    [
      'for another user',
      'file',
      /key_mismatch, user_id/,
      (world) => world.replay(world.broken, world.copyOf(world.broken, { user_id: 'alice' })),
    ],
    [
      'with the id of another message of its room',
      'file',
      /bob2.*duplicate/,
      (world) => world.replay(world.broken, world.copyOf(world.broken, { message_id: 'bob2' })),
    ],
    [
      'of a message that is not in quarantine',
      'key',
      /not in the quarantine of acme on 2025-08-11/,
      (world) => world.replay(messageKeyAt(TENANT, 'bob', 'r', noonOf(DATE), 'bob1'), Buffer.from('{}')),
    ],
    [
      'of a message that changed',
      'key',
      /changed since/,
      async (world) => {
        await world.edit(world.broken, '{}');
        await world.replay(world.broken);
      },
    ],
    [
      'of a message that is gone',
      'key',
      /gone from storage/,
      async (world) => {
        await world.data.delete(world.broken);
        await world.replay(world.broken);
      },
    ],
  ];

  test.each(refusals)('%s says so at %s, and nothing is written', async (_what, field, words, replay) => {
    const world = await QuarantineWorld.published();
    const expected = await snapshot(world.analytics);

    const error = await Promise.resolve(replay(world)).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );

    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).fields).toEqual({ [field]: expect.stringMatching(words) });
    expect(await snapshot(world.analytics)).toEqual(expected);
  });

  test('tells nothing of what the copy holds', async () => {
    const world = await QuarantineWorld.published();

    const replay = world.replay(world.broken, Buffer.from('{"message_id":"s3cret","content":"s3cret" "s3cret"}'));

    await expect(replay).rejects.toMatchObject({ message: expect.not.stringContaining('s3cret') });
  });

  test('because its day was never published says that it is to be run first', async () => {
    const world = await QuarantineWorld.filled();

    const replay = world.replay(world.broken);

    await expect(replay).rejects.toMatchObject({
      fields: { date: expect.stringContaining('run export --date 2025-08-11') },
    });
  });

  test('because its timestamp would move a message without a time in its key out of the day', async () => {
    const world = await QuarantineWorld.filled();
    const key = messageKeyAt(TENANT, 'bob', 'r', noonOf(DATE), 'x').replace(/[^/]+$/, 'untimed.json');
    await world.edit(key, '{');
    await world.run({ date: DATE });
    const copy = (at: string) => Buffer.from(JSON.stringify(messageBody('untimed', at)));

    const moved = world.replay(key, copy('2025-08-11T23:30:00Z'));

    await expect(moved).rejects.toMatchObject({ fields: { file: expect.stringContaining('out of 2025-08-11') } });
    expect((await world.replay(key, copy('2025-08-11T09:30:00Z'))).after).toMatchObject({ exported: 5, repaired: 1 });
  });
});

describe('a copy that is taken back', () => {
  test('leaves the day as it was before', async () => {
    const world = await QuarantineWorld.published();
    const expected = await snapshot(world.analytics);
    await world.replay(world.broken);

    const { after, inQuarantine } = await world.undo(world.broken);

    expect(after).toMatchObject({ exported: 4, quarantined: 2, repaired: 0 });
    expect(inQuarantine).toBe(true);
    expect(await snapshot(world.analytics)).toEqual(expected);
  });

  test('can be taken back again where the day was not run since', async () => {
    const world = await QuarantineWorld.published();
    const expected = await snapshot(world.analytics);
    await world.replay(world.broken);
    await world.analytics.delete(placeOfRepair(TENANT, DATE, world.broken));

    await world.undo(world.broken);

    expect(await snapshot(world.analytics)).toEqual(expected);
    await expect(world.undo(world.broken)).rejects.toMatchObject({
      fields: { key: expect.stringContaining('no corrected copy') },
    });
  });
});

describe('corrected copies', () => {
  test('are not looked for where a day has nothing in quarantine', async () => {
    const world = await QuarantineWorld.published();
    await world.replay(world.broken);
    await world.say(noonOf('2025-08-12'), 'good');
    await world.run({ date: '2025-08-12' });
    world.calls.length = 0;

    await world.run({ date: '2025-08-12' });

    expect(world.calls.filter(({ key }) => key.includes('_repairs'))).toEqual([]);
    expect(world.calls.length).toBeGreaterThan(0);
  });

  test('are looked for with one listing where it has, and nothing is written for that', async () => {
    const world = await QuarantineWorld.published();

    await world.run({ date: DATE });

    expect(world.calls.filter(({ key }) => key.includes('_repairs'))).toEqual([
      { method: 'list', key: repairsFolder(TENANT, DATE) },
    ]);
    expect(world.calls.filter(({ method }) => method === 'write')).toEqual([]);
  });

  test('keep their room in the day, though metadata and working papers know it no more', async () => {
    const world = await QuarantineWorld.published();
    await world.replay(world.broken);
    await world.metadata.put({ PK: `TENANT#${TENANT}#USER#bob`, SK: 'CHAT#r', updated_at: '2025-08-01T00:00:00Z' });
    for await (const { key } of allObjects(world.analytics, planFolder(TENANT, DATE)))
      await world.analytics.delete(key);

    await world.run({ date: DATE });

    expect((await world.manifest()).proof).toMatchObject({ listed: 6, exported: 5, quarantined: 1 });
  });

  test('that have become duplicates of a message that came late are still looked for', async () => {
    const world = await QuarantineWorld.published();
    await world.replay(world.broken);
    await world.replay(world.mistyped);
    const earlier = await world.say(noonOf(DATE, -1), 'broken', { user: 'bob' });
    await world.run({ date: DATE });
    const expected = await snapshot(world.analytics);

    await world.run({ date: DATE, force: true });

    const { proof, notices } = await world.manifest();
    expect(proof).toMatchObject({ listed: 7, exported: 6, duplicates: 1, quarantined: 0 });
    expect(notices.repaired).toBe(2);
    expect((await world.rows()).filter(({ message_id }) => message_id === 'broken')).toMatchObject([
      { storage_key: earlier },
    ]);
    expect(await snapshot(world.analytics)).toEqual(expected);
  });

  test('that somebody else wrote stop the day with their name', async () => {
    const world = await QuarantineWorld.published();
    const at = `${repairsFolder(TENANT, DATE)}note.json`;

    for (const body of ['{}', 'not JSON', '{"version":1,"key":"k","etag":"e","sha256":"s","body":"b"}']) {
      await world.analytics.write(at, Buffer.from(body), { contentType: 'application/json' });

      const report = await world.run({ date: DATE });

      expect(onlyTenant(report).failure).toMatchObject({
        code: 'repair_unreadable',
        kind: 'configuration',
        message: expect.stringContaining(at),
      });
    }
  });

  test('of an erased user’s messages are taken no more', async () => {
    const world = await QuarantineWorld.published();
    await world.metadata.put({ PK: batchPartition(TENANT), SK: erasureSortKey(TENANT, keyOf(world.broken).user) });

    await expect(world.replay(world.broken)).rejects.toMatchObject({
      fields: { key: expect.stringContaining('erased') },
    });
    expect(await snapshot(world.analytics, repairsFolder(TENANT, DATE))).toEqual(new Map());
  });

  test('lie beside the day and are no leftovers of it', async () => {
    const world = await QuarantineWorld.published();

    await world.replay(world.broken);

    const repairs = [];
    for await (const { key } of allObjects(world.analytics, repairsFolder(TENANT, DATE))) repairs.push(key);
    const files = [];
    for await (const { key } of allObjects(world.analytics, quarantineFolder(TENANT, DATE))) files.push(key);
    expect(repairs).toEqual([placeOfRepair(TENANT, DATE, world.broken)]);
    expect(files).toHaveLength(1);
  });
});
