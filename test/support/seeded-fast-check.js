// Stands in for fast-check in tests: the same library, with one seed for all of them, so that what was green stays green until somebody
// changes something. FAST_CHECK_SEED looks elsewhere: any integer, or `random` for another at every run.
const fc = require('../../node_modules/fast-check/lib/cjs/fast-check.js');

const { FAST_CHECK_SEED: seed = '20250811' } = process.env;
if (seed !== 'random') {
  if (!/^-?\d{1,9}$/.test(seed)) throw new RangeError(`FAST_CHECK_SEED is ${seed}, expected an integer or random`);
  fc.configureGlobal({ seed: Number(seed) });
}

module.exports = fc;
