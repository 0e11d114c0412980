import fc from 'fast-check';
import { divideIntoLanes } from '../../../shared/batch/lanes';

describe('items divided into lanes', () => {
  test('are each in one lane, in their order, and the lanes are alike in length', () => {
    fc.assert(
      fc.property(fc.array(fc.nat()), fc.integer({ min: -1, max: 20 }), (values, lanes) => {
        const items = values.map((value, i) => ({ value, i }));

        const divided = divideIntoLanes(items, lanes);

        expect(divided.length).toBe(Math.min(Math.max(1, lanes), items.length));
        expect(divided.flat().sort((a, b) => a.i - b.i)).toEqual(items);
        for (const lane of divided) expect(lane).toEqual([...lane].sort((a, b) => a.i - b.i));
        const lengths = divided.map((lane) => lane.length);
        if (lengths.length > 0) {
          expect(Math.min(...lengths)).toBeGreaterThan(0);
          expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  test('are dealt out in turn', () => {
    expect(divideIntoLanes(['a', 'b', 'c', 'd', 'e'], 2)).toEqual([
      ['a', 'c', 'e'],
      ['b', 'd'],
    ]);
  });
});
