import fc from 'fast-check';
import { StorageError } from '../../../shared/errors';
import { compareKeys } from '../../../shared/messages/key-order';
import {
  folderMidnight,
  lastPart,
  messagesPrefix,
  noonOfFolder,
  readMessageKey,
  roomOrder,
  roomsPrefix,
  timeOfAnyName,
  timeOfName,
  usersPrefix,
} from '../../../shared/messages/message-key';
import { ids, instants, roomIds } from './keys';

const DAY = 86_400_000;
const folderOf = (instantMs: number) => new Date(instantMs).toISOString().slice(0, 10).replaceAll('-', '/');
const nameTime = (instantMs: number) => new Date(instantMs).toISOString().slice(11).replaceAll(':', '-');
/** Message ids with whatever a writer may put there, a slash among it. */
const messageIds = fc.oneof(ids, fc.constantFrom('a/b', '.json', 'x.json', '\n', 'Z-1'));

describe('a message’s key', () => {
  test('tells the instant that was written into it, whatever the ids', () => {
    fc.assert(
      fc.property(instants, roomIds, messageIds, (instant, room, id) => {
        const prefix = `${messagesPrefix('tenant', room)}${folderOf(instant)}/`;
        const key = `${prefix}${nameTime(instant)}-${id}.json`;

        const read = readMessageKey(key, room, prefix, folderMidnight(folderOf(instant)));

        expect(read).toEqual({ ...room, key, folderMs: Math.floor(instant / DAY) * DAY, timeMs: instant });
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ['00-00-00.000Z-m.json', 0],
    ['23-59-59.999Z-m.json', DAY - 1],
    ['12-00-01Z-m.json', 43_201_000],
    ['12-00-01.5Z-m.json', 43_201_500],
    ['12-00-01.123456789Z-m.json', 43_201_123],
    ['12-00-01.000Z-2025-08-11.json', 43_201_000],
  ])('%j says %d ms after midnight', (name, expected) => {
    expect(timeOfName(name)).toBe(expected);
  });

  test.each([
    '24-00-00.000Z-m.json',
    '12-60-00.000Z-m.json',
    '12-00-60.000Z-m.json',
    '12-00-00.000-m.json',
    '12-00-00.Z-m.json',
    '12-00-00.1234567890Z-m.json',
    '12-00-00.000Z-.json',
    '12-00-00.000Zm.json',
    '12-00-00.000Z-m.json.gz',
    '12-00-00.000Z-m.json\n',
    ' 12-00-00.000Z-m.json',
    '1-2-3Z-m.json',
    '１２-00-00Z-m.json',
    'm.json',
    '',
  ])('%j holds no time', (name) => {
    expect(timeOfName(name)).toBeUndefined();
  });

  test('in the form that nearly all have is what the general rules make of it, in any other one too', () => {
    const likeOne = fc
      .tuple(
        instants,
        messageIds,
        fc.nat(24),
        fc.constantFrom('', '0', '6', '9', 'x', '-', '.', 'Z', '\n', '０', '\ud83d'),
      )
      .map(([instant, id, at, unit]) => {
        const name = `${nameTime(instant)}-${id}.json`;
        return name.slice(0, at) + unit + name.slice(at + 1);
      });
    const times = fc
      .tuple(fc.nat(99), fc.nat(99), fc.nat(99), fc.stringMatching(/^[0-9]{1,4}$/))
      .map(([hours, minutes, seconds, ms]) => `${[hours, minutes, seconds].join('-')}.${ms}Z-m.json`);
    fc.assert(
      fc.property(fc.oneof(likeOne, times, fc.string()), (name) => {
        expect(timeOfName(name)).toBe(timeOfAnyName(name));
      }),
      { numRuns: 5000 },
    );
  });

  test('without a time keeps its folder, by whose noon it can be placed', () => {
    const room = { user: 'u', room: 'r' };
    const prefix = `${messagesPrefix('t', room)}2024/02/29/`;

    const read = readMessageKey(`${prefix}note.json`, room, prefix, folderMidnight('2024/02/29'));

    expect(read).toEqual({ ...room, key: `${prefix}note.json`, folderMs: Date.UTC(2024, 1, 29), timeMs: undefined });
    expect(noonOfFolder(read.folderMs)).toBe(Date.UTC(2024, 1, 29, 12));
  });

  test('outside of what was listed is refused by name', () => {
    const room = { user: 'u', room: 'r' };
    const prefix = `${messagesPrefix('t', room)}2025/08/11/`;
    const read = () => readMessageKey('t/chat/u/other/m.json', room, prefix, 0);

    expect(read).toThrow(StorageError);
    expect(read).toThrow(/t\/chat\/u\/other\/m\.json/);
    expect(read).toThrow(expect.objectContaining({ code: 'storage_request_invalid', kind: 'permanent' }));
  });
});

describe('prefixes', () => {
  test('nest, and give the ids back that they were made of', () => {
    fc.assert(
      fc.property(roomIds, (room) => {
        const [users, rooms, messages] = [usersPrefix('t'), roomsPrefix('t', room.user), messagesPrefix('t', room)];

        expect(rooms.startsWith(users)).toBe(true);
        expect(messages.startsWith(rooms)).toBe(true);
        expect(lastPart(rooms)).toBe(room.user);
        expect(lastPart(messages.slice(0, -'messages/'.length))).toBe(room.room);
      }),
    );
    // A key may hold two slashes in a row: then there is a folder without a name.
    expect([lastPart('t/chat/'), lastPart('t/chat//'), lastPart('/')]).toEqual(['chat', '', '']);
  });

  test('of rooms stand in the order of the keys of their messages', () => {
    fc.assert(
      fc.property(roomIds, roomIds, fc.string(), fc.string(), (a, b, nameA, nameB) => {
        fc.pre(roomOrder(a) !== roomOrder(b));

        const byRoom = Math.sign(compareKeys(roomOrder(a), roomOrder(b)));
        const byKey = Math.sign(compareKeys(messagesPrefix('t', a) + nameA, messagesPrefix('t', b) + nameB));

        expect(byRoom).toBe(byKey);
      }),
      { numRuns: 1000 },
    );
  });

  test('of different rooms differ, however their ids meet', () => {
    fc.assert(
      fc.property(roomIds, roomIds, (a, b) => {
        const same = a.user === b.user && a.room === b.room;

        expect(roomOrder(a) === roomOrder(b)).toBe(same);
        expect(messagesPrefix('t', a) === messagesPrefix('t', b)).toBe(same);
      }),
    );
  });
});
