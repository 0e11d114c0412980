import { type Failure, toFailure } from '../errors';
import { type DayPreview, previewDay } from '../messages/preview';
import { readTenant } from '../tenants';
import { previewSync, type SyncPreview } from '../youtube/estimate';
import { syncRun } from '../youtube/sync-run';
import { channelsOf } from '../youtube/tenant-channels';
import type { BatchPlatform } from './batch-platform';
import { exportContext } from './export-steps';
import type { BatchRequest } from './request';
import { resolveRun } from './resolve-run';
import { type TenantDay, tenantDays } from './steps';
import { syncContext } from './sync-steps';

export interface TenantPreview extends Partial<DayPreview> {
  readonly tenant: string;
  readonly date?: string;
  /** Of a sync; the other figures are an export's. */
  readonly sync?: SyncPreview;
  readonly failure?: Failure;
}

/**
 * What a run would do, tenant by tenant; changes nothing, and asks nothing of an API with a quota. A tenant that cannot be looked at is
 * named with its failure.
 *
 * @throws what {@link resolveRun} throws
 */
export async function previewRun(platform: BatchPlatform, request: BatchRequest): Promise<TenantPreview[]> {
  const run = await resolveRun(platform, request);
  const previews: TenantPreview[] = run.refused.map((failure) => ({ tenant: failure.tenant ?? '', failure }));
  for (const day of tenantDays(run)) {
    const { tenant, date } = day;
    try {
      const figures =
        request.job === 'export'
          ? await previewDay(exportContext(platform, day, 'plan'))
          : { sync: await previewTenantSync(platform, day) };
      previews.push({ tenant, date, ...figures });
    } catch (error) {
      previews.push({ tenant, date, failure: toFailure(error, { tenant, stage: 'plan' }) });
    }
  }
  return previews;
}

async function previewTenantSync(platform: BatchPlatform, day: TenantDay): Promise<SyncPreview> {
  const { settings, metadata, clock } = platform;
  const tenant = await readTenant(metadata, day.tenant, settings);
  const { run } = syncRun(new Date(clock.now()).toISOString(), day.timeZone);
  return previewSync(syncContext(platform, { ...day, run }, 'plan'), channelsOf(tenant, settings.youtube));
}
