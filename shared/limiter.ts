/** Begins work when it is its turn, in the order in which it came. Gives what the work gives, or throws what it throws. */
export type Limiter = <Out>(work: () => Promise<Out>) => Promise<Out>;

/**
 * Lets at most `atOnce` pieces of work be under way: whenever one ends, the next begins, whichever it was. A piece that takes long
 * holds up nothing but its own place.
 *
 * @param atOnce 1 or more
 * @throws RangeError where it is not: nothing would ever begin
 */
export function limiter(atOnce: number): Limiter {
  if (!(atOnce >= 1)) throw new RangeError(`Expected 1 or more pieces of work at once, got ${atOnce}.`);
  const waiting: (() => void)[] = [];
  let free = atOnce;
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((begin) => waiting.push(begin));
    try {
      return await work();
    } finally {
      // Whoever waits longest takes the place over, so that nobody comes in between.
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}

/**
 * Applies `transform` to all items within the limit. Gives the results in the order of the items. Where some fail, all others are
 * done all the same, and the first failure in the order is thrown.
 */
export async function mapLimited<In, Out>(
  items: readonly In[],
  limit: Limiter,
  transform: (item: In) => Promise<Out>,
): Promise<Out[]> {
  const outcomes = await Promise.allSettled(items.map((item) => limit(() => transform(item))));
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}
