import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { fromAttribute, toAttribute } from '../../../shared/aws/dynamo-values';

const MAX_LEVELS = 32;

describe('JSON in DynamoDB', () => {
  test('comes back as it was, whatever it is', () => {
    const value = fc.jsonValue({
      stringUnit: fc.oneof(fc.string({ unit: 'binary', maxLength: 1 }), fc.constant('\ud800')),
    });

    fc.assert(
      fc.property(value, (json) => {
        const normal = JSON.parse(JSON.stringify(json));

        expect(fromAttribute(toAttribute(normal))).toEqual(normal);
      }),
      { numRuns: 500 },
    );
  });

  test('every number comes back, also those that DynamoDB has not', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        const attribute = toAttribute(number);

        expect(fromAttribute(attribute)).toBe(number === 0 && Object.is(number, -0) ? 0 : number);
        expect(attribute.N === undefined).toBe(
          number !== 0 && (Math.abs(number) < 1e-130 || Math.abs(number) >= 1e126),
        );
      }),
      { numRuns: 1000 },
    );
  });

  test.each([0, 1, 29, 30, 31, 32, 33, 100])(
    '%d levels of lists and maps come back, in no more than DynamoDB has',
    (levels) => {
      let value: unknown = 'innermost';
      for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { in: value };

      const attribute = toAttribute(value);

      expect(fromAttribute(attribute)).toEqual(value);
      expect(levelsOf(attribute)).toBeLessThan(MAX_LEVELS);
      if (levels < 30) expect(JSON.stringify(attribute)).not.toContain('"B"');
    },
  );

  test.each([[{ '': 1 }], [{ deep: [{ '': { x: [null] } }] }], [{ '\udc00': 1 }]])(
    'a map that DynamoDB refuses comes back: %j',
    (value) => {
      expect(fromAttribute(toAttribute(value))).toEqual(value);
    },
  );

  test.each<[string, AttributeValue, unknown]>([
    ['a set of strings', { SS: ['a', 'b'] }, ['a', 'b']],
    ['a set of numbers', { NS: ['1', '2.5'] }, [1, 2.5]],
    ['a set of bytes', { BS: [Buffer.from('ab')] }, ['YWI=']],
    ['bytes', { B: Buffer.from([0xff, 0]) }, '/wA='],
    ['a number beyond doubles', { N: '12345678901234567890123456789012345678' }, 1.2345678901234568e37],
    ['a number with an exponent', { N: '1E+3' }, 1000],
    ['an empty string', { S: '' }, ''],
    ['an empty list', { L: [] }, []],
  ])('%s of another writer is read as JSON', (_, attribute, expected) => {
    expect(fromAttribute(attribute)).toEqual(expected);
  });
});

function levelsOf({ L, M }: AttributeValue): number {
  const inner = L ?? (M && Object.values(M));
  return inner === undefined ? 0 : 1 + Math.max(0, ...inner.map(levelsOf));
}
