import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { keyIdOf, readApiKey } from '../../../shared/google/api-key';
import { Secret } from '../../../shared/secret';

const keys = fc.string({ unit: fc.constantFrom(...'AIza-_0189xyz'), minLength: 20, maxLength: 60 });
const blanks = fc.string({ unit: fc.constantFrom(' ', '\n', '\r', '\t'), maxLength: 3 });

test('a key is told apart by sixteen hexadecimal digits, which show nothing of it', () => {
  fc.assert(
    fc.property(keys, keys, (one, other) => {
      const id = keyIdOf(new Secret(one));

      expect(id).toMatch(/^[0-9a-f]{16}$/);
      expect(createHash('sha256').update(one).digest('hex').startsWith(id)).toBe(true);
      expect(keyIdOf(new Secret(other)) === id).toBe(one === other);
    }),
  );
});

test('what stands around a key belongs to neither the key nor its id', () => {
  fc.assert(
    fc.property(keys, blanks, blanks, (key, before, after) => {
      const padded = new Secret(`${before}${key}${after}`);

      expect(readApiKey(padded)).toBe(key);
      expect(keyIdOf(padded)).toBe(keyIdOf(new Secret(key)));
    }),
  );
});

test('what no header can carry is refused, unseen', () => {
  const bad = fc
    .tuple(keys, fc.constantFrom(' ', '\n', '\u0000', 'é', '鍵', '\u007f'), keys)
    .map((parts) => parts.join(''));

  fc.assert(
    fc.property(bad, (text) => {
      const read = () => readApiKey(new Secret(text));

      expect(read).toThrow(expect.objectContaining({ code: 'youtube_key_invalid', kind: 'configuration' }));
      expect(read).not.toThrow(text);
    }),
  );
});
