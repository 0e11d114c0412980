/** What was measured in several rounds. */
export interface Measured {
  /** The median of the rounds. */
  readonly value: number;
  readonly lowest: number;
  readonly highest: number;
  readonly rounds: number;
}

/** A limit for our value, or for the ratio of ours to the peer's. */
export interface Goal {
  readonly of: 'value' | 'ratio';
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** One line of what a bench came to. */
export interface Figure {
  /** Unique in its bench. */
  readonly name: string;
  /** Ours: the median where there were several rounds. */
  readonly value: number;
  readonly unit: string;
  readonly spread?: Spread;
  readonly peer?: Peer;
  /** Ours ÷ the peer's, of the medians. */
  readonly ratio?: number;
  readonly goal?: Goal;
  readonly met?: boolean;
}

export interface Spread {
  readonly lowest: number;
  readonly highest: number;
  readonly rounds: number;
}

export interface Peer {
  readonly name: string;
  readonly value: number;
  readonly spread?: Spread;
}

export interface FigureSource {
  readonly name: string;
  readonly unit: string;
  /** One number a round. */
  readonly ours: readonly number[];
  readonly peer?: { readonly name: string; readonly samples: readonly number[] };
  readonly goal?: Goal;
}

/** @throws RangeError where nothing was measured, or a goal is of a ratio to no peer */
export function figureOf({ name, unit, ours, peer, goal }: FigureSource): Figure {
  const measured = measure(ours);
  const theirs = peer && { name: peer.name, ...rounded(measure(peer.samples)) };
  const ratio = peer && significant(measured.value / measure(peer.samples).value);
  const figure = { name, unit, ...rounded(measured), ...(theirs && { peer: theirs, ratio }) };
  return goal === undefined ? figure : { ...figure, goal, met: isMet(goal, measured.value, ratio) };
}

function isMet(
  { of, atLeast = -Infinity, atMost = Infinity }: Goal,
  value: number,
  ratio: number | undefined,
): boolean {
  const judged = of === 'value' ? value : ratio;
  if (judged === undefined) throw new RangeError('A goal is of the ratio to a peer, and there is none.');
  return atLeast <= judged && judged <= atMost;
}

function rounded({ value, lowest, highest, rounds }: Measured): { value: number; spread?: Spread } {
  if (rounds === 1) return { value: significant(value) };
  return { value: significant(value), spread: { lowest: significant(lowest), highest: significant(highest), rounds } };
}

/** Median, least and greatest of some numbers. @throws RangeError where there are none, or one is no number */
export function measure(samples: readonly number[]): Measured {
  if (samples.length === 0 || samples.some((sample) => !Number.isFinite(sample))) {
    throw new RangeError(`Expected numbers that were measured, got [${samples.join(', ')}].`);
  }
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (index: number) => sorted[index] ?? Number.NaN;
  const middle = (sorted.length - 1) / 2;
  return {
    value: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    lowest: at(0),
    highest: at(sorted.length - 1),
    rounds: sorted.length,
  };
}

/** What is beyond four digits is chance; whole numbers stay whole. */
function significant(value: number): number {
  return Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(4));
}
