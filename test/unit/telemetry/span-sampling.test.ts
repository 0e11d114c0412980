import fc from 'fast-check';
import { isKept } from '../../../shared/telemetry/span-sampling';

const traceId = fc
  .array(fc.constantFrom(...'0123456789abcdef'), { minLength: 32, maxLength: 32 })
  .map((digits) => digits.join(''));
const share = fc.double({ min: 0, max: 1, noNaN: true });

function span(trace: string, code: 0 | 1 | 2) {
  return { status: { code }, spanContext: () => ({ traceId: trace, spanId: '1'.repeat(16), traceFlags: 1 }) };
}

test('a failed span is always kept', () => {
  fc.assert(fc.property(traceId, share, (trace, sampling) => isKept(span(trace, 2), sampling)));
});

test('all of a trace is kept, or none but its failures; what a share keeps, a larger one keeps too', () => {
  fc.assert(
    fc.property(traceId, share, share, (trace, one, other) => {
      const [small, large] = [Math.min(one, other), Math.max(one, other)];

      expect(isKept(span(trace, 0), small)).toBe(isKept(span(trace, 1), small));
      if (isKept(span(trace, 0), small)) expect(isKept(span(trace, 0), large)).toBe(true);
      expect(isKept(span(trace, 0), 1)).toBe(true);
      expect(isKept(span(trace, 0), 0)).toBe(false);
    }),
  );
});

test('the share is kept of many traces', () => {
  const traces = fc.sample(traceId, { numRuns: 4_000, seed: 1 });

  const kept = traces.filter((trace) => isKept(span(trace, 0), 0.25)).length;

  expect(kept / traces.length).toBeGreaterThan(0.2);
  expect(kept / traces.length).toBeLessThan(0.3);
});
