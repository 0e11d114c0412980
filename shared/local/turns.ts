/** The last piece of work waiting for each name. One table for the process, so that two stores over one folder meet. */
const queues = new Map<string, Promise<unknown>>();

/** Runs pieces of work with the same name one after the other. */
export async function inTurn<T>(name: string, work: () => Promise<T>): Promise<T> {
  const before = queues.get(name) ?? Promise.resolve();
  const mine = before.then(work, work);
  const settled = mine.then(
    () => undefined,
    () => undefined,
  );
  queues.set(name, settled);
  try {
    return await mine;
  } finally {
    if (queues.get(name) === settled) queues.delete(name);
  }
}
