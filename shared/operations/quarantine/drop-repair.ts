import { InputError } from '../../errors';
import type { DayPlan, ShardPlan } from '../../messages/day-plan';
import type { ExportContext } from '../../messages/export-context';
import type { Manifest } from '../../messages/manifest';
import type { MessageKey } from '../../messages/message-key';
import { readPaperIfThere } from '../../messages/papers';
import { type PlannedRepair, placeOfRepair, readRepair } from '../../messages/repairs';
import type { ObjectStore } from '../../ports/object-store';
import { publishedDay } from './save-repair';

/**
 * Removes a message's corrected copy. Running the day again puts the original back into its place, which is quarantine. One that was
 * removed while the day still stands on it is no error: an earlier call may have come that far.
 *
 * Whoever calls this holds the day's lease.
 *
 * @throws InputError where there is none. @throws StorageError, BatchError `repair_unreadable`
 */
export async function dropRepair(context: ExportContext, { key }: MessageKey): Promise<void> {
  const { analytics, tenant, day } = context;
  const { manifest } = await publishedDay(context);
  const at = placeOfRepair(tenant, day.date, key);
  if ((await readRepair(analytics, tenant, at)) !== undefined) {
    await analytics.delete(at);
    return;
  }
  for await (const repair of publishedRepairs(analytics, manifest)) if (repair.key === key) return;
  throw new InputError({ key: `has no corrected copy on ${day.date}` });
}

/** The corrected copies that a published day was made with; none where its working papers are gone. */
async function* publishedRepairs(
  analytics: ObjectStore,
  manifest: Manifest,
): AsyncGenerator<PlannedRepair, void, undefined> {
  const plan = await readPaperIfThere<DayPlan>(analytics, manifest.plan);
  for (const { key } of plan?.shards ?? []) {
    const shard = await readPaperIfThere<ShardPlan>(analytics, key);
    yield* shard?.repairs ?? [];
  }
}
