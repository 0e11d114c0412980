import type { ExportContext } from '../../messages/export-context';
import type { MessageKey } from '../../messages/message-key';
import { readPublishedDay } from '../../messages/published-day';
import type { QuarantineEntry } from '../../messages/quarantine-file';
import type { QuarantineReason } from '../../messages/quarantine-reason';
import { placeOfRepair, readRepair } from '../../messages/repairs';
import { isInDay } from '../../messages/room-day';
import { type MessagePlace, placeOf } from './message-place';
import { quarantineLine } from './quarantine-lines';
import { type CurrentMessage, currentMessage } from './read-message';

/** What is known of one message and a published day. */
export interface InspectedMessage {
  readonly date: string;
  /** Whether the day was ever published. */
  readonly published: boolean;
  /** Its line in the day's quarantine, where it has one. */
  readonly line: QuarantineEntry | undefined;
  /** As it is in storage now; undefined where it is gone. */
  readonly current: (Omit<CurrentMessage, 'verdict'> & { readonly today: TodaysVerdict }) | undefined;
  /** Whether storage still has the version that was quarantined, or that was corrected; undefined where there is nothing to compare. */
  readonly unchanged: boolean | undefined;
  /** Where it breaks the contract: today's, else the one that quarantined it. */
  readonly place: MessagePlace | undefined;
  /** Its corrected copy, where there is one. */
  readonly repair: { readonly sha256: string; readonly applies: boolean } | undefined;
}

/** What today's contract makes of the original. */
export type TodaysVerdict =
  | { readonly verdict: 'valid' }
  | { readonly verdict: 'outside' }
  | { readonly verdict: 'quarantined'; readonly reason: QuarantineReason; readonly detail: string };

/**
 * Looks at one message as a published day and storage have it, and changes nothing.
 *
 * @throws StorageError; BatchError `repair_unreadable`
 */
export async function inspectMessage(
  context: Pick<ExportContext, 'tenant' | 'day' | 'data' | 'analytics'>,
  key: MessageKey,
): Promise<InspectedMessage> {
  const { tenant, day, data, analytics } = context;
  const published = await readPublishedDay(analytics, tenant, day.date);
  const line = published === undefined ? undefined : await quarantineLine(analytics, published.manifest, key.key);
  const repair = await readRepair(analytics, tenant, placeOfRepair(tenant, day.date, key.key));
  const message = await currentMessage(data, key);
  const known = line?.etag ?? repair?.planned.etag;
  const unchanged = known === undefined ? undefined : message?.etag === known;
  const today = message === undefined ? undefined : todaysVerdict(context, message);
  const broken = today?.verdict === 'quarantined' ? today : unchanged ? line : undefined;
  const body = message?.body;
  return {
    date: day.date,
    published: published !== undefined,
    line,
    current:
      message === undefined || today === undefined
        ? undefined
        : { etag: message.etag, size: message.size, body, today },
    unchanged,
    place: broken === undefined || body === undefined ? undefined : placeOf(broken, body),
    repair:
      repair === undefined
        ? undefined
        : { sha256: repair.planned.sha256, applies: repair.planned.etag === message?.etag },
  };
}

function todaysVerdict({ day }: Pick<ExportContext, 'day'>, { verdict }: CurrentMessage): TodaysVerdict {
  if (!isInDay(verdict.placedMs, day)) return { verdict: 'outside' };
  if (verdict.kind === 'valid') return { verdict: 'valid' };
  return { verdict: 'quarantined', reason: verdict.reason, detail: verdict.detail };
}
