import fc from 'fast-check';
import { STEP_NAMES } from '../../../shared/batch/steps';
import { TimeBudget } from '../../../shared/batch/time-budget';

const MINUTES = 60_000;
const stepName = fc.constantFrom(...STEP_NAMES);

test('without an end there is time for everything', () => {
  const budget = new TimeBudget();

  for (const name of STEP_NAMES) budget.took(name, 10 * MINUTES);

  expect(STEP_NAMES.every((name) => budget.hasTimeFor(name, 100 * MINUTES))).toBe(true);
});

test('a step begins only where one that takes as long as the longest of its kind so far ends in time', () => {
  fc.assert(
    fc.property(
      stepName,
      fc.array(fc.nat(10 * MINUTES), { minLength: 1 }),
      fc.nat(15 * MINUTES),
      (name, took, left) => {
        let leftMs = 15 * MINUTES;
        const budget = new TimeBudget(() => leftMs);
        for (const ms of took) budget.took(name, ms);
        leftMs = left;

        const begins = budget.hasTimeFor(name);

        if (begins) expect(left).toBeGreaterThan(Math.max(...took) - 1);
        else expect(left).toBeLessThan(Math.max(60_000, 1.5 * Math.max(...took)));
      },
    ),
  );
});

test('less time never allows more, nor does a later begin', () => {
  fc.assert(
    fc.property(stepName, fc.nat(900_000), fc.nat(900_000), (name, left, after) => {
      let leftMs = 900_000;
      const budget = new TimeBudget(() => leftMs);
      leftMs = left;

      const now = budget.hasTimeFor(name);
      const later = budget.hasTimeFor(name, after);

      if (later) expect(now).toBe(true);
    }),
  );
});

test('what happened is still written down when there is time for nothing else', () => {
  let leftMs = 900_000;
  const budget = new TimeBudget(() => leftMs);
  leftMs = 10_000;

  expect(budget.hasTimeFor('exportShard')).toBe(false);
  expect(budget.hasTimeFor('recordFailure')).toBe(true);
  expect(budget.hasTimeFor('recordSync')).toBe(true);
});

test('a function of a minute begins something', () => {
  const budget = new TimeBudget(() => 60_000);

  expect(STEP_NAMES.every((name) => budget.hasTimeFor(name))).toBe(true);
});
