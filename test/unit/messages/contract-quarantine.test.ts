import fc from 'fast-check';
import { addDays, businessDateAt, businessDay } from '../../../shared/calendar';
import { judgeMessage, judgeUnread, MAX_MESSAGE_BYTES, type Verdict } from '../../../shared/messages/contract';
import type { MessageKey } from '../../../shared/messages/message-key';
import { QUARANTINE_REASONS, type QuarantineReason } from '../../../shared/messages/quarantine-reason';
import { isInDay } from '../../../shared/messages/room-day';
import { anyBytes, bodyOf, validBodies, withField } from './bodies';
import { instants, messageKeys } from './keys';

const DAY = 86_400_000;
const key: MessageKey = {
  user: 'u',
  room: 'r',
  key: 't/chat/u/r/messages/2025/08/11/x.json',
  folderMs: Date.UTC(2025, 7, 11),
  timeMs: undefined,
};

/** Everything that a detail may say: numbers and names of the contract, and nothing of the message. */
const FIELD =
  '(message_id|id|role|content|user_id|room_id|timestamp|context|context\\.rag_sources|attachments|generated_images|images|crawl_sources|agent_info|agent_info\\.(mode|execution_time_ms|tokens_used))';
const TYPE = '(null|an array|a string|a number|a boolean|an object)';
const DETAILS: Readonly<Record<QuarantineReason, RegExp>> = {
  too_large: /^the object has \d+ bytes; at most 1048576 are read$/,
  bad_encoding: /^the \d+ bytes are not UTF-8$/,
  bad_json: /^(the body is empty|the \d+ characters are not JSON)$/,
  not_an_object: new RegExp(`^the body is ${TYPE}, expected an object$`),
  missing_field: new RegExp(`^${FIELD} is (missing|empty)$`),
  wrong_type: new RegExp(`^${FIELD} is ${TYPE}, expected ${TYPE}$`),
  out_of_range: new RegExp(`^${FIELD} is (larger than a double holds|no integer within ±\\(2\\^31 − 1\\))$`),
  bad_timestamp: new RegExp(`^timestamp is ${TYPE} that is no ISO 8601 date and time$`),
  key_mismatch: /^(user|room)_id is not the one in the key$/,
};

const anything = messageKeys.chain((under) => fc.record({ under: fc.constant(under), body: anyBytes(under) }));

describe('every object', () => {
  test('gets a verdict, the same at every look, and quarantine tells nothing of what it holds', () => {
    const reasons = new Set<string>();
    fc.assert(
      fc.property(anything, ({ under, body }) => {
        const verdict = judgeMessage(under, body);

        expect(judgeMessage(under, Buffer.from(body))).toEqual(verdict);
        if (verdict.kind === 'valid') return;
        reasons.add(verdict.reason);
        expect(verdict.detail).toMatch(DETAILS[verdict.reason]);
      }),
      { numRuns: 600 },
    );
    // The generator reaches every reason, or the property above says little.
    expect([...reasons, 'too_large'].sort()).toEqual([...QUARANTINE_REASONS].sort());
  });

  test('is placed by its key’s time; without one, on the UTC date of its folder', () => {
    fc.assert(
      fc.property(anything, ({ under, body }) => {
        const { placedMs } = judgeMessage(under, body);

        if (under.timeMs !== undefined) expect(placedMs).toBe(under.timeMs);
        else expect(Math.floor(placedMs / DAY) * DAY).toBe(under.folderMs);
      }),
      { numRuns: 500 },
    );
  });

  test('is in exactly one day of any zone', () => {
    const zones = fc.constantFrom(
      'Asia/Tokyo',
      'America/New_York',
      'Pacific/Apia',
      'Australia/Lord_Howe',
      'America/Sao_Paulo',
    );
    fc.assert(
      fc.property(anything, zones, ({ under, body }, zone) => {
        const { placedMs } = judgeMessage(under, body);

        const date = businessDateAt(placedMs, zone);
        const days = [-2, -1, 0, 1, 2].map((offset) => businessDay(addDays(date, offset), zone));
        expect(days.filter((day) => isInDay(placedMs, day)).map((day) => day.date)).toEqual([date]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('an object whose key has no time', () => {
  const placed = (timestamp: string, role = '"user"') => {
    const text = `{"message_id":"m","role":${role},"content":"c","timestamp":${timestamp}}`;
    return judgeMessage(key, Buffer.from(text));
  };

  // Half of them at the edges, where one day ends and the next begins.
  const timesOfDay = fc.oneof(fc.integer({ min: 0, max: DAY - 1 }), fc.constantFrom(0, DAY - 1));
  const elsewhere = fc
    .oneof(instants, fc.constantFrom(key.folderMs - 1, key.folderMs + DAY))
    .filter((instant) => instant < key.folderMs || instant >= key.folderMs + DAY);

  test('stands where its body says, on the date of its folder, valid or not', () => {
    fc.assert(
      fc.property(timesOfDay, fc.constantFrom('"user"', '7'), (ms, role) => {
        const timestamp = JSON.stringify(new Date(key.folderMs + ms).toISOString());

        expect(placed(timestamp, role).placedMs).toBe(key.folderMs + ms);
      }),
    );
  });

  test('stands at noon where its body says another date, and keeps its own timestamp', () => {
    fc.assert(
      fc.property(elsewhere, (instant) => {
        const verdict = placed(JSON.stringify(new Date(instant).toISOString()));

        expect(verdict).toMatchObject({ kind: 'valid', placedMs: key.folderMs + DAY / 2 });
        expect(verdict).toMatchObject({ message: { timestampMs: instant, clockSkew: true } });
      }),
    );
  });

  test.each([
    ['null', 'valid'],
    ['"soon"', 'quarantined'],
    ['17', 'quarantined'],
  ])('stands at noon with the timestamp %s', (timestamp, kind) => {
    expect(placed(timestamp)).toMatchObject({ kind, placedMs: key.folderMs + DAY / 2 });
  });

  test('stands at noon where it is too large to be read, and is named with its size', () => {
    const timed = judgeUnread({ ...key, timeMs: key.folderMs + 7 }, MAX_MESSAGE_BYTES + 1);

    expect(judgeUnread(key, MAX_MESSAGE_BYTES + 1)).toMatchObject({
      kind: 'quarantined',
      placedMs: key.folderMs + DAY / 2,
    });
    expect(timed).toMatchObject({ reason: 'too_large', placedMs: key.folderMs + 7 });
    expect(timed).toMatchObject({ detail: expect.stringMatching(DETAILS.too_large) });
  });
});

/** What a field may not be, and the reason it goes to quarantine with. */
const FAULTS: readonly [field: string, value: string, reason: string][] = [
  ...['message_id', 'role', 'content'].flatMap((field): [string, string, string][] => [
    [field, '7', 'wrong_type'],
    [field, '["x"]', 'wrong_type'],
    [field, '{"x":1}', 'wrong_type'],
    [field, 'true', 'wrong_type'],
  ]),
  ['message_id', '""', 'missing_field'],
  ['role', '""', 'missing_field'],
  ['role', 'null', 'missing_field'],
  ['content', 'null', 'missing_field'],
  ['user_id', '"somebody else"', 'key_mismatch'],
  ['room_id', '""', 'key_mismatch'],
  ['user_id', '5', 'wrong_type'],
  ['room_id', '{}', 'wrong_type'],
  ['timestamp', '1754870400000', 'bad_timestamp'],
  ['timestamp', '""', 'bad_timestamp'],
  ['timestamp', '"2025-02-30T00:00:00Z"', 'bad_timestamp'],
  ['timestamp', '{"$date":"2025-08-11T00:00:00Z"}', 'bad_timestamp'],
  ...['attachments', 'generated_images', 'crawl_sources'].flatMap((field): [string, string, string][] => [
    [field, '{"length":2}', 'wrong_type'],
    [field, '"[]"', 'wrong_type'],
    [field, '0', 'wrong_type'],
  ]),
  ['context', '[]', 'wrong_type'],
  ['context', '"text"', 'wrong_type'],
  ['context', '{"rag_sources":{}}', 'wrong_type'],
  ['agent_info', '"fast"', 'wrong_type'],
  ['agent_info', '[]', 'wrong_type'],
  ['agent_info', '{"mode":1}', 'wrong_type'],
  ['agent_info', '{"execution_time_ms":"12"}', 'wrong_type'],
  ['agent_info', '{"execution_time_ms":1e999}', 'out_of_range'],
  ['agent_info', '{"execution_time_ms":-1e999}', 'out_of_range'],
  ['agent_info', '{"tokens_used":"12"}', 'wrong_type'],
  ['agent_info', '{"tokens_used":1.5}', 'out_of_range'],
  ['agent_info', '{"tokens_used":2147483648}', 'out_of_range'],
  ['agent_info', '{"tokens_used":-1e999}', 'out_of_range'],
  ['agent_info', '{"tokens_used":12345678901234567890}', 'out_of_range'],
];

describe('a body that would be valid but for one field', () => {
  test.each(FAULTS)('%s of %s is quarantined as %s', (field, value, reason) => {
    const bodies = messageKeys.chain((under) =>
      fc.record({ under: fc.constant(under), body: withField(under, field, value) }),
    );
    fc.assert(
      fc.property(bodies, ({ under, body }) => {
        // A room may be called like the value, and an id of another name may stand in for one that is null.
        fc.pre(!['', 'somebody else'].includes(under.room) && under.user !== 'somebody else');

        expect(judgeMessage(under, Buffer.from(body.text))).toMatchObject({ kind: 'quarantined', reason });
      }),
      { numRuns: 6 },
    );
  });

  test.each(['message_id', 'role', 'content'])('without %s it is quarantined as missing_field', (field) => {
    const gone = field === 'message_id' ? ['message_id', 'id'] : [field];
    const bodies = messageKeys.chain((under) =>
      validBodies(under)
        .chain(({ members }) => bodyOf(members.filter(({ name }) => !gone.includes(JSON.parse(name) as string))))
        .map((body) => ({ under, body })),
    );
    fc.assert(
      fc.property(bodies, ({ under, body }) => {
        expect(judgeMessage(under, Buffer.from(body.text))).toMatchObject({
          reason: 'missing_field',
          detail: `${field} is missing`,
        });
      }),
      { numRuns: 30 },
    );
  });

  test.each([
    ['{"id":7,"role":"user","content":"x"}', 'id is a number, expected a string'],
    ['{"message_id":null,"id":"","role":"user","content":"x"}', 'id is empty'],
    ['{"message_id":null,"id":null,"role":"user","content":"x"}', 'message_id is missing'],
    ['{"message_id":"m","role":"user","content":"x","images":{}}', 'images is an object, expected an array'],
  ])('%s is told by the name that it was written under', (text, detail) => {
    const verdict: Verdict = judgeMessage(key, Buffer.from(text));

    expect(verdict).toMatchObject({ kind: 'quarantined', detail });
  });
});
