import { findMessage } from '../../../shared/operations/quarantine/find-message';
import { datesOfMessage, messageOfKey } from '../../../shared/operations/quarantine/message-of-key';
import { noonOf, TENANT } from '../../support/batch-world';
import { messageKeyAt } from '../../support/chat';
import { DATE, keyOf, QuarantineWorld, ZONE } from './quarantine-world';

const ACME = { id: TENANT, timeZone: ZONE };
const untimedKey = messageKeyAt(TENANT, 'bob', 'r', noonOf(DATE), 'x').replace(/[^/]+$/, 'untimed.json');

describe('a message that is looked at', () => {
  test('has its line, its state in storage and the place, without a write', async () => {
    const world = await QuarantineWorld.published();

    const message = await findMessage(world.platform(), ACME, keyOf(world.broken));

    expect(message).toMatchObject({
      date: DATE,
      published: true,
      line: { key: world.broken, reason: 'bad_json' },
      current: { today: { verdict: 'quarantined', reason: 'bad_json' } },
      unchanged: true,
      place: { line: 1, column: 26, expected: 'a name in double quotes' },
      repair: undefined,
    });
    expect(world.calls.filter(({ method }) => !['read', 'head', 'list', 'get', 'query'].includes(method))).toEqual([]);
  });

  test('tells of its corrected copy whether that stands', async () => {
    const world = await QuarantineWorld.published();
    await world.replay(world.broken);
    const standing = await findMessage(world.platform(), ACME, keyOf(world.broken));
    await world.edit(world.broken, '[]');

    const stale = await findMessage(world.platform(), ACME, keyOf(world.broken));

    expect(standing).toMatchObject({ line: undefined, unchanged: true, repair: { applies: true } });
    expect(stale).toMatchObject({
      line: undefined,
      unchanged: false,
      repair: { applies: false },
      current: { today: { verdict: 'quarantined', reason: 'not_an_object' } },
      place: undefined,
    });
  });

  test('is not read where it is too large, and told by its size', async () => {
    const world = await QuarantineWorld.published();
    await world.edit(world.broken, 'x'.repeat(1024 * 1024 + 1));
    world.calls.length = 0;

    const { current, place, unchanged } = await findMessage(world.platform(), ACME, keyOf(world.broken));

    expect(current).toMatchObject({ body: undefined, size: 1024 * 1024 + 1, today: { reason: 'too_large' } });
    expect([place, unchanged]).toEqual([undefined, false]);
    expect(world.calls).not.toContainEqual({ method: 'read', key: world.broken });
  });

  test('of a day that was never published is shown as it is in storage', async () => {
    const world = await QuarantineWorld.filled();

    const message = await findMessage(world.platform(), ACME, keyOf(world.mistyped));

    expect(message).toMatchObject({
      published: false,
      line: undefined,
      unchanged: undefined,
      place: { field: 'attachments' },
    });
  });

  test('without a time in its key is found in the day that has it', async () => {
    const world = await QuarantineWorld.filled();
    // At 20:00 UTC it is the next day in Tokyo.
    await world.edit(untimedKey, '{"message_id":"u","timestamp":"2025-08-11T20:00:00Z","role":"user"}');
    await world.run({ date: DATE });
    world.nextNight();
    await world.run({ date: '2025-08-12' });

    const found = await findMessage(world.platform(), ACME, keyOf(untimedKey));
    const asked = await findMessage(world.platform(), ACME, keyOf(untimedKey), DATE);

    expect(found).toMatchObject({ date: '2025-08-12', line: { reason: 'missing_field' }, place: { field: 'content' } });
    expect(asked).toMatchObject({ date: DATE, line: undefined, current: { today: { verdict: 'outside' } } });
  });
});

describe('a message’s key', () => {
  test.each([
    [messageKeyAt(TENANT, 'bob', 'r', '2025-08-11T14:59:59.999Z', 'm'), ZONE, ['2025-08-11']],
    [messageKeyAt(TENANT, 'bob', 'r', '2025-08-11T15:00:00.000Z', 'm'), ZONE, ['2025-08-12']],
    [untimedKey, ZONE, ['2025-08-11', '2025-08-12']],
    [untimedKey, 'America/New_York', ['2025-08-11', '2025-08-10']],
    [untimedKey, 'UTC', ['2025-08-11']],
  ])('%s in %s may be of %j', (key, zone, dates) => {
    expect(datesOfMessage(keyOf(key), zone)).toEqual(dates);
  });

  test.each([
    'other/chat/u/r/messages/2025/08/11/03-00-00.000Z-m.json',
    `${TENANT}/chat/u/messages/2025/08/11/03-00-00.000Z-m.json`,
    `${TENANT}/chat/u/r/messages/2025/02/30/03-00-00.000Z-m.json`,
    `${TENANT}/chat/u/r/messages/2025/08/11/`,
    `${TENANT}/chat//r/messages/2025/08/11/x.json`,
    '',
  ])('%j is refused', (key) => {
    expect(() => messageOfKey(TENANT, key)).toThrow(expect.objectContaining({ code: 'input_invalid' }));
  });

  test('is read as the export reads it when it lists', () => {
    expect(messageOfKey(TENANT, `${TENANT}/chat/ひろし x/部屋/messages/2025/08/11/03-04-05.678Z-a/b.json`)).toEqual({
      key: `${TENANT}/chat/ひろし x/部屋/messages/2025/08/11/03-04-05.678Z-a/b.json`,
      user: 'ひろし x',
      room: '部屋',
      folderMs: Date.UTC(2025, 7, 11),
      timeMs: Date.UTC(2025, 7, 11, 3, 4, 5, 678),
    });
  });
});
