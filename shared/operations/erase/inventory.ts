import { DATASET_NAMES } from '../../messages/datasets';
import {
  analyticsRoot,
  datasetFolder,
  manifestKey,
  planFolder,
  quarantineFolder,
  repairsFolder,
} from '../../messages/output-paths';
import { allObjects } from '../../messages/pages';
import type { ObjectEntry, ObjectStore } from '../../ports/object-store';

/** Every object of a tenant's analytics: those of a business day by its date, and all others. */
export interface Inventory {
  readonly days: ReadonlyMap<string, readonly ObjectEntry[]>;
  readonly others: readonly ObjectEntry[];
}

const OF_DAY =
  /^(?:_manifests\/(?<manifest>\d{4}-\d\d-\d\d)\.json$|_[a-z]+\/(?<folder>\d{4}-\d\d-\d\d)\/|[a-z]+\/year=(?<year>\d{4})\/month=(?<month>\d\d)\/day=(?<day>\d\d)\/)/;

/** Lists everything below a tenant's `analytics/`. */
export async function takeInventory(analytics: ObjectStore, tenant: string): Promise<Inventory> {
  const days = new Map<string, ObjectEntry[]>();
  const others: ObjectEntry[] = [];
  const root = analyticsRoot(tenant);
  for await (const entry of allObjects(analytics, root)) {
    const date = dateOf(entry.key.slice(root.length));
    if (date === undefined) others.push(entry);
    else days.set(date, [...(days.get(date) ?? []), entry]);
  }
  return { days: new Map([...days].sort(([a], [b]) => (a < b ? -1 : 1))), others };
}

function dateOf(below: string): string | undefined {
  const found = OF_DAY.exec(below)?.groups;
  if (found === undefined) return undefined;
  const { manifest, folder, year, month, day } = found;
  return manifest ?? folder ?? `${year}-${month}-${day}`;
}

/** Every object of one business day, as it lies there now. */
export async function objectsOfDay(analytics: ObjectStore, tenant: string, date: string): Promise<ObjectEntry[]> {
  const datasets = DATASET_NAMES.map((dataset) => datasetFolder(tenant, dataset, date));
  const folders = [...datasets, quarantineFolder(tenant, date), planFolder(tenant, date), repairsFolder(tenant, date)];
  const objects: ObjectEntry[] = [];
  for (const folder of [...folders, manifestKey(tenant, date)]) {
    for await (const entry of allObjects(analytics, folder)) objects.push(entry);
  }
  return objects;
}
