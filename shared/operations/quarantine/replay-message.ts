import { randomUUID } from 'node:crypto';
import type { BatchPlatform } from '../../batch/batch-platform';
import { exportContext } from '../../batch/export-steps';
import type { InlineHooks } from '../../batch/inline-engine';
import { releaseDay, withDayLease } from '../../messages/day-lease';
import type { ExportContext } from '../../messages/export-context';
import type { MessageKey } from '../../messages/message-key';
import { readPublishedDay } from '../../messages/published-day';
import { dropRepair } from './drop-repair';
import { quarantineLine } from './quarantine-lines';
import { type DayRunAgain, runDayAgain } from './run-again';
import { saveRepair } from './save-repair';

/** A message, and the business day that has it in quarantine. */
export interface MessageOfDay {
  readonly tenant: string;
  readonly timeZone: string;
  readonly date: string;
  readonly key: MessageKey;
}

export interface ReplayedMessage extends DayRunAgain {
  /** Whether the published day has the message in quarantine now. */
  readonly inQuarantine: boolean;
}

/**
 * Takes a corrected copy of a quarantined message in: saves it beside the day, then runs the day again. Whatever point it is interrupted at,
 * doing it again completes it, and so does the day's next run once the copy is saved.
 *
 * @throws InputError where the copy is refused: nothing was written then
 * @throws DayInUseError, StorageError, MetadataError
 */
export function replayCopy(
  platform: BatchPlatform,
  message: MessageOfDay,
  copy: Uint8Array,
  hooks?: InlineHooks,
): Promise<ReplayedMessage> {
  return replay(platform, message, (context) => saveRepair(context, message.key, copy), hooks);
}

/** Takes a corrected copy back: removes it, then runs the day again. @throws InputError where there is none; others as {@link replayCopy} */
export function undoCopy(
  platform: BatchPlatform,
  message: MessageOfDay,
  hooks?: InlineHooks,
): Promise<ReplayedMessage> {
  return replay(platform, message, (context) => dropRepair(context, message.key), hooks);
}

async function replay(
  platform: BatchPlatform,
  { tenant, timeZone, date, key }: MessageOfDay,
  change: (context: ExportContext) => Promise<void>,
  hooks?: InlineHooks,
): Promise<ReplayedMessage> {
  const context = exportContext(platform, { tenant, timeZone, date }, 'quarantine');
  const lease = { tenant, date, owner: `quarantine-${randomUUID()}` };
  await withDayLease(context, lease, () => change(context)).finally(() => releaseDay(context, lease));
  const again = await runDayAgain(platform, { tenant, date }, hooks);
  const published = await readPublishedDay(context.analytics, tenant, date);
  const line = published && (await quarantineLine(context.analytics, published.manifest, key.key));
  return { ...again, inQuarantine: line !== undefined };
}
