import fc from 'fast-check';
import { cutToWidth, displayWidth } from '../../../local/cli/display-width';
import { textTable } from '../../../local/cli/text-table';

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom(
    '',
    '夕飯の相談 🍲',
    'Ünïcödé',
    '半角ｶﾅ',
    '👨‍👩‍👧‍👦 family',
    '🇯🇵',
    'e\u0301',
    'two\nlines',
    '\u001b[31mred',
  ),
);

describe('the width of a text on a terminal', () => {
  test.each([
    ['abc', 3],
    ['日本語', 6],
    ['ひらがなカタカナ', 16],
    ['ｶﾅ', 2],
    ['ＡＢ', 4],
    ['🍲', 2],
    ['👨‍👩‍👧‍👦', 2],
    ['🇯🇵', 2],
    ['☀️', 2],
    ['é', 1],
    ['e\u0301', 1],
    ['', 0],
  ])('%s takes %i columns', (shown, columns) => {
    expect(displayWidth(shown)).toBe(columns);
  });

  test('a text cut to a width takes no more, and is left alone where it fits', () => {
    fc.assert(
      fc.property(text, fc.nat(30), (whole, columns) => {
        const cut = cutToWidth(whole, columns);

        expect(displayWidth(cut)).toBeLessThanOrEqual(columns);
        if (displayWidth(whole) <= columns) expect(cut).toBe(whole);
        else if (columns > 0) expect(cut.endsWith('…')).toBe(true);
      }),
    );
  });
});

describe('a table', () => {
  test('stands in columns, numbers on the right, also with Japanese and emoji', () => {
    const lines = textTable(
      [{ title: 'room' }, { title: 'messages', align: 'right' }, { title: 'user' }],
      [
        ['夕飯の相談 🍲', '12', 'aoi'],
        ['Trip', '1,204', 'ren'],
      ],
    );

    expect(lines).toEqual([
      'room           messages  user',
      '─────────────  ────────  ────',
      '夕飯の相談 🍲        12  aoi',
      'Trip              1,204  ren',
    ]);
  });

  test('has one line a row, and every cell of the last column begins in the same place', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { maxLength: 6 }), (rows) => {
        const lines = textTable(
          [{ title: 'a' }, { title: 'b' }, { title: '|' }],
          rows.map((row) => [...row, '|']),
        );

        expect(lines).toHaveLength(rows.length + 2);
        const [, ...others] = lines.map((line) => displayWidth(line.slice(0, -1)));
        expect(new Set(others).size).toBe(1);
      }),
    );
  });

  test('is no wider than the terminal where a column may be cut, and leaves the others alone', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 6 }), fc.integer({ min: 24, max: 60 }), (titles, width) => {
        const lines = textTable(
          [
            { title: 'title', flexible: true },
            { title: 'count', align: 'right' },
          ],
          titles.map((title) => [title, '1,234,567']),
          width,
        );

        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
        for (const line of lines.slice(2)) expect(line.endsWith('1,234,567')).toBe(true);
      }),
    );
  });

  test('a cell cannot begin a line of its own nor move the cursor', () => {
    const lines = textTable([{ title: 'title' }], [['a\nb\u001b[2Jc\u2028d']]);

    expect(lines).toEqual(['title', '──────────', 'a b [2Jc d']);
  });
});
