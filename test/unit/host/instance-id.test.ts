import fc from 'fast-check';
import { instanceIdProblem } from '../../../local/host/durable/instance-id';
import { fileName } from '../../../local/host/storage/history-store';

test.each(['a/b', 'a\\b', 'a#b', 'a?b', 'a\nb', '@entity', '', 'x'.repeat(257)])('the id %j is refused', (id) => {
  expect(instanceIdProblem(id, false)).toMatch(/^The instance id/);
});

test.each(['export-2025-08-11', 'x'.repeat(256), '日次バッチ', '0f8fad5b:3', 'a b'])('the id %j is accepted', (id) => {
  expect(instanceIdProblem(id, false)).toBeUndefined();
});

test('every id has a file name of its own that any file system takes', () => {
  const id = fc.string({ minLength: 1, maxLength: 256, unit: 'grapheme' });
  fc.assert(
    fc.property(id, id, (a, b) => {
      expect(fileName(a)).toMatch(/^[\w.-]{1,120}$/);
      expect(fileName(a) === fileName(b)).toBe(a === b);
      expect(fileName(a).toLowerCase() === fileName(b).toLowerCase()).toBe(a === b);
    }),
  );
  expect(fileName('Run')).not.toBe(fileName('run'));
});
