import fc from 'fast-check';
import { compareKeys } from '../../../shared/messages/key-order';

// Strings that share beginnings, and characters on both sides of the surrogates, where UTF-16 and UTF-8 order differ.
const texts = fc.string({
  unit: fc.oneof(
    fc.constantFrom('a', 'b', '/', '\u0000', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}', '😀'),
    fc.string({ unit: 'binary', maxLength: 1 }),
  ),
  maxLength: 6,
});

const sign = (value: number) => Math.sign(value);

describe('keys are ordered', () => {
  test('as their UTF-8 bytes are', () => {
    fc.assert(
      fc.property(texts, texts, (a, b) => {
        expect(sign(compareKeys(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
      { numRuns: 3000 },
    );
  });

  test('in one way only, lone surrogates among them', () => {
    const any = fc.string({ unit: fc.constantFrom('a', '\ud800', '\udc00', '\ue000', '😀'), maxLength: 4 });
    fc.assert(
      fc.property(any, any, any, (a, b, c) => {
        expect(compareKeys(a, b) === 0).toBe(a === b);
        // Adding zero turns -0, which toBe tells from 0, into 0.
        expect(sign(compareKeys(a, b))).toBe(-sign(compareKeys(b, a)) + 0);
        if (compareKeys(a, b) <= 0 && compareKeys(b, c) <= 0) expect(compareKeys(a, c)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 1000 },
    );
  });
});
