import { createHash } from 'node:crypto';
import type { BatchPlatform } from '../../batch/batch-platform';
import { exportContext } from '../../batch/export-steps';
import { businessDateAt } from '../../calendar';
import type { DayRecord } from '../../history/day-record';
import { readDays } from '../../history/read-days';
import { judgeMessage } from '../../messages/contract';
import type { ExportContext } from '../../messages/export-context';
import { type Manifest, manifestText } from '../../messages/manifest';
import { parseMessageKey } from '../../messages/message-key';
import { readPublishedDay } from '../../messages/published-day';
import type { QuarantineEntry } from '../../messages/quarantine-file';
import { readPlannedRepair, repairsOfDay, ShardRepairs } from '../../messages/repairs';
import { orderedMap } from '../../ordered-map';
import type { DateSpan } from './list-quarantine';
import { quarantineLines } from './quarantine-lines';
import { currentMessage } from './read-message';

/** Quarantined messages that are read side by side. */
const READS_AT_ONCE = 16;

/** What running a day again would make of its quarantined messages, found out by reading them alone. */
export interface JudgedDay {
  readonly date: string;
  readonly quarantined: number;
  /** Those that would come in: today's contract takes them, or a corrected copy of them. */
  readonly valid: number;
  /** Other days that today's contract puts messages into. */
  readonly moved: readonly string[];
  /** Those whose object is gone. */
  readonly gone: number;
  /** Whether a message comes in although nothing about it has changed: only a run that reads everything again notices. */
  readonly force: boolean;
  /** Whether the day's record is not of what is published: a run that was cut off has to be completed. */
  readonly cutOff: boolean;
}

export interface JudgedDays {
  /** Those with messages in quarantine, in order. */
  readonly days: readonly JudgedDay[];
  /** What is wrong with run records that cannot be read: their days are not looked at. */
  readonly unreadable: readonly string[];
}

/**
 * Judges the messages that a tenant's days have in quarantine once more, by today's contract; changes nothing.
 *
 * @throws StorageError, MetadataError, BatchError `repair_unreadable`
 */
export async function judgeDays(
  platform: BatchPlatform,
  { tenant, timeZone }: { readonly tenant: string; readonly timeZone: string },
  span: DateSpan,
): Promise<JudgedDays> {
  const { days, unreadable } = await readDays(platform.metadata, tenant, span);
  const judged: JudgedDay[] = [];
  for (const record of days) {
    if ((record.proof?.quarantined ?? 0) === 0) continue;
    const context = exportContext(platform, { tenant, timeZone, date: record.date }, 'quarantine');
    judged.push(await judgeDay(context, record));
  }
  return { days: judged, unreadable };
}

/**
 * The days that have to be run: those that messages move to, then those of messages that come in or go, and those that were cut off. In this
 * order nothing is lost on the way: a day that messages move to has no sign of its own that says so, once they are gone from where they were.
 */
export function daysToRun(judged: readonly JudgedDay[]): { readonly date: string; readonly force: boolean }[] {
  const own = judged.filter(({ valid, moved, cutOff }) => valid + moved.length > 0 || cutOff);
  const forced = new Set(own.filter(({ force }) => force).flatMap(({ date, moved }) => [date, ...moved]));
  const dates = new Set(own.map(({ date }) => date));
  const targets = new Set(own.flatMap(({ moved }) => moved).filter((date) => !dates.has(date)));
  return [...[...targets].sort(), ...[...dates].sort()].map((date) => ({ date, force: forced.has(date) }));
}

type Fate =
  | { readonly becomes: 'gone' | 'quarantined' }
  | { readonly becomes: 'other'; readonly date: string; readonly anew: boolean };

async function judgeDay(context: ExportContext, record: DayRecord): Promise<JudgedDay> {
  const { analytics, tenant, day } = context;
  const published = await readPublishedDay(analytics, tenant, day.date);
  const lines = quarantineLines(analytics, published?.manifest ?? { quarantine: [] });
  const repairs = new ShardRepairs(await repairsOfDay(context, published));
  const counts = { quarantined: 0, valid: 0, gone: 0 };
  const moved = new Set<string>();
  let force = false;
  for await (const fate of orderedMap(lines, READS_AT_ONCE, (line) => fateOf(context, line, repairs))) {
    counts.quarantined += 1;
    if (fate.becomes === 'gone') counts.gone += 1;
    if (fate.becomes !== 'other') continue;
    force ||= !fate.anew;
    if (fate.date === day.date) counts.valid += 1;
    else moved.add(fate.date);
  }
  const cutOff = published !== undefined && !isOf(record, published.manifest);
  return { date: day.date, ...counts, moved: [...moved].sort(), force, cutOff };
}

/** Whether a record is of a manifest; one of an earlier version does not say. */
function isOf({ manifest_sha256: recorded }: DayRecord, manifest: Manifest): boolean {
  return recorded === undefined || recorded === createHash('sha256').update(manifestText(manifest)).digest('hex');
}

async function fateOf(context: ExportContext, line: QuarantineEntry, repairs: ShardRepairs): Promise<Fate> {
  const { tenant, day, data } = context;
  const key = parseMessageKey(tenant, line.key);
  const current = key === undefined ? undefined : await currentMessage(data, key);
  if (key === undefined || current === undefined) return { becomes: 'gone' };
  const repair = repairs.of({ key, etag: current.etag });
  const verdict = repair === undefined ? current.verdict : judgeMessage(key, await readPlannedRepair(context, repair));
  const date = businessDateAt(verdict.placedMs, day.zone);
  if (verdict.kind === 'quarantined' && date === day.date) return { becomes: 'quarantined' };
  return { becomes: 'other', date, anew: repair !== undefined || current.etag !== line.etag };
}
