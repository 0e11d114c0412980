import { type Failure, toFailure } from '../errors';
import { type DayPreview, previewDay } from '../messages/preview';
import type { BatchPlatform } from './batch-platform';
import type { BatchRequest } from './request';
import { resolveRun } from './resolve-run';
import { exportContext } from './step-handlers';
import { tenantDays } from './steps';

export interface TenantPreview extends Partial<DayPreview> {
  readonly tenant: string;
  readonly date?: string;
  readonly failure?: Failure;
}

/**
 * What a run would do, tenant by tenant; changes nothing. A tenant that cannot be looked at is named with its failure.
 *
 * @throws what {@link resolveRun} throws
 */
export async function previewRun(platform: BatchPlatform, request: BatchRequest): Promise<TenantPreview[]> {
  const run = await resolveRun(platform, request);
  const previews: TenantPreview[] = run.refused.map((failure) => ({ tenant: failure.tenant ?? '', failure }));
  for (const { tenant, timeZone, date } of tenantDays(run)) {
    try {
      const context = exportContext(platform, { tenant, timeZone, date }, 'plan');
      previews.push({ tenant, date, ...(await previewDay(context)) });
    } catch (error) {
      previews.push({ tenant, date, failure: toFailure(error, { tenant, stage: 'plan' }) });
    }
  }
  return previews;
}
