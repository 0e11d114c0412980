import { businessDay } from '../calendar';
import { BatchError, type Failure } from '../errors';
import type { LogDimensions } from '../ports/log';
import type { FetchedChannel } from '../youtube/fetched-channel';
import type { LoadedSync } from '../youtube/load-sync';
import type { BatchPlatform } from './batch-platform';
import type { PublishedDayFigures, RunChoices, SyncStep, TenantDay } from './steps';

// Metrics are recorded where a step has done its work, never by an orchestrator, which replays. A step that is cut off after its work and
// done again counts twice.

type Teller = Pick<BatchPlatform, 'telemetry' | 'clock'>;

/** What a published day came to. It is sealed where it is over: a day that is exported before its end will be exported again. */
export function recordPublished(
  { telemetry, clock }: Teller,
  { tenant, timeZone, date, runId, startedAt }: TenantDay & Pick<RunChoices, 'startedAt'>,
  { exported, quarantined, bytes, revision }: PublishedDayFigures,
): void {
  const dimensions = { tenant, job: 'export', date, run: runId };
  const now = clock.now();
  telemetry.record('messages_exported', exported, dimensions);
  telemetry.record('messages_quarantined', quarantined, dimensions);
  telemetry.record('export_bytes', bytes, dimensions);
  if (revision !== undefined) telemetry.record('messages_late', Math.max(0, revision.exported), dimensions);
  if (startedAt !== undefined) {
    telemetry.record('export_duration_seconds', Math.max(0, now - Date.parse(startedAt)) / 1_000, dimensions);
  }
  if (now >= businessDay(date, timeZone).end) telemetry.record('day_sealed', 1, dimensions);
}

export function recordFailedTenant(
  { telemetry }: Pick<Teller, 'telemetry'>,
  dimensions: LogDimensions,
  { code, kind, stage }: Failure,
): void {
  telemetry.record('tenant_failures', 1, { ...dimensions, stage, error_code: code, error_kind: kind });
}

export function recordLoaded({ telemetry }: Teller, step: SyncStep, { videos }: LoadedSync): void {
  telemetry.record('youtube_videos_upserted', videos, syncDimensions(step));
}

/** Reads, and records the units that it took, also where it stopped on the way. */
export async function countingUnits(
  { telemetry }: Teller,
  step: SyncStep & { readonly channel?: string },
  read: () => Promise<FetchedChannel>,
): Promise<FetchedChannel> {
  const record = (units: number) =>
    telemetry.record('youtube_quota_used', units, { ...syncDimensions(step), channel: step.channel });
  try {
    const fetched = await read();
    record(fetched.units);
    return fetched;
  } catch (error) {
    if (error instanceof BatchError && error.progress !== undefined) record(error.progress.units);
    throw error;
  }
}

function syncDimensions({ tenant, date, runId }: SyncStep): LogDimensions {
  return { tenant, job: 'youtube', date, run: runId };
}
