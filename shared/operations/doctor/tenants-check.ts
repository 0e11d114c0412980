import type { BatchPlatform } from '../../batch/batch-platform';
import type { Settings } from '../../settings';
import { type ResolvedTenants, resolveTenants, type Tenant } from '../../tenants';
import { adviceFor, type Check, failed, fine, problem } from './check';

/** The tenants that a scheduled run would have, and what was found of them. */
export interface ExaminedTenants {
  readonly checks: readonly Check[];
  readonly tenants: readonly Tenant[];
}

/**
 * Resolves the tenants of the settings. Where the registry cannot be read, those that the settings list are taken as they are, so that what is
 * theirs can be examined all the same.
 */
export async function examineTenants({ settings, metadata, log }: BatchPlatform): Promise<ExaminedTenants> {
  let resolved: ResolvedTenants;
  try {
    resolved = await resolveTenants({ requested: 'settings', settings, metadata, log });
  } catch (error) {
    return { checks: [failed('tenants', 'Reading the registry', error)], tenants: listed(settings) };
  }
  const { tenants, refused } = resolved;
  const checks = refused.map((failure) =>
    problem('tenants', `${failure.code}: ${failure.message}`, adviceFor(failure), failure.tenant),
  );
  if (tenants.length === 0 && checks.length === 0)
    return { checks: [problem('tenants', 'No tenant is enabled.', 'Enable one in the registry.')], tenants };
  const zones = [...new Set(tenants.map(({ timeZone }) => timeZone))].join(', ');
  const count = `${tenants.length} ${tenants.length === 1 ? 'tenant' : 'tenants'}`;
  const found = tenants.length === 0 ? [] : [fine('tenants', `${count} can be run; their days are those of ${zones}.`)];
  return { checks: [...found, ...checks], tenants };
}

function listed({ tenants, businessTimeZone }: Settings): Tenant[] {
  return tenants === '*' ? [] : tenants.map((id) => ({ id, timeZone: businessTimeZone }));
}
