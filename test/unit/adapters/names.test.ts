import fc from 'fast-check';
import { itemIdOf } from '../../../shared/azure/cosmos-item-id';
import { fileNameOf, segmentOf, UNFINISHED } from '../../../shared/local/file-names';

const anyText = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 });
const nearCollisions = fc.string({
  unit: fc.constantFrom('~', '%', '2', '3', 'f', 'F', '#', '/', 'a', 's', 'h', '.', ' ', 'é', 'CON'),
  minLength: 1,
  maxLength: 12,
});
const texts = fc.oneof(anyText, nearCollisions);

describe('ids of Cosmos DB items', () => {
  test('hold only characters that every client and Cosmos DB take', () => {
    fc.assert(
      fc.property(fc.oneof(texts, fc.string({ unit: 'binary', maxLength: 3000, minLength: 1 })), (sortKey) => {
        const id = itemIdOf(sortKey);

        expect(id).toMatch(/^[A-Za-z0-9_.:@=+~-]+$/);
        expect(id.length).toBeLessThanOrEqual(1000);
      }),
    );
  });

  test('differ for sort keys that differ', () => {
    fc.assert(
      fc.property(texts, texts, (a, b) => {
        expect(itemIdOf(a) === itemIdOf(b)).toBe(a === b);
      }),
      { numRuns: 1000 },
    );
    const long = 'x'.repeat(2000);
    expect(new Set([long, `${long}y`, `${long}z`].map(itemIdOf)).size).toBe(3);
  });

  test('are readable for the sort keys of the batch', () => {
    expect(itemIdOf('DAILY#2025-08-11')).toBe('DAILY~232025-08-11');
  });
});

describe('file names', () => {
  const segments = texts.filter((text) => text !== '.' && text !== '..' && !text.includes('/'));

  test('lead back to the segment', () => {
    fc.assert(
      fc.property(segments, (segment) => {
        expect(segmentOf(fileNameOf(segment))).toBe(segment);
      }),
      { numRuns: 1000 },
    );
  });

  test('are names on Linux, macOS and Windows, and never that of an unfinished file', () => {
    fc.assert(
      fc.property(segments, (segment) => {
        const name = fileNameOf(segment);

        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
        expect(name).not.toMatch(/[<>:"/\\|?*\u0000-\u001f]|[. ]$/);
        expect(name).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i);
        expect(name.startsWith(UNFINISHED)).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ['year=2025', 'year=2025'],
    ['part-00000.parquet', 'part-00000.parquet'],
    ['日本語 😀', '日本語 😀'],
    ['01:02', '01%3A02'],
    ['100%', '100%25'],
    ['nul.txt', '%6Eul.txt'],
    ['ends.', 'ends%2E'],
  ])('of %s is %s', (segment, name) => {
    expect(fileNameOf(segment)).toBe(name);
  });

  test.each(['', '.', '..'])('there is none for %j', (segment) => {
    expect(() => fileNameOf(segment)).toThrow(/segment/);
  });

  test('one that is too long is refused', () => {
    expect(() => fileNameOf('長'.repeat(86))).toThrow(/255 bytes/);
  });

  test.each(['100%', 'a:b', 'con', '%61', '%2e%2e', '%2E%2E', '%', 'dot.'])(
    'one that this store would not give, %s, is named in the error',
    (name) => {
      expect(() => segmentOf(name)).toThrow(JSON.stringify(name));
    },
  );
});
