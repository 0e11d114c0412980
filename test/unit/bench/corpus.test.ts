import fc from 'fast-check';
import {
  Corpus,
  type CorpusMessage,
  type CorpusShape,
  corpusMessages,
  messageBytes,
} from '../../../bench/blob-server/corpus';
import { daysOf, LEAST_BODY_BYTES, messagesOfDay, usersOf } from '../../../bench/blob-server/corpus-shape';
import { businessDay, utcFolders } from '../../../shared/calendar';
import { judgeMessage } from '../../../shared/messages/contract';
import { folderMidnight, messagesPrefix, readMessageKey } from '../../../shared/messages/message-key';
import { isInDay } from '../../../shared/messages/room-day';

const shapes: fc.Arbitrary<CorpusShape> = fc.record({
  tenant: fc.constantFrom('acme', 'hinata-books'),
  date: fc.constantFrom('2025-08-11', '2025-03-01', '2024-12-31'),
  rooms: fc.integer({ min: 1, max: 20 }),
  roomsPerUser: fc.integer({ min: 1, max: 6 }),
  messagesPerRoom: fc.integer({ min: 1, max: 20 }),
  bodyBytes: fc.integer({ min: 600, max: 2000 }),
  bodySpread: fc.constantFrom(0, 0.1, 0.25),
  daysBefore: fc.nat(2),
  daysAfter: fc.nat(2),
});

/** A message's key as the export reads it. */
function readKey(shape: CorpusShape, { key, user, room }: { key: string; user: string; room: string }) {
  const folder = key.slice(messagesPrefix(shape.tenant, { user, room }).length).slice(0, 'yyyy/mm/dd'.length);
  const prefix = `${messagesPrefix(shape.tenant, { user, room })}${folder}/`;
  return { folder, read: readMessageKey(key, { user, room }, prefix, folderMidnight(folder)) };
}

function countBy(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

test('the same shape has the same messages, byte for byte', () => {
  fc.assert(
    fc.property(shapes, (shape) => {
      const first = [...corpusMessages(shape)];

      const second = [...corpusMessages({ ...shape })];

      const bodies = (messages: readonly CorpusMessage[]) => Buffer.concat(messages.map((each) => messageBytes(each)));
      expect(JSON.stringify(second)).toBe(JSON.stringify(first));
      expect(bodies(second).equals(bodies(first))).toBe(true);
    }),
    { numRuns: 20 },
  );
});

test('there are as many messages, rooms and users as the shape says, and none twice', () => {
  fc.assert(
    fc.property(shapes, (shape) => {
      const messages = [...corpusMessages(shape)];

      expect(messages).toHaveLength(messagesOfDay(shape) * daysOf(shape));
      expect(new Set(messages.map(({ key }) => key)).size).toBe(messages.length);
      expect(new Set(messages.map(({ room }) => room)).size).toBe(shape.rooms);
      expect(new Set(messages.map(({ user }) => user)).size).toBe(usersOf(shape));
    }),
    { numRuns: 30 },
  );
});

test('keys are those of the chat product: they tell the instant, and the business day has its share of every room', () => {
  fc.assert(
    fc.property(shapes, (shape) => {
      const day = businessDay(shape.date, 'Asia/Tokyo');
      const read = [...corpusMessages(shape)].map((message) => ({ ...message, ...readKey(shape, message) }));

      const ofDay = read.filter(({ read: { timeMs = Number.NaN } }) => isInDay(timeMs, day));
      expect(read.filter(({ at, read: { timeMs } }) => timeMs !== Date.parse(at))).toEqual([]);
      expect(ofDay.filter(({ folder }) => !utcFolders(day).includes(folder))).toEqual([]);
      expect([...countBy(ofDay.map(({ room }) => room)).values()]).toEqual(
        Array(shape.rooms).fill(shape.messagesPerRoom),
      );
    }),
    { numRuns: 30 },
  );
});

test('a day lies in two folders', () => {
  const shape = { tenant: 'acme', date: '2025-08-11', rooms: 3, messagesPerRoom: 20, bodyBytes: 600 };

  const folders = [...corpusMessages(shape)].map((message) => readKey(shape, message).folder);

  expect(new Set(folders)).toEqual(new Set(['2025/08/10', '2025/08/11']));
});

test('every message has the size that is said, and is valid by the contract', () => {
  fc.assert(
    fc.property(shapes, (shape) => {
      const judged = [...corpusMessages(shape)].map((message) => {
        const body = messageBytes(message);
        return { message, size: body.length, verdict: judgeMessage(readKey(shape, message).read, body) };
      });

      const wrong = judged.filter(({ message, size, verdict }) => {
        const isValid = verdict.kind === 'valid' && verdict.message.messageId === message.id;
        return !isValid || verdict.message.extra !== null || size !== message.bytes;
      });
      expect(wrong).toEqual([]);
    }),
    { numRuns: 20 },
  );
});

test('there are both roles, attachments, sources and agent information', () => {
  const shape = { tenant: 'acme', date: '2025-08-11', rooms: 10, messagesPerRoom: 20, bodyBytes: LEAST_BODY_BYTES };
  const bodies = [...corpusMessages(shape)].map((message) => JSON.parse(messageBytes(message).toString()));

  const having = (field: string) => bodies.filter((body) => body[field] !== undefined).length;

  expect(bodies.filter(({ role }) => role === 'user')).toHaveLength(100);
  expect([having('attachments'), having('context'), having('agent_info')]).toEqual([6, 17, 100]);
});

test('sizes with a spread have the same mean, and stay within it', () => {
  const shape = { tenant: 'acme', date: '2025-08-11', rooms: 50, messagesPerRoom: 20, bodyBytes: 800, bodySpread: 0.4 };

  const sizes = [...corpusMessages(shape)].map(({ bytes }) => bytes);

  expect(sizes.reduce((sum, size) => sum + size, 0) / sizes.length).toBe(800);
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(480);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(1120);
  expect(new Set(sizes).size).toBeGreaterThan(200);
});

test('bodies that have no room for their fields are refused', () => {
  const shape = { tenant: 'acme', date: '2025-08-11', rooms: 1, messagesPerRoom: 1, bodyBytes: 600, bodySpread: 0.5 };

  expect(() => [...corpusMessages(shape)]).toThrow(RangeError);
});

test('with a skew the first user has that share, and the others are as even as can be', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.1, max: 0.9, noNaN: true }), (skew) => {
      const shape = { tenant: 'acme', date: '2025-08-11', rooms: 400, messagesPerRoom: 2, bodyBytes: 600, skew };
      const byUser = countBy([...corpusMessages(shape)].map(({ user }) => user));

      const [first = 0, ...others] = [...byUser].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count);
      expect(Math.abs(first / 800 - skew)).toBeLessThanOrEqual(1 / 400);
      expect(Math.max(...others) - Math.min(...others)).toBeLessThanOrEqual(2);
    }),
  );
});

test('a message is found by its key, and no other key finds one', () => {
  fc.assert(
    fc.property(shapes, fc.nat(), fc.nat(), fc.string({ maxLength: 1 }), (shape, nth, at, other) => {
      const corpus = new Corpus(shape);
      const messages = [...corpusMessages(shape)];
      const message = messages[nth % messages.length];
      const key = message?.key ?? '';
      const place = at % key.length;
      const changed = key.slice(0, place) + other + key.slice(place + 1);

      expect(corpus.find(key)).toEqual(message);
      expect(corpus.find(changed)?.key).toBe(messages.find((each) => each.key === changed)?.key);
    }),
    { numRuns: 50 },
  );
});
