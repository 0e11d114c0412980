import fc from 'fast-check';
import { storableText } from '../../../shared/youtube/text';

/** Any UTF-16 units, whole characters or not. */
const anyUnits = fc
  .array(
    fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0xd800, max: 0xdfff }), fc.constantFrom(0, 65)),
    { maxLength: 20 },
  )
  .map((units) => String.fromCharCode(...units));

test('a text is made storable whatever it is', () => {
  fc.assert(
    fc.property(anyUnits, (given) => {
      const { text, replaced } = storableText(given);

      expect(text).not.toContain('\0');
      expect(Buffer.from(text).toString()).toBe(text);
      expect(text.length).toBe(given.length);
      const differing = [...text].filter((character, index) => character !== [...given][index]);
      expect(differing).toEqual(Array.from({ length: replaced }, () => '\uFFFD'));
    }),
  );
});

test('a storable text stays as it is', () => {
  fc.assert(
    fc.property(anyUnits, (given) => {
      const { text } = storableText(given);

      expect(storableText(text)).toEqual({ text, replaced: 0 });
    }),
  );
});

test.each([
  ['a\0b', 'a\uFFFDb', 1],
  ['\uD83D', '\uFFFD', 1],
  ['\uDE00\uD83D', '\uFFFD\uFFFD', 2],
  ['\uD83D\uDE00', '😀', 0],
  ['\uD83D\uD83D\uDE00', '\uFFFD😀', 1],
  ['\uFFFD', '\uFFFD', 0],
])('%j becomes %j', (given, text, replaced) => {
  expect(storableText(given)).toEqual({ text, replaced });
});
