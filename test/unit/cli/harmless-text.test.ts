import fc from 'fast-check';
import { harmless, harmlessJson, harmlessLines } from '../../../local/cli/harmless-text';
import { excerptLines } from '../../../local/cli/message-excerpt';

const OBEYED = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '\u001b[2J',
    '\u009b31m',
    'a\u202eb',
    '\u{e0001}x',
    '\ud800',
    '👩‍👧',
    '日本語',
    'a\nb\r\nc',
    '\\u001b',
  ),
);

test('nothing is left that a terminal would obey, and what it only shows stays as it is', () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(harmless(text)).not.toMatch(OBEYED);
      for (const line of harmlessLines(text)) expect(line).not.toMatch(OBEYED);
      if (!OBEYED.test(text)) expect(harmless(text)).toBe(text);
    }),
  );
  expect(harmless('\u001b]0;x\u0007 \u{e0001} 日本語 😀')).toBe('\\u001b]0;x\\u0007 \\u{e0001} 日本語 😀');
  expect(harmlessLines('a\r\nb\n')).toEqual(['a', 'b', '']);
});

test('JSON says the same to a program, and nothing to a terminal', () => {
  fc.assert(
    fc.property(fc.dictionary(texts, texts), (value) => {
      const json = harmlessJson(value);

      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(json).not.toMatch(OBEYED);
    }),
  );
});

describe('an excerpt', () => {
  const at = (text: string, start: number, end = start + 1, line = 1) =>
    excerptLines(text, { line, span: { start, end } });

  test.each([
    ['{"a": x}', 6, 7, ' 1 │ {"a": x}', '   │       ^'],
    ['{"日本": x}', 7, 8, ' 1 │ {"日本": x}', '   │          ^'],
    ['{"\u001b": x}', 6, 7, ' 1 │ {"\\u001b": x}', '   │            ^'],
    ['{"a"', 4, 4, ' 1 │ {"a"', '   │     ^'],
  ])('of %j has the mark beneath the place', (text, start, end, line, mark) => {
    expect(at(text, start, end)).toEqual([line, mark]);
  });

  test('has one line of several', () => {
    expect(at('{\n "a": x\n}', 8, 9, 2)).toEqual([' 2 │  "a": x', '   │       ^']);
    expect(at('{\n\n}', 2, 3, 2)).toEqual([' 2 │ ', '   │ ^']);
  });

  test('is cut where the line or the place is long', () => {
    const [line = '', mark = ''] = at(`${'a'.repeat(500)}${'X'.repeat(500)}${'b'.repeat(500)}`, 500, 1000);

    expect(line).toBe(` 1 │ …${'a'.repeat(60)}${'X'.repeat(40)}…${'X'.repeat(60)}…`);
    expect(mark).toBe(`   │ ${' '.repeat(61)}${'^'.repeat(40)}`);
  });

  test('is none of a place that is not in the text', () => {
    expect(excerptLines('{}', { field: 'content' })).toEqual([]);
  });
});
