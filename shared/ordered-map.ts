/**
 * Applies `transform` to every item with at most `concurrency` of them under way or waiting to be taken, and yields the
 * results in the order of the items.
 *
 * This is the export's back-pressure: the source is pulled only when there is room, so memory holds `concurrency`
 * results at most, however many items there are and however slowly the results are taken. Order is kept because
 * the rows of a part are in key order, and because the same input must give the same bytes.
 *
 * When one item fails, the error is thrown in its place in the order; when the source fails, at once. What is under way is
 * awaited first, so that no call outlives the iteration. Leaving the iteration early does the same and closes the source.
 *
 * @param concurrency 1 or more
 * @throws RangeError where it is not: nothing would be applied, and all items would be lost without a word
 */
export async function* orderedMap<In, Out>(
  source: AsyncIterable<In> | Iterable<In>,
  concurrency: number,
  transform: (item: In) => Promise<Out>,
): AsyncGenerator<Out, void, undefined> {
  if (!(concurrency >= 1)) throw new RangeError(`Expected a concurrency of 1 or more, got ${concurrency}.`);
  const items = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  const underWay: Promise<Out>[] = [];
  let exhausted = false;
  try {
    while (true) {
      while (!exhausted && underWay.length < concurrency) {
        const next = await items.next();
        if (next.done === true) {
          exhausted = true;
        } else {
          underWay.push(started(transform, next.value));
        }
      }
      const head = underWay.shift();
      if (head === undefined) return;
      yield await head;
    }
  } finally {
    await Promise.allSettled(underWay);
    if (!exhausted) await items.return?.();
  }
}

/** A result that fails before its turn is not an unhandled rejection: it is looked at when its turn comes. */
function started<In, Out>(transform: (item: In) => Promise<Out>, item: In): Promise<Out> {
  const result = transform(item);
  result.catch(() => undefined);
  return result;
}
