import { z } from 'zod';
import { MetadataError } from '../errors';
import { batchPartition, LEASE_PREFIX } from '../history/keys';
import type { MetadataItem, MetadataStore } from '../ports/metadata-store';

/** The right to write a tenant's day. */
export interface Lease {
  readonly tenant: string;
  /** The business date. */
  readonly date: string;
  /** The run that holds it, and no other one: all of its steps share it. */
  readonly owner: string;
}

/** A lease as it stands in the metadata store. One whose end has come is nobody's. */
export interface StandingLease {
  readonly owner: string;
  readonly endsMs: number;
  readonly version: string;
}

/** The end of a lease that was given up: over by every machine's clock, however wrong. */
export const GIVEN_UP_MS = 0;

/** The item `TENANT#{tenant}#BATCH / LEASE#{date}`. */
const sortKey = (date: string) => `${LEASE_PREFIX}${date}`;

const leaseSchema = z.object({ owner: z.string().min(1), expires_at: z.iso.datetime() });

/**
 * What stands of a day's lease, undefined where the day never had one.
 *
 * @throws MetadataError `metadata_item_invalid` where the item is no lease
 */
export async function readLease(
  metadata: MetadataStore,
  { tenant, date }: Pick<Lease, 'tenant' | 'date'>,
): Promise<StandingLease | undefined> {
  const found = await metadata.get(batchPartition(tenant), sortKey(date));
  if (found === undefined) return undefined;
  const { data, error } = leaseSchema.safeParse(found.item);
  if (data !== undefined) {
    return { owner: data.owner, endsMs: Date.parse(data.expires_at), version: found.version };
  }
  const problems = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  throw new MetadataError(
    `The lease ${found.item.PK} / ${found.item.SK} in ${metadata.name} cannot be read: ${problems}. Remove it once no run is at work.`,
    { code: 'metadata_item_invalid', kind: 'configuration' },
  );
}

/** Writes a lease over the one that stands. @returns whether that was still the one there */
export async function writeLease(
  metadata: MetadataStore,
  lease: Lease,
  endsMs: number,
  standing: StandingLease | undefined,
): Promise<boolean> {
  const item: MetadataItem = {
    PK: batchPartition(lease.tenant),
    SK: sortKey(lease.date),
    batch_type: 'day_lease',
    owner: lease.owner,
    expires_at: new Date(endsMs).toISOString(),
  };
  try {
    await metadata.put(item, standing === undefined ? 'absent' : { version: standing.version });
    return true;
  } catch (error) {
    if (error instanceof MetadataError && error.code === 'metadata_precondition_failed') return false;
    throw error;
  }
}
