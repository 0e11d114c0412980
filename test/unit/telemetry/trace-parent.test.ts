import fc from 'fast-check';
import { newTraceParent, parseTraceParent, traceParentOf } from '../../../shared/telemetry/trace-parent';

const hex = (length: number) =>
  fc
    .array(fc.constantFrom(...'0123456789abcdef'), { minLength: length, maxLength: length })
    .map((digits) => digits.join(''));
const place = fc
  .record({ traceId: hex(32), spanId: hex(16) })
  .filter(({ traceId, spanId }) => /[^0]/.test(traceId) && /[^0]/.test(spanId));

test('what is written is read again, whatever the flags and a later version add', () => {
  fc.assert(
    fc.property(place, fc.constantFrom('00', '01', 'ff'), fc.constantFrom('', '-more'), (at, flags, more) => {
      expect(parseTraceParent(traceParentOf(at))).toEqual(at);
      expect(parseTraceParent(`cc-${at.traceId}-${at.spanId}-${flags}${more}`)).toEqual(at);
    }),
  );
});

test('a new place below another one is of the same trace, and of no other where there is none', () => {
  fc.assert(
    fc.property(place, (at) => {
      const below = parseTraceParent(newTraceParent(traceParentOf(at)));

      expect(below?.traceId).toBe(at.traceId);
      expect(below?.spanId).not.toBe(at.spanId);
    }),
  );
  expect(parseTraceParent(newTraceParent())?.traceId).not.toBe(parseTraceParent(newTraceParent())?.traceId);
  expect(parseTraceParent(newTraceParent('nonsense'))).toBeDefined();
});

test.each([
  undefined,
  '',
  '00-abc-def-01',
  `00-${'0'.repeat(32)}-${'1'.repeat(16)}-01`,
  `00-${'1'.repeat(32)}-${'0'.repeat(16)}-01`,
  `ff-${'1'.repeat(32)}-${'1'.repeat(16)}-01`,
  `00-${'A'.repeat(32)}-${'1'.repeat(16)}-01`,
  `00-${'1'.repeat(32)}-${'1'.repeat(16)}-011`,
])('%j is no place', (text) => {
  expect(parseTraceParent(text)).toBeUndefined();
});
