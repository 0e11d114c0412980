import fc from 'fast-check';
import type { Message } from '../../../shared/messages/contract';
import type { Notices } from '../../../shared/messages/manifest';
import { addNotices, NO_NOTICES, NoticeCounter } from '../../../shared/messages/notices';
import type { QuarantineReason } from '../../../shared/messages/quarantine-reason';
import { DAY, sampleMessage } from './samples';

type Noticed = Pick<Message, 'unknownFields' | 'clockSkew' | 'replacedSurrogates' | 'placedMs'> & {
  readonly late: boolean;
};

const fieldNames = fc.oneof(
  fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor', '0', '10', '', '😀', 'agent_info.x'),
  fc.nat(300).map((n) => `field${n}`),
);
const noticed: fc.Arbitrary<Noticed> = fc.record({
  unknownFields: fc.uniqueArray(fieldNames, { maxLength: 6 }),
  clockSkew: fc.boolean(),
  replacedSurrogates: fc.boolean(),
  late: fc.boolean(),
  placedMs: fc.nat(5).map((minutes) => DAY.start + minutes * 60_000),
});
const reasons = fc.constantFrom<QuarantineReason>('bad_json', 'wrong_type', 'key_mismatch');

function count(messages: readonly Noticed[], quarantined: readonly QuarantineReason[] = []): Notices {
  const counter = new NoticeCounter();
  for (const { late, ...message } of messages) counter.exported(sampleMessage(message), late);
  for (const reason of quarantined) counter.quarantined(reason);
  return counter.finish();
}

const occurrences = ({ drift, driftUnnamed }: Notices) =>
  Object.values(drift).reduce((sum, n) => sum + n, driftUnnamed);
const ofFields = (messages: readonly Noticed[]) =>
  messages.reduce((sum, { unknownFields }) => sum + unknownFields.length, 0);

const PLAIN = { clockSkew: false, replacedSurrogates: false, late: false, placedMs: DAY.start };

/** As one message each, so many that names run out. */
const manyFields = (from: number, to: number): Noticed[] =>
  Array.from({ length: to - from }, (_, i) => ({
    ...PLAIN,
    unknownFields: [`field${String(from + i).padStart(4, '0')}`],
  }));

describe('notices', () => {
  test('count what each message and each quarantined object was noticed for', () => {
    fc.assert(
      fc.property(fc.array(noticed), fc.array(reasons), (messages, quarantined) => {
        const notices = count(messages, quarantined);

        const having = (field: string) => messages.filter(({ unknownFields }) => unknownFields.includes(field)).length;
        expect(notices.clockSkew).toBe(messages.filter(({ clockSkew }) => clockSkew).length);
        expect(notices.replacedSurrogates).toBe(messages.filter((message) => message.replacedSurrogates).length);
        expect(notices.late).toBe(messages.filter(({ late }) => late).length);
        expect(Object.values(notices.quarantine).reduce((sum, n) => sum + n, 0)).toBe(quarantined.length);
        for (const [reason, n] of Object.entries(notices.quarantine)) {
          expect(n).toBe(quarantined.filter((each) => each === reason).length);
        }
        for (const [name, n] of Object.entries(notices.drift)) expect(n).toBe(having(name.replaceAll('"', '')));
        expect(Object.keys(notices.drift)).not.toEqual(expect.arrayContaining(['']));
        expect(Object.hasOwn(notices.drift, '__proto__')).toBe(false);
        expect(occurrences(notices)).toBe(ofFields(messages));
      }),
    );
  });

  test('of two shards add up to those of all their messages, while names have room', () => {
    fc.assert(
      fc.property(fc.array(noticed, { maxLength: 8 }), fc.array(noticed, { maxLength: 8 }), (first, second) => {
        const sum = addNotices(count(first, ['bad_json']), count(second, ['bad_json', 'wrong_type']));

        expect(sum).toEqual(count([...first, ...second], ['bad_json', 'bad_json', 'wrong_type']));
        expect(addNotices(NO_NOTICES, sum)).toEqual(sum);
        expect(addNotices(sum, NO_NOTICES)).toEqual(sum);
      }),
    );
  });

  test('are the same text whatever order the shards come in, while names have room', () => {
    fc.assert(
      fc.property(fc.array(noticed, { maxLength: 8 }), fc.array(noticed, { maxLength: 8 }), (first, second) => {
        const [a, b] = [count(first), count(second)];

        expect(JSON.stringify(addNotices(a, b))).toBe(JSON.stringify(addNotices(b, a)));
      }),
    );
  });

  test('say of each named field when it was first seen, and nothing where there is none', () => {
    fc.assert(
      fc.property(fc.array(noticed), fc.array(noticed), (first, second) => {
        const { drift, driftFirstSeen } = addNotices(count(first), count(second));

        const earliest = (field: string) =>
          Math.min(
            ...[...first, ...second]
              .filter(({ unknownFields }) => unknownFields.includes(field.replaceAll('"', '')))
              .map(({ placedMs }) => placedMs),
          );
        expect(Object.keys(driftFirstSeen ?? {})).toEqual(Object.keys(drift));
        expect(driftFirstSeen).not.toEqual({});
        for (const [field, instant] of Object.entries(driftFirstSeen ?? {}))
          expect(instant).toBe(new Date(earliest(field)).toISOString());
      }),
    );
  });

  test('do not say when a field was first seen that an earlier version counted', () => {
    const ofEarlierVersion: Notices = { ...NO_NOTICES, drift: { a: 2, b: 1 } };
    const ofNow = count([
      { ...PLAIN, unknownFields: ['a'] },
      { ...PLAIN, unknownFields: ['c'] },
    ]);

    const sum = addNotices(ofEarlierVersion, ofNow);

    expect(sum.drift).toEqual({ a: 3, b: 1, c: 1 });
    expect(sum.driftFirstSeen).toEqual({ c: new Date(DAY.start).toISOString() });
    expect(addNotices(ofNow, ofEarlierVersion)).toEqual(sum);
    expect(addNotices(ofEarlierVersion, ofEarlierVersion)).not.toHaveProperty('driftFirstSeen');
  });

  test('come back the same from JSON, odd names included', () => {
    fc.assert(
      fc.property(fc.array(noticed), fc.array(reasons), (messages, quarantined) => {
        const notices = count(messages, quarantined);

        const text = JSON.stringify(notices);
        expect(JSON.stringify(addNotices(NO_NOTICES, JSON.parse(text) as Notices))).toBe(text);
      }),
    );
  });

  test('name 100 fields and add the others up, in one shard and over all of them', () => {
    const one = count(manyFields(0, 250));
    const all = [count(manyFields(50, 120)), count(manyFields(0, 80)), count(manyFields(90, 400))].reduce(
      addNotices,
      NO_NOTICES,
    );

    expect(Object.keys(one.drift)).toHaveLength(100);
    expect(one.driftUnnamed).toBe(150);
    expect(Object.keys(all.drift)).toHaveLength(100);
    expect(occurrences(all)).toBe(70 + 80 + 310);
    expect(Object.keys(all.drift)).toEqual(Object.keys(all.drift).sort());
  });

  test('cut long names, at no half of a character', () => {
    const long = `${'x'.repeat(99)}😀${'y'.repeat(1000)}`;

    const { drift } = count([{ ...PLAIN, unknownFields: [long] }]);

    expect(drift).toEqual({ [`${'x'.repeat(99)}\ufffd…`]: 1 });
  });
});
