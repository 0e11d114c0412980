import { DayInUseError } from '../errors';
import { errorDimensions } from '../logging/error-dimensions';
import type { Clock } from '../ports/clock';
import type { Log } from '../ports/log';
import type { MetadataStore } from '../ports/metadata-store';
import { GIVEN_UP_MS, type Lease, readLease, type StandingLease, writeLease } from './lease-item';

export type { Lease } from './lease-item';

/** The code of the failure of whoever was refused, or lost the day. */
export const DAY_IN_USE = DayInUseError.code;

/** How long a lease lasts that nobody renews: of a process that died, nothing stands in the way for longer. */
export const LEASE_MS = 120_000;

/** Three renewals can fail before the lease is over. */
export const RENEWAL_MS = 30_000;

/** Each try loses only to one that wins, and whoever wins is either the same run, whose win is ours, or another one, which ends it. */
const MAX_TRIES = 20;

export interface LeaseContext {
  readonly metadata: MetadataStore;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Does work while holding the lease of a tenant's day: claims it, or joins in where the same owner holds it already, and renews it until
 * the work is over. It is left standing then, for the run's next step: {@link releaseDay} ends it.
 *
 * Work that is under way is not stopped when its lease is lost (a machine that slept, a store that did not answer for minutes); its
 * result is refused in the end. What it has published meanwhile was guarded by the manifest's own ETag.
 *
 * @throws DayInUseError where another owner holds the day, or took it over while the work was under way
 * @throws MetadataError where it cannot be claimed; whatever `work` throws
 */
export async function withDayLease<T>(context: LeaseContext, lease: Lease, work: () => Promise<T>): Promise<T> {
  const claimedUntilMs = await claim(context, lease);
  const over = new AbortController();
  const renewals = keepRenewing(context, lease, claimedUntilMs, over.signal);
  let result: T;
  try {
    result = await work();
  } finally {
    over.abort();
    await renewals;
  }
  const heldUntilMs = await renewals;
  if (heldUntilMs instanceof DayInUseError) throw heldUntilMs;
  // Renewals came too late, or failed: only now is it known whether somebody took the day meanwhile.
  if (heldUntilMs <= context.clock.now()) await renew(context, lease);
  return result;
}

/** Ends the owner's lease at once. Does nothing where another owner holds the day, or nobody does. @throws MetadataError */
export async function releaseDay({ metadata }: Pick<LeaseContext, 'metadata'>, lease: Lease): Promise<void> {
  for (let tries = 1; tries <= MAX_TRIES; tries++) {
    const standing = await readLease(metadata, lease);
    if (standing?.owner !== lease.owner || standing.endsMs === GIVEN_UP_MS) return;
    if (await writeLease(metadata, lease, GIVEN_UP_MS, standing)) return;
  }
  throw contended(lease);
}

/** @returns when the lease ends, in epoch ms */
async function claim(context: LeaseContext, lease: Lease): Promise<number> {
  return hold(context, lease, (standing) => standing.owner !== lease.owner && standing.endsMs > context.clock.now());
}

/** As {@link claim}, but a lease that was another's for a moment is lost, and one that was given up is not taken up again. */
async function renew(context: LeaseContext, lease: Lease): Promise<number> {
  return hold(context, lease, (standing) => standing.owner !== lease.owner || standing.endsMs === GIVEN_UP_MS);
}

/** Renews until the work is over. Never rejects. @returns when the lease ends, in epoch ms, or that it is lost */
async function keepRenewing(
  context: LeaseContext,
  lease: Lease,
  claimedUntilMs: number,
  over: AbortSignal,
): Promise<number | DayInUseError> {
  let endsMs = claimedUntilMs;
  for (;;) {
    await context.clock.sleep(RENEWAL_MS, over);
    if (over.aborted) return endsMs;
    const renewed = await tryToRenew(context, lease);
    if (renewed instanceof DayInUseError) return renewed;
    endsMs = renewed ?? endsMs;
  }
}

/** @returns when the lease ends now, or that it is lost; undefined where neither is known */
async function tryToRenew(context: LeaseContext, lease: Lease): Promise<number | DayInUseError | undefined> {
  try {
    return await renew(context, lease);
  } catch (error) {
    const isLost = error instanceof DayInUseError;
    const message = isLost
      ? "The lease of the day is lost. The work under way goes on, but its result won't count."
      : 'The lease of the day could not be renewed. It is tried again.';
    context.log.warn(message, { tenant: lease.tenant, date: lease.date, ...errorDimensions(error) });
    return isLost ? error : undefined;
  }
}

async function hold(
  { metadata, clock }: LeaseContext,
  lease: Lease,
  isOfAnother: (standing: StandingLease) => boolean,
): Promise<number> {
  for (let tries = 1; tries <= MAX_TRIES; tries++) {
    const standing = await readLease(metadata, lease);
    if (standing !== undefined && isOfAnother(standing)) throw inUse(lease, standing);
    const now = clock.now();
    // Another step of the same run has just renewed it.
    if (standing?.owner === lease.owner && standing.endsMs - now >= LEASE_MS - RENEWAL_MS / 2) return standing.endsMs;
    if (await writeLease(metadata, lease, now + LEASE_MS, standing)) return now + LEASE_MS;
  }
  throw contended(lease);
}

function inUse({ tenant, date, owner }: Lease, standing: StandingLease): DayInUseError {
  const day = `The day ${date} of the tenant ${tenant}`;
  if (standing.owner === owner) return new DayInUseError(`${day} was given up by this run (${owner}) itself.`);
  const until = new Date(standing.endsMs).toISOString();
  const when =
    standing.endsMs === GIVEN_UP_MS ? 'which has ended by now' : `until ${until}, or longer if it is at work then`;
  return new DayInUseError(`${day} is in use by another run (${standing.owner}), ${when}. Run it again after that.`);
}

function contended({ tenant, date }: Lease): DayInUseError {
  return new DayInUseError(
    `The lease of the day ${date} of the tenant ${tenant} was changed by others each of ${MAX_TRIES} times that it was to be written.`,
  );
}
