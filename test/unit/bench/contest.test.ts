import fc from 'fast-check';
import { type Contender, contest } from '../../../bench/harness/contest';

/** Contenders that note their turns, and measure how many turns there were before. */
function newContenders(names: readonly string[]) {
  const turns: string[] = [];
  const contenders = names.map(
    (name): Contender<'work'> => ({
      name,
      round: async () => ({ work: turns.push(name) - 1 }),
    }),
  );
  return { turns, contenders };
}

const counts = fc.record({
  contenders: fc.integer({ min: 1, max: 4 }),
  warmUps: fc.nat(2),
  rounds: fc.integer({ min: 1, max: 6 }),
});

test('every round is a turn of each, and begins with another one than the round before', async () => {
  await fc.assert(
    fc.asyncProperty(counts, async ({ contenders: count, ...options }) => {
      const names = Array.from({ length: count }, (_, index) => `contender ${index}`);
      const { turns, contenders } = newContenders(names);

      await contest(contenders, { ...options, onTurn: () => undefined });

      const rounds = Array.from({ length: options.warmUps + options.rounds }, (_, at) =>
        turns.slice(at * count, (at + 1) * count),
      );
      expect(turns).toHaveLength(count * (options.warmUps + options.rounds));
      for (const round of rounds) expect([...round].sort()).toEqual(names);
      const counted = rounds.slice(options.warmUps).map(([first]) => first);
      if (count > 1) expect(counted.filter((first, at) => first === counted[at - 1])).toEqual([]);
    }),
  );
});

test('what is measured while warming up does not count', async () => {
  await fc.assert(
    fc.asyncProperty(counts, async ({ contenders: count, warmUps, rounds }) => {
      const { contenders } = newContenders(Array.from({ length: count }, (_, index) => String(index)));

      const results = await contest(contenders, { warmUps, rounds, onTurn: () => undefined });

      const measured = [...results.values()].flatMap(({ work }) => work).sort((a, b) => a - b);
      expect(measured).toEqual(Array.from({ length: count * rounds }, (_, at) => count * warmUps + at));
    }),
  );
});

test('says whose turn it is before it begins', async () => {
  const { turns, contenders } = newContenders(['ours', 'theirs']);
  const said: string[] = [];

  await contest(contenders, { warmUps: 1, rounds: 1, onTurn: (text) => said.push(`${turns.length}: ${text}`) });

  expect(said).toEqual([
    '0: warming up: ours',
    '1: warming up: theirs',
    '2: round 1 of 1: theirs',
    '3: round 1 of 1: ours',
  ]);
});

test('a contender that fails ends the contest', async () => {
  const failing = { name: 'theirs', round: () => Promise.reject(new Error('no connection')) };

  await expect(contest([failing], { warmUps: 0, rounds: 3, onTurn: () => undefined })).rejects.toThrow('no connection');
});
