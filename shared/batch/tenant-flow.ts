import { exportTenant } from './export-flow';
import type { Flow } from './flow';
import type { TenantReport } from './report';
import type { TenantRun } from './steps';
import { syncTenant } from './sync-flow';

/**
 * What a run does for one of its tenants, by its job. Never throws for a failed step: the report says what failed, and the failure
 * is recorded.
 *
 * @param now epoch ms, by the engine's clock
 */
export function tenantFlow(run: TenantRun, now: () => number): Flow<TenantReport> {
  switch (run.job ?? 'export') {
    case 'export':
      return exportTenant(run, now);
    case 'youtube':
      return syncTenant(run, now);
  }
}
