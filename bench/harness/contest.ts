/** One way to do the work. */
export interface Contender<Part extends string> {
  readonly name: string;
  /** Does all of it once, what comes before and after the measuring included. @returns what was measured of each part */
  round(): Promise<Readonly<Record<Part, number>>>;
}

export interface ContestOptions {
  /** Rounds that do not count: they fill caches and let code be compiled. */
  readonly warmUps: number;
  readonly rounds: number;
  /** Is told what is about to be done. */
  readonly onTurn: (text: string) => void;
}

/** What each contender came to: by part, one number a round. */
export type Results<Part extends string> = ReadonlyMap<string, Readonly<Record<Part, readonly number[]>>>;

/**
 * Lets the contenders do the same work in turns, so that what the machine does meanwhile falls on all of them, and begins every round
 * with another one, so that none always comes after the same.
 */
export async function contest<Part extends string>(
  contenders: readonly Contender<Part>[],
  { warmUps, rounds, onTurn }: ContestOptions,
): Promise<Results<Part>> {
  const taken = new Map<string, Readonly<Record<Part, number>>[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 1 - warmUps; round <= rounds; round++) {
    for (const contender of turnsOf(contenders, round)) {
      onTurn(round < 1 ? `warming up: ${contender.name}` : `round ${round} of ${rounds}: ${contender.name}`);
      const measured = await contender.round();
      if (round >= 1) taken.get(contender.name)?.push(measured);
    }
  }
  return new Map([...taken].map(([name, each]) => [name, byPart(each)]));
}

function turnsOf<Item>(items: readonly Item[], round: number): readonly Item[] {
  const first = Math.abs(round) % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}

function byPart<Part extends string>(rounds: readonly Readonly<Record<Part, number>>[]): Record<Part, number[]> {
  const parts = Object.keys(rounds[0] ?? {}) as Part[];
  return Object.fromEntries(parts.map((part) => [part, rounds.map((round) => round[part])])) as Record<Part, number[]>;
}
