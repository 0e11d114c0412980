import fc from 'fast-check';
import { compareVersions, versionProblem } from '../../../local/host/durable/orchestration-version';

const version = fc.option(
  fc.oneof(
    fc.array(fc.nat(20), { minLength: 2, maxLength: 4 }).map((parts) => parts.join('.')),
    fc.stringMatching(/^[a-c1-3.]{1,4}$/),
  ),
);

test('versions of one form are in one order, whichever is asked about first', () => {
  fc.assert(
    fc.property(version, version, (a, b) => {
      const order = compareVersions(a, b);

      expect(compareVersions(b, a)).toBe(order === 0 ? 0 : -order);
      expect(compareVersions(a, a)).toBe(0);
    }),
  );
});

test.each([
  ['1.9', '1.10', -1],
  ['2.0', '1.99.99', 1],
  ['1.0', '1.0.0', -1],
  ['v2', 'V2', 0],
  ['1', '10', -1],
  ['9', '10', 1],
  [null, '0.1', -1],
  ['', null, 0],
])('the order of %p and %p is %p', (a, b, expected) => {
  expect(compareVersions(a, b)).toBe(expected);
});

const strategies = ['None', 'Strict', 'CurrentOrOlder'] as const;

test.each([
  ['1.0', [true, false, true]],
  ['2.0', [true, true, true]],
  ['3.0', [true, false, false]],
  [null, [true, false, true]],
])(
  'on a host of version 2.0 an instance of version %p runs under None, Strict, CurrentOrOlder: %j',
  (begun, expected) => {
    const runs = strategies.map(
      (versionMatchStrategy) => versionProblem(begun, { defaultVersion: '2.0', versionMatchStrategy }) === undefined,
    );

    expect(runs).toEqual(expected);
  },
);

test('the problem names both versions', () => {
  const problem = versionProblem('3.0', { defaultVersion: null, versionMatchStrategy: 'CurrentOrOlder' });

  expect(problem).toContain('"3.0"');
  expect(problem).toContain('none');
});
