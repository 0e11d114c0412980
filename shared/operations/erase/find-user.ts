import { StorageError } from '../../errors';
import { orderedMap } from '../../ordered-map';
import type { ObjectEntry, ObjectStore } from '../../ports/object-store';
import { type DayFindings, examineDay, holdsUser } from './examine-day';
import { objectsOfDay, takeInventory } from './inventory';
import { namesUser } from './stored-objects';
import type { UserTraces } from './user-traces';

/** Days, and objects, that are looked into side by side. */
const DAYS_AT_ONCE = 4;
const OBJECTS_AT_ONCE = 16;

/** Where in a tenant's analytics a user is. */
export interface UserFound {
  /** How many days were looked into. */
  readonly looked: number;
  readonly days: readonly DayFindings[];
  /** Objects of no single day that name the user. */
  readonly others: readonly string[];
}

/** Looks into every day of a tenant, published or not, and into whatever else there is. */
export async function findUser(
  analytics: ObjectStore,
  traces: UserTraces,
  onDay: (looked: number, of: number) => void = () => undefined,
): Promise<UserFound> {
  const inventory = await takeInventory(analytics, traces.tenant);
  const days: DayFindings[] = [];
  let looked = 0;
  const examined = orderedMap(inventory.days, DAYS_AT_ONCE, ([date, objects]) =>
    examineAsItStands(analytics, date, objects, traces),
  );
  for await (const findings of examined) {
    looked += 1;
    onDay(looked, inventory.days.size);
    if (holdsUser(findings)) days.push(findings);
  }
  const others: string[] = [];
  const named = orderedMap(inventory.others, OBJECTS_AT_ONCE, async (object) => ({
    key: object.key,
    found: await namesUser(analytics, object, traces),
  }));
  for await (const { key, found } of named) if (found) others.push(key);
  return { looked, days, others };
}

/** A run that publishes the day meanwhile takes its earlier parts away: then it is looked at as it stands after that. */
async function examineAsItStands(
  analytics: ObjectStore,
  date: string,
  objects: readonly ObjectEntry[],
  traces: UserTraces,
): Promise<DayFindings> {
  try {
    return await examineDay(analytics, date, objects, traces);
  } catch (error) {
    if (!(error instanceof StorageError) || error.code !== 'object_not_found') throw error;
    return examineDay(analytics, date, await objectsOfDay(analytics, traces.tenant, date), traces);
  }
}

/**
 * Every object of a tenant's analytics that names the user, found without believing anything that a manifest says: what an erasure is
 * checked by.
 */
export async function objectsOfUser(analytics: ObjectStore, traces: UserTraces): Promise<string[]> {
  const { days, others } = await takeInventory(analytics, traces.tenant);
  const objects = [...[...days.values()].flat(), ...others];
  const keys: string[] = [];
  const looks = orderedMap(objects, OBJECTS_AT_ONCE, async (object) => ({
    key: object.key,
    found: await namesUser(analytics, object, traces),
  }));
  for await (const { key, found } of looks) if (found) keys.push(key);
  return keys.sort();
}
