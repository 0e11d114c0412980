import { CLOCK_SKEW_MS, placeByBody } from '../../messages/contract';
import { unknownFieldsOf } from '../../messages/kept-fields';
import type { Notices, PartRef } from '../../messages/manifest';
import { parseMessageKey } from '../../messages/message-key';
import { NoticeCounter } from '../../messages/notices';
import type { Proof } from '../../messages/proof';
import type { QuarantineEntry } from '../../messages/quarantine-file';
import { partRowGroups } from '../../parquet/part-rows';
import type { ColumnValue } from '../../parquet/schema';
import type { ObjectStore } from '../../ports/object-store';
import type { NamedRow } from './rewrite-parts';
import { storedPart } from './stored-objects';

/** What is known of the user's messages of a day beside their rows. */
export interface AboutUser {
  /** Rooms that only the audit found. */
  readonly auditedRooms: ReadonlySet<string>;
  /** Keys of messages in whose place a corrected copy stands. */
  readonly repairedKeys: ReadonlySet<string>;
}

/** Counts what is erased of a day, row by row and line by line, so that the day's own account can be lowered by it. */
export class ErasedAccount {
  messages = 0;
  attachments = 0;
  quarantined = 0;
  /** Whether a message had fields that the contract does not know: their names may be the user's own words. */
  drifting = false;
  private clockSkew = 0;
  private late = 0;
  private repaired = 0;
  private readonly reasons = new Map<string, number>();

  constructor(
    private readonly tenant: string,
    private readonly about: AboutUser,
  ) {}

  message(row: NamedRow): void {
    this.messages += 1;
    this.attachments += Number(row.attachment_count);
    if (isSkewed(this.tenant, row)) this.clockSkew += 1;
    if (this.about.auditedRooms.has(String(row.room_id))) this.late += 1;
    if (this.about.repairedKeys.has(String(row.storage_key))) this.repaired += 1;
    if (typeof row.extra === 'string' && unknownFieldsOf(row.extra).length > 0) this.drifting = true;
  }

  line({ reason }: QuarantineEntry): void {
    this.quarantined += 1;
    this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1);
  }

  /**
   * The account of what is left. Nobody knows which of the objects that became no row of their own were the user's, but that a duplicate is one
   * of a message that was exported: where no row is left, none of them is.
   */
  proofWithout(proof: Proof): Proof {
    const exported = proof.exported - this.messages;
    const quarantined = proof.quarantined - this.quarantined;
    const duplicates = exported === 0 ? 0 : proof.duplicates;
    return {
      outside: proof.outside,
      exported,
      quarantined,
      duplicates,
      listed: proof.outside + exported + quarantined + duplicates,
    };
  }

  /**
   * @param left rows that are left
   * @param repairsLeft corrected copies of others
   * @param recounted drift as the rows have it that are left, where {@link drifting} says so
   */
  noticesWithout(notices: Notices, left: number, repairsLeft: number, recounted: Drift | undefined): Notices {
    const quarantine = Object.entries(notices.quarantine).map(
      ([reason, count]) => [reason, count - (this.reasons.get(reason) ?? 0)] as const,
    );
    const repaired = Math.min(Math.max(0, (notices.repaired ?? 0) - this.repaired), repairsLeft);
    const stale = Math.min(notices.staleRepairs ?? 0, repairsLeft - repaired);
    return {
      quarantine: Object.fromEntries(quarantine.filter(([, count]) => count > 0)),
      ...(recounted ?? driftOf(notices)),
      clockSkew: Math.max(0, notices.clockSkew - this.clockSkew),
      // No row tells, but it is never more than these.
      replacedSurrogates: Math.min(notices.replacedSurrogates, left),
      late: Math.max(0, notices.late - this.late),
      ...(repaired > 0 ? { repaired } : {}),
      ...(stale > 0 ? { staleRepairs: stale } : {}),
    };
  }
}

/** The fields that no contract knows, as notices name them. */
export type Drift = Pick<Notices, 'drift' | 'driftFirstSeen' | 'driftUnnamed'>;

/** Counts the fields that the contract does not know over a day's rows. */
export async function recountDrift(analytics: ObjectStore, tenant: string, parts: readonly PartRef[]): Promise<Drift> {
  const counter = new NoticeCounter();
  for (const part of parts) {
    for await (const rows of partRowGroups(storedPart(analytics, part), ['extra', 'storage_key', 'timestamp'])) {
      for (const [extra, key, timestamp] of rows) {
        if (typeof extra !== 'string') continue;
        const noticed = { unknownFields: unknownFieldsOf(extra), placedMs: placeOf(tenant, key, timestamp) };
        counter.exported({ ...noticed, clockSkew: false, replacedSurrogates: false }, false);
      }
    }
  }
  return driftOf(counter.finish());
}

function driftOf({ drift, driftFirstSeen, driftUnnamed }: Notices): Drift {
  return { drift, ...(driftFirstSeen === undefined ? {} : { driftFirstSeen }), driftUnnamed };
}

/** The instant that placed a message in its day, by its row. Epoch ms. */
function placeOf(tenant: string, storageKey: ColumnValue | undefined, timestamp: ColumnValue | undefined): number {
  const key = parseMessageKey(tenant, String(storageKey));
  const timestampMs = Number(timestamp);
  return key === undefined ? timestampMs : (key.timeMs ?? placeByBody(key, timestampMs));
}

function isSkewed(tenant: string, { storage_key: key, timestamp }: NamedRow): boolean {
  return Math.abs(Number(timestamp) - placeOf(tenant, key, timestamp)) > CLOCK_SKEW_MS;
}
