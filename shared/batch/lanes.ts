/**
 * Divides items into at most `lanes` lists that are worked off side by side, dealt out in turn, so that neighbours in the list, which
 * are often alike in size, go to different lanes. No list is empty.
 */
export function divideIntoLanes<Item>(items: readonly Item[], lanes: number): Item[][] {
  const count = Math.min(Math.max(1, lanes), items.length);
  return Array.from({ length: count }, (_, lane) => items.filter((_item, i) => i % count === lane));
}
