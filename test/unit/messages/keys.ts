import fc from 'fast-check';
import { type MessageKey, messagesPrefix, type RoomId } from '../../../shared/messages/message-key';

/** Ids as keys may hold them: everything but a slash. Many are alike, and one is often the beginning of another. */
export const ids = fc.oneof(
  fc.constantFrom('a', 'b', 'ab', 'a-b', 'a.b', 'a b', 'a%20b', '%', '#', '?', 'a?b#c', '+', '&', 'café', 'cafe\u0301'),
  fc.constantFrom(
    'ひろし',
    '😀',
    '\ue000',
    '\u{10ffff}',
    '__proto__',
    'constructor',
    'messages',
    'chat',
    '!',
    '~',
    '\u0000',
  ),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }).map((text) => text.replaceAll('/', '-')),
);

export const roomIds: fc.Arbitrary<RoomId> = fc.record({ user: ids, room: ids });

/** Instants of 1990 to 2040, in ms, the edges of days among them. */
export const instants = fc
  .tuple(
    fc.integer({ min: 7305, max: 25_900 }),
    fc.oneof(fc.integer({ min: 0, max: 86_399_999 }), fc.constantFrom(0, 86_399_999)),
  )
  .map(([day, ms]) => day * 86_400_000 + ms);

/** Keys of messages, with a time and without. */
export const messageKeys: fc.Arbitrary<MessageKey> = fc
  .record({ room: roomIds, instant: instants, timed: fc.boolean() })
  .map(({ room, instant, timed }) => {
    const [date, time] = new Date(instant).toISOString().split('T');
    const prefix = `${messagesPrefix('tenant', room)}${date?.replaceAll('-', '/')}/`;
    const key = `${prefix}${timed ? `${time?.replaceAll(':', '-')}-m` : 'm'}.json`;
    const folderMs = Math.floor(instant / 86_400_000) * 86_400_000;
    return { ...room, key, folderMs, timeMs: timed ? instant : undefined };
  });
