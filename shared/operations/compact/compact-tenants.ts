import type { BatchPlatform } from '../../batch/batch-platform';
import { exportContext } from '../../batch/export-steps';
import { type Failure, toFailure } from '../../errors';
import { resolveTenants, type Tenant } from '../../tenants';
import { type CompactedMonth, type CompactOptions, compactMonth } from './compact-month';
import type { Month } from './month';

export interface CompactRequest extends Pick<CompactOptions, 'partial'> {
  readonly month: Month;
  /** Without them, those of the settings. */
  readonly tenants?: readonly string[];
}

/** What became of a tenant's month. */
export type TenantMonth =
  | ({ readonly tenant: string; readonly status: 'completed' } & CompactedMonth)
  | { readonly tenant: string; readonly status: 'failed'; readonly month: Month; readonly failure: Failure };

/**
 * Compacts a month of every tenant, one after the other, and gives each result when it is there. A tenant that fails stops no other.
 *
 * @throws what resolveTenants throws
 */
export async function* compactTenants(
  platform: BatchPlatform,
  { month, tenants: asked, partial = false }: CompactRequest,
): AsyncGenerator<TenantMonth, void, undefined> {
  const { settings, metadata, log } = platform;
  const requested = asked ?? settings.tenants;
  const { tenants, refused } = await resolveTenants({ requested, settings, metadata, log });
  for (const failure of refused) yield failed(failure, month);
  for (const tenant of tenants) yield await compactTenant(platform, tenant, month, partial);
}

async function compactTenant(
  platform: BatchPlatform,
  { id: tenant, timeZone }: Tenant,
  month: Month,
  partial: boolean,
): Promise<TenantMonth> {
  const log = platform.log.with({ job: 'compact', tenant, month, stage: 'compact' });
  try {
    const context = { ...exportContext(platform, { tenant, timeZone, date: `${month}-01` }, 'compact'), log };
    return { tenant, status: 'completed', ...(await compactMonth(context, month, { partial })) };
  } catch (error) {
    return failed(toFailure(error, { tenant, stage: 'compact' }), month);
  }
}

function failed(failure: Failure, month: Month): TenantMonth {
  return { tenant: failure.tenant ?? '', status: 'failed', month, failure };
}
