import { allObjects } from '../messages/pages';
import type { ObjectStore } from '../ports/object-store';

/**
 * Removes objects that nobody needs.
 *
 * @param stillTrue asked once the objects are listed: where somebody else has begun meanwhile, some may be his, and none is removed
 */
export async function removeObjectsBelow(
  store: ObjectStore,
  prefix: string,
  isLeftOver: (key: string) => boolean,
  stillTrue: () => Promise<boolean>,
): Promise<void> {
  const leftOver: string[] = [];
  for await (const { key } of allObjects(store, prefix)) if (isLeftOver(key)) leftOver.push(key);
  if (leftOver.length === 0 || !(await stillTrue())) return;
  for (const key of leftOver) await store.delete(key);
}
