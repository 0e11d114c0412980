import { businessDateAt, businessDay, parseBusinessDate, targetDate } from '../calendar';
import { type Failure, InputError, TenantError } from '../errors';
import { resolveTenants, type Tenant } from '../tenants';
import { hasChannels } from '../youtube/tenant-channels';
import type { BatchPlatform } from './batch-platform';
import type { TenantReport } from './report';
import { type BatchRequest, instanceId } from './request';
import type { ResolvedDay, ResolvedRun, TenantDay } from './steps';

/**
 * Which tenants a run is for, and which date is each one's. A scheduled export means "yesterday" by every tenant's own zone: at 02:00
 * in Tokyo it is still the day before in New York, and that day is not over yet. A sync's date is the day on which it begins.
 *
 * A tenant whose date has not begun yet is refused by name; one without a YouTube channel has nothing to sync and is left out.
 *
 * @throws InputError where the date has begun for no tenant, or where one video is asked of several tenants
 * @throws TenantError `no_channels` where no tenant has one, and others. @throws MetadataError
 */
export async function resolveRun(platform: BatchPlatform, request: BatchRequest): Promise<ResolvedRun> {
  const { settings, metadata, log } = platform;
  const requested = request.tenants ?? settings.tenants;
  const { tenants, refused } = await resolveTenants({ requested, settings, metadata, log });
  return request.job === 'export'
    ? resolveExport(platform, request, tenants, refused)
    : resolveSync(platform, request, tenants, refused);
}

function resolveExport(
  { settings, clock, log, random }: BatchPlatform,
  request: BatchRequest,
  tenants: readonly Tenant[],
  refused: readonly Failure[],
): ResolvedRun {
  const date = parseBusinessDate(request.date);
  const { catchUpDays, lateWindowDays } = settings;
  const startedAt = new Date(clock.now()).toISOString();
  const scheduledMs = request.scheduledAt === undefined ? undefined : Date.parse(request.scheduledAt);
  const wanted = tenants.map(({ id, timeZone }) => ({
    tenant: id,
    timeZone,
    date: scheduledMs === undefined ? date : targetDate(scheduledMs, timeZone, settings.targetDateOffset),
  }));
  const early = wanted.filter((day) => clock.now() < businessDay(day.date, day.timeZone).start);
  const [first] = early;
  if (first !== undefined && early.length === wanted.length)
    throw new InputError({ date: notBegun(first, clock.now()) });
  const begun = wanted.filter((day) => !early.includes(day));
  for (const { tenant, timeZone, date: open } of begun) {
    if (clock.now() >= businessDay(open, timeZone).end) continue;
    const sentence = 'The day is not over yet: messages that are still to come will be missing until it is run again.';
    log.warn(sentence, { tenant, date: open });
  }
  return {
    days: grouped(begun),
    refused: [...refused, ...early.map((day) => tooEarly(day, clock.now()))],
    tenantsAtOnce: settings.tenantConcurrency,
    startedAt,
    lease: `${instanceId(request)}/${startedAt}/${random().toString(36).slice(2, 10)}`,
    ...(scheduledMs === undefined ? {} : { lookBack: { catchUpDays, lateWindowDays } }),
    recorded: true,
  };
}

function resolveSync(
  { settings, clock, log }: BatchPlatform,
  request: BatchRequest,
  tenants: readonly Tenant[],
  refused: readonly Failure[],
): ResolvedRun {
  const nowMs = clock.now();
  const [first, ...others] = tenants;
  if (request.video !== undefined && first !== undefined && others.length > 0) {
    throw new InputError({ tenants: `expected the one tenant that the video ${request.video} is of` });
  }
  const synced = tenants.filter((tenant) => hasChannels(tenant, settings.youtube));
  for (const { id } of tenants.filter((tenant) => !synced.includes(tenant)))
    log.info('The tenant has no YouTube channel and is left out.', { tenant: id, job: 'youtube', stage: 'resolve' });
  const days = synced.map(({ id, timeZone }) => ({ tenant: id, timeZone, date: businessDateAt(nowMs, timeZone) }));
  if (synced.length === 0 && refused.length === 0) throw noChannels();
  return {
    days: grouped(days),
    refused,
    tenantsAtOnce: settings.youtube.tenantConcurrency,
    startedAt: new Date(nowMs).toISOString(),
    // A single video's sync reads nothing else again.
    ...(settings.youtube.retentionDays > 0 && request.video === undefined
      ? { retentionDays: settings.youtube.retentionDays }
      : {}),
    recorded: true,
  };
}

function noChannels(): TenantError {
  const message =
    'There is no channel to sync: set YOUTUBE_CHANNEL_IDS, or youtube_channel_ids in the registry entry of a tenant.';
  return new TenantError(message, { code: 'no_channels', kind: 'configuration' });
}

function notBegun({ date, timeZone }: TenantDay, nowMs: number): string {
  return `expected a day that has begun, got ${date}: it is ${businessDateAt(nowMs, timeZone)} in ${timeZone}`;
}

function tooEarly(day: TenantDay, nowMs: number): Failure {
  const message = `The day cannot be exported: ${notBegun(day, nowMs)}.`;
  return { kind: 'permanent', code: 'day_not_begun', message, tenant: day.tenant, stage: 'resolve' };
}

function grouped(days: readonly TenantDay[]): ResolvedDay[] {
  const groups = new Map<string, { timeZone: string; date: string; tenants: string[] }>();
  for (const { tenant, timeZone, date } of days) {
    const group = groups.get(`${timeZone} ${date}`) ?? { timeZone, date, tenants: [] };
    group.tenants.push(tenant);
    groups.set(`${timeZone} ${date}`, group);
  }
  return [...groups.values()];
}

/** Refused tenants as reports: a tenant that cannot be run is one that failed. */
export function refusedTenants(refused: readonly Failure[]): TenantReport[] {
  return refused.map((failure) => ({ tenant: failure.tenant ?? '', status: 'failed', failure, seconds: 0 }));
}
