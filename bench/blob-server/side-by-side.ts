/** What work took: this process's CPU time, user and system, and the time that passed. */
export interface Taken {
  readonly cpuMs: number;
  readonly ms: number;
}

/** Does something with every item, so many at a time. */
export async function sideBySide<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<unknown>,
): Promise<Taken> {
  const cpu = process.cpuUsage();
  const begun = performance.now();
  let next = 0;
  const worker = async () => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  const { user, system } = process.cpuUsage(cpu);
  return { cpuMs: (user + system) / 1000, ms: performance.now() - begun };
}
