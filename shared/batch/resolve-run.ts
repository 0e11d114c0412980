import { businessDateAt, businessDay, parseBusinessDate, targetDate } from '../calendar';
import { type Failure, InputError } from '../errors';
import { resolveTenants } from '../tenants';
import type { BatchPlatform } from './batch-platform';
import type { TenantReport } from './report';
import type { BatchRequest } from './request';
import type { ResolvedRun } from './steps';

/**
 * Which tenants a run is for, and which date is each one's. A scheduled run means "yesterday" by every tenant's own zone: at 02:00 in
 * Tokyo it is still the day before in New York, and that day is not over yet.
 *
 * @throws InputError where the date has not begun anywhere yet. @throws TenantError, MetadataError
 */
export async function resolveRun(platform: BatchPlatform, request: BatchRequest): Promise<ResolvedRun> {
  const { settings, metadata, clock, log } = platform;
  const date = parseBusinessDate(request.date);
  const requested = request.tenants ?? settings.tenants;
  const { tenants, refused } = await resolveTenants({ requested, settings, metadata, log });
  const scheduledMs = request.scheduledAt === undefined ? undefined : Date.parse(request.scheduledAt);
  const days = tenants.map(({ id, timeZone }) => ({
    tenant: id,
    timeZone,
    date: scheduledMs === undefined ? date : targetDate(scheduledMs, timeZone, settings.targetDateOffset),
  }));
  for (const day of days) {
    const { start, end } = businessDay(day.date, day.timeZone);
    if (clock.now() < start) {
      const today = businessDateAt(clock.now(), day.timeZone);
      throw new InputError({
        date: `expected a day that has begun, got ${day.date}: it is ${today} in ${day.timeZone}`,
      });
    }
    if (clock.now() < end) {
      log.warn('The day is not over yet: messages that are still to come will be missing until it is run again.', {
        tenant: day.tenant,
        date: day.date,
      });
    }
  }
  return { tenants: days, refused, tenantsAtOnce: settings.tenantConcurrency };
}

/** Refused tenants as reports: a tenant that cannot be run is one that failed. */
export function refusedTenants(refused: readonly Failure[]): TenantReport[] {
  return refused.map((failure) => ({ tenant: failure.tenant ?? '', status: 'failed', failure, seconds: 0 }));
}

/** The request of a scheduled run: its date is the business zone's, for the run's name. */
export function scheduledRequest({ settings, clock }: Pick<BatchPlatform, 'settings' | 'clock'>): BatchRequest {
  const now = clock.now();
  return {
    job: 'export',
    date: targetDate(now, settings.businessTimeZone, settings.targetDateOffset),
    scheduledAt: new Date(now).toISOString(),
    force: false,
  };
}
