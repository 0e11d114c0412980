import { batchPartition } from '../../history/keys';
import { erasureSortKey } from '../../messages/erased-users';
import type { Clock } from '../../ports/clock';
import type { MetadataItem, MetadataStore } from '../../ports/metadata-store';

/** What was erased so far, over all tries: business days that were rewritten, rows of `messages`, and lines of quarantine files. */
export interface ErasedFigures {
  readonly days: number;
  readonly rows: number;
  readonly quarantined: number;
}

/** The erasure of a user as its record tells it: without a word of whom. */
export interface ErasureRecord extends ErasedFigures {
  readonly status: 'started' | 'completed';
  readonly startedAt: string;
  readonly erasedAt?: string;
}

export interface RecordContext {
  readonly metadata: MetadataStore;
  readonly clock: Clock;
}

/**
 * Records that a user is being erased: from now on no run takes them into a day. What earlier erasures of the same user came to is counted on.
 *
 * @throws MetadataError
 */
export async function beginErasure(
  { metadata, clock }: RecordContext,
  tenant: string,
  user: string,
): Promise<ErasureRecord> {
  const there = (await metadata.get(batchPartition(tenant), erasureSortKey(tenant, user)))?.item;
  const count = (name: string) => (typeof there?.[name] === 'number' ? there[name] : 0);
  const record: ErasureRecord = {
    status: 'started',
    startedAt: new Date(clock.now()).toISOString(),
    days: count('days'),
    rows: count('rows'),
    quarantined: count('quarantined'),
  };
  await writeRecord(metadata, tenant, user, record);
  return record;
}

/** Adds to what was erased. @throws MetadataError */
export async function recordErased(
  { metadata }: RecordContext,
  tenant: string,
  user: string,
  record: ErasureRecord,
  more: Omit<ErasedFigures, 'days'>,
): Promise<ErasureRecord> {
  const sum = {
    ...record,
    days: record.days + 1,
    rows: record.rows + more.rows,
    quarantined: record.quarantined + more.quarantined,
  };
  await writeRecord(metadata, tenant, user, sum);
  return sum;
}

/** Records that nothing of the user is left. @throws MetadataError */
export async function completeErasure(
  { metadata, clock }: RecordContext,
  tenant: string,
  user: string,
  record: ErasureRecord,
): Promise<void> {
  const erasedAt = new Date(clock.now()).toISOString();
  await writeRecord(metadata, tenant, user, { ...record, status: 'completed', erasedAt });
}

async function writeRecord(
  metadata: MetadataStore,
  tenant: string,
  user: string,
  { status, startedAt, erasedAt, days, rows, quarantined }: ErasureRecord,
): Promise<void> {
  const item: MetadataItem = {
    PK: batchPartition(tenant),
    SK: erasureSortKey(tenant, user),
    batch_type: 'erasure',
    status,
    started_at: startedAt,
    ...(erasedAt === undefined ? {} : { erased_at: erasedAt }),
    days,
    rows,
    quarantined,
  };
  await metadata.put(item);
}
