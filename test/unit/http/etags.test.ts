import fc from 'fast-check';
import { quoted, unquoted } from '../../../shared/http/etags';

const etags = fc.string().filter((etag) => !etag.includes('"'));

test('an ETag is the same with its quotes and without, however often they are put and taken', () => {
  fc.assert(
    fc.property(etags, (etag) => {
      expect(quoted(etag)).toBe(`"${etag}"`);
      expect(unquoted(quoted(etag))).toBe(etag);
      expect(unquoted(etag)).toBe(etag);
      expect(quoted(quoted(etag))).toBe(quoted(etag));
    }),
  );
});

test('none is an empty one', () => {
  expect(unquoted(undefined)).toBe('');
});
