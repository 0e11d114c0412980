import { releaseDay, withDayLease } from '../messages/day-lease';
import type { BatchPlatform } from './batch-platform';
import type { TenantDay, Timed } from './steps';

type LeasePlatform = Pick<BatchPlatform, 'metadata' | 'clock' | 'log'>;

/**
 * Does a step of a tenant's day while its run holds the day's lease, and tells when it was at work. A run of an earlier version holds none:
 * there the manifest's version alone keeps two runs of a day apart, as it still does at the moment of publication.
 *
 * @throws BatchError `day_in_use` where another run has the day at work
 */
export async function leased<Output extends object>(
  platform: LeasePlatform,
  { tenant, date, lease: owner }: TenantDay,
  work: () => Promise<Output>,
): Promise<Output & Timed> {
  const begunMs = platform.clock.now();
  const output = owner === undefined ? await work() : await withDayLease(platform, { tenant, date, owner }, work);
  return { ...output, took: { begunMs, endedMs: platform.clock.now() } };
}

/** Ends the run's lease of the day, where it holds one. */
export async function released(platform: LeasePlatform, { tenant, date, lease: owner }: TenantDay): Promise<void> {
  if (owner !== undefined) await releaseDay(platform, { tenant, date, owner });
}
