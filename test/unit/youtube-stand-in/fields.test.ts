import fc from 'fast-check';
import { applyFields, checkFields, FieldsError, type MessageShape, parseFields } from '../../../local/youtube/fields';

const names = ['a', 'b', 'c', 'items', 'kind'];
const name = fc.constantFrom(...names);
const path = fc.array(name, { minLength: 1, maxLength: 4 });

/** A value whose every name can be selected. */
const { message } = fc.letrec<{ message: unknown; value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(0, 'x', true, null),
    tie('message'),
    fc.array(tie('message'), { maxLength: 3 }),
  ),
  message: fc.dictionary(name, tie('value'), { maxKeys: 4 }),
}));

/** All paths to plain values, with the place in each array that is passed. */
function leaves(value: unknown, above: readonly string[] = []): string[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => leaves(item, [...above, `[${index}]`]));
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...above, key]));
  }
  return above.length === 0 ? [] : [above.join('/')];
}

const withoutIndexes = (leaf: string) => leaf.replace(/\/\[\d+\]/g, '');

describe('a fields mask', () => {
  it('leaves just the values at and below the paths that it names', () => {
    fc.assert(
      fc.property(message, fc.array(path, { minLength: 1, maxLength: 4 }), (value, paths) => {
        const mask = parseFields(paths.map((parts) => parts.join('/')).join(','));

        const kept = leaves(applyFields(value, mask));

        const selected = (leaf: string) =>
          paths.some((parts) => `${withoutIndexes(leaf)}/`.startsWith(`${parts.join('/')}/`));
        expect(kept).toEqual(leaves(value).filter(selected));
      }),
    );
  });

  it('says the same with parentheses as with slashes', () => {
    fc.assert(
      fc.property(message, name, fc.uniqueArray(name, { minLength: 1, maxLength: 3 }), (value, outer, inner) => {
        const slashes = parseFields(inner.map((below) => `${outer}/${below}`).join(','));
        const parentheses = parseFields(`${outer}(${inner.join(',')})`);

        expect(applyFields(value, parentheses)).toEqual(applyFields(value, slashes));
      }),
    );
  });

  it.each([
    ['kind,items(id,snippet/title)', { kind: 'k', items: [{ id: 1, snippet: { title: 't' } }, { id: 2 }] }],
    ['items/snippet(title,place(x))', { items: [{ snippet: { title: 't', place: { x: 1 } } }, {}] }],
    ['items/*/title', { items: [{ snippet: { title: 't' } }, {}] }],
    ['*', undefined],
    [
      'items,items/id',
      {
        items: [
          { id: 1, snippet: { title: 't', place: { x: 1, y: 2 } } },
          { id: 2, etag: 'e' },
        ],
      },
    ],
  ])('reads %s', (text, expected) => {
    const value = {
      kind: 'k',
      etag: 'top',
      items: [
        { id: 1, snippet: { title: 't', place: { x: 1, y: 2 } } },
        { id: 2, etag: 'e' },
      ],
    };

    expect(applyFields(value, parseFields(text))).toEqual(expected ?? value);
  });

  it.each(['', ',', 'a,', 'a(', 'a()', 'a(b', 'a)b', 'a//b', '/a', 'a(b)c', '(a)'])('refuses %j', (text) => {
    expect(() => parseFields(text)).toThrow(FieldsError);
  });

  it.each([
    ['kind,items(id,snippet/title)', undefined],
    ['items/*', undefined],
    ['nothing', 'Invalid field selection nothing'],
    ['items(id,titel)', 'Invalid field selection titel'],
    ['kind/of', 'Invalid field selection kind'],
    ['items/*/nothing', 'Invalid field selection nothing'],
    ['constructor', 'Invalid field selection constructor'],
  ])('is checked against the fields that there are: %s', (text, problem) => {
    const shape: MessageShape = { kind: null, items: { id: null, snippet: { title: null } } };
    const check = () => checkFields(parseFields(text), shape);

    if (problem === undefined) expect(check).not.toThrow();
    else expect(check).toThrow(problem);
  });
});
