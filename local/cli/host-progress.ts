import { ATTEMPT, TENANT_BATCH } from '../../functions/names';
import type { TenantReport } from '../../shared/batch/report';
import type { StepCall, StepResult } from '../../shared/batch/steps';
import type { LocalHost } from '../host/host';
import type { RunProgress } from './run-progress';

/**
 * Passes on what happens in a local host as the steps and tenants of a run: they are orchestrations of their own there, and what
 * they were given and gave back is in their status.
 *
 * @returns what ends it
 */
export function followHost(host: Pick<LocalHost, 'onProgress' | 'status'>, progress: RunProgress): () => void {
  return host.onProgress((event) => {
    if (event.kind !== 'instance-completed' || event.status !== 'Completed') return;
    const instance = host.status(event.instanceId);
    if (instance === undefined) return;
    if (event.name === ATTEMPT) progress.onStep(instance.input as StepCall, instance.output as StepResult);
    if (event.name === TENANT_BATCH) progress.onTenant(instance.output as TenantReport);
  });
}
