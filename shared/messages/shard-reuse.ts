import type { ObjectStore } from '../ports/object-store';
import type { ShardPlan } from './day-plan';
import type { ExportContext } from './export-context';
import { InputDigest } from './input-digest';
import type { PartRef } from './manifest';
import { readPaperIfThere } from './papers';
import { readPublishedDay } from './published-day';
import type { RoomLister } from './room-lister';
import { asOfNow, partsOf, type SavedShardResult, type ShardResult } from './shard-result';

/**
 * The published result of a shard, brought up to date, where reading its messages again would give the same parts. Found
 * out by listing alone: the names and etags say whether anything changed. Only the account of what lies outside the day
 * is new, because the neighbouring days share the folders.
 *
 * @returns undefined where the shard must be read
 */
export async function reusableResult(
  context: ExportContext,
  plan: ShardPlan,
  lister: RoomLister,
): Promise<ShardResult | undefined> {
  const published = await readPublishedDay(context.analytics, context.tenant, context.day.date);
  const reference = published?.manifest.shards.find(({ shard }) => shard === plan.shard);
  if (reference?.result === undefined) return undefined;
  const saved = await readPaperIfThere<SavedShardResult>(context.analytics, reference.result);
  if (saved === undefined) return undefined;
  const earlier = asOfNow(saved);
  const digest = new InputDigest();
  let listed = 0;
  let outsideByKey = 0;
  for await (const room of lister.all(plan.rooms)) {
    digest.add(room);
    listed += room.listed;
    outsideByKey += room.outside;
  }
  const { fingerprint, inputSum, objects } = digest.finish(context, plan.dividedUsers, plan.repairs);
  if (fingerprint !== earlier.fingerprint || !(await allThere(context.analytics, partsOf(earlier)))) return undefined;
  return {
    ...earlier,
    inputSum,
    objects,
    proof: { ...earlier.proof, listed, outside: outsideByKey + earlier.outsideByBody },
  };
}

/** Whether every part is in the store, with its size. */
export async function allThere(store: ObjectStore, parts: readonly PartRef[]): Promise<boolean> {
  const sizes = await Promise.all(parts.map(async ({ key }) => (await store.head(key))?.size));
  return parts.every(({ bytes }, i) => sizes[i] === bytes);
}
