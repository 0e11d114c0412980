import fc from 'fast-check';
import { jsonProblem, jsonValueAt } from '../../../shared/operations/quarantine/json-scan';
import { valueText } from '../messages/json-text';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** JSON, JSON with a piece taken out or put in, and anything else. */
const texts = fc.oneof(
  valueText,
  fc
    .tuple(valueText, fc.nat(), fc.nat(3), fc.constantFrom('', '"', '\\', '}', ']', ',', ':', '1', '\u0001', 'x', ' '))
    .map(([text, at, taken, put]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + put + text.slice(place + taken);
    }),
  fc.string({ unit: 'binary', maxLength: 20 }),
);

describe('where a text stops being JSON', () => {
  test('is nowhere exactly where JSON.parse takes it', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const problem = jsonProblem(text);

        expect(problem === undefined).toBe(isJson(text));
        if (problem === undefined) return;
        expect(problem.offset).toBeGreaterThanOrEqual(0);
        expect(problem.offset).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 1000 },
    );
  });

  test('has nothing wrong before it', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const before = text.slice(0, jsonProblem(text)?.offset);

        const problem = jsonProblem(before);

        expect(problem?.offset ?? before.length).toBe(before.length);
      }),
    );
  });

  test.each([
    ['', 0, 'a value'],
    ['{"a": "x" "b": 1}', 10, 'a comma or }'],
    ['{"a": 1,}', 8, 'a name in double quotes'],
    ["{'a': 1}", 1, 'a name in double quotes or }'],
    ['{"a" 1}', 5, 'a colon'],
    ['[1, ]', 4, 'a value'],
    ['["a\nb"]', 3, 'an escape in place of a control character'],
    ['["a\\x"]', 3, 'an escape that JSON knows'],
    ['{"a": "b', 8, 'a closing double quote'],
    ['{"a": {"b": [1', 14, 'a comma or ]'],
    ['{} {}', 3, 'the end of the text'],
    ['[-]', 1, 'a value or ]'],
    ['nul', 0, 'a value'],
  ])('of %j is %i: expected %s', (text, offset, expected) => {
    expect(jsonProblem(text)).toEqual({ offset, expected });
  });

  test('is found in a text that is nested as deep as it is long', () => {
    const depth = 500_000;

    expect(jsonProblem('['.repeat(depth))?.offset).toBe(depth);
    expect(jsonProblem(`${'['.repeat(depth)}${']'.repeat(depth)}`)).toBeUndefined();
  });
});

describe('where the value of a field stands', () => {
  const names = fc.constantFrom('a', 'b', 'agent_info', '__proto__', 'x y');

  test('is the piece of the text that JSON.parse reads it from', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(names, valueText), { maxLength: 5 }), names, (members, name) => {
        const text = `{${members.map(([member, value]) => `${JSON.stringify(member)} :${value}`).join(',')}}`;
        const [, expected] = members.filter(([member]) => member === name).at(-1) ?? [];

        const span = jsonValueAt(text, [name]);

        expect(span === undefined ? undefined : text.slice(span.start, span.end)).toBe(expected?.trim());
      }),
    );
  });

  test.each([
    ['{"a": {"b": 1}, "b": 2}', ['a', 'b'], '1'],
    ['{"a": [{"b": 1}]}', ['a', 'b'], undefined],
    ['{"a": {"b": {"c": 1}}}', ['a', 'b'], '{"c": 1}'],
    ['{"a": 1', ['a'], undefined],
  ])('in %j at %j', (text, path, expected) => {
    const span = jsonValueAt(text, path);

    expect(span === undefined ? undefined : text.slice(span.start, span.end)).toBe(expected);
  });
});
