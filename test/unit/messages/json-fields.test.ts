import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { fieldSources } from '../../../shared/messages/json-fields';
import { anyMember, type Member, objectText } from './json-text';

const objects = fc
  .array(anyMember, { maxLength: 8 })
  .chain((members) => fc.record({ members: fc.constant(members), text: objectText(members) }));

/** Of a name written twice the last value counts. */
function lastOfEach(members: readonly Member[]): Map<string, Member> {
  return new Map(members.map((member) => [JSON.parse(member.name) as string, member]));
}

describe('the sources of an object’s fields', () => {
  test('are the very text that was written, for any spelling and spacing', () => {
    fc.assert(
      fc.property(objects, ({ members, text }) => {
        const sources = fieldSources(text);

        expect(sources).toEqual(lastOfEach(members));
      }),
      { numRuns: 700 },
    );
  });

  test('parse to what the whole object parses to', () => {
    fc.assert(
      fc.property(objects, ({ text }) => {
        const whole = JSON.parse(text) as Record<string, unknown>;

        const parsed = Object.fromEntries(
          [...fieldSources(text)].map(([name, { value }]) => [name, JSON.parse(value)]),
        );

        expect(isDeepStrictEqual(parsed, whole)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ['{}', []],
    [' \n{ \t} ', []],
    ['{"a":"}"}', [['a', { name: '"a"', value: '"}"' }]]],
    ['{"\\u0061":1,"a" : 2.50 }', [['a', { name: '"a"', value: '2.50' }]]],
    ['{"q\\"":"\\\\"}', [['q"', { name: '"q\\""', value: '"\\\\"' }]]],
    ['{"__proto__":{"a":[1,{"b":"]"}]}}', [['__proto__', { name: '"__proto__"', value: '{"a":[1,{"b":"]"}]}' }]]],
  ])('of %j are %j', (text, expected) => {
    expect([...fieldSources(text)]).toEqual(expected);
  });

  test('are found below any depth of nesting, and behind any run of backslashes', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const slashes = `"${'\\\\'.repeat(200_000)}"`;
    const quotes = `"${'\\"'.repeat(200_000)}"`;

    const sources = fieldSources(`{"deep":${deep},"slashes":${slashes},"quotes":${quotes},"last":1}`);

    expect([...sources.values()].map(({ value }) => value)).toEqual([deep, slashes, quotes, '1']);
  });
});
