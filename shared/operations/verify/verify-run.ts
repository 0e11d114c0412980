import type { BatchPlatform } from '../../batch/batch-platform';
import { exportContext } from '../../batch/export-steps';
import type { BatchRequest } from '../../batch/request';
import { resolveRun } from '../../batch/resolve-run';
import { type TenantDay, tenantDays } from '../../batch/steps';
import { type Failure, toFailure } from '../../errors';
import { maskText } from '../../logging/masking';
import { orderedMap } from '../../ordered-map';
import { type DayVerdict, finding, verdict } from './findings';
import { verifyDay } from './verify-day';

/**
 * Verifies the days that an export with the same request would run, by tenant, and gives each verdict when it is there. A day that cannot be
 * looked into has a verdict that says so. Changes nothing.
 *
 * @throws what resolveRun throws
 */
export async function* verifyRun(
  platform: BatchPlatform,
  request: BatchRequest,
  deep: boolean,
): AsyncGenerator<DayVerdict, void, undefined> {
  const run = await resolveRun(platform, request);
  for (const failure of run.refused) yield refused(failure, request.date);
  yield* orderedMap(tenantDays(run), run.tenantsAtOnce, (day) => verifiedDay(platform, day, deep));
}

async function verifiedDay(platform: BatchPlatform, day: TenantDay, deep: boolean): Promise<DayVerdict> {
  const { tenant, date } = day;
  try {
    return await verifyDay(exportContext(platform, day, 'verify'), deep);
  } catch (error) {
    const { code, message } = toFailure(error);
    const what = `The day could not be looked into: ${code}, ${maskText(message)}`;
    const todo = 'Mend what the message names, then verify the day again.';
    return verdict({ tenant, date, deep, findings: [finding('not_verified', what, todo)] });
  }
}

function refused({ tenant = '', code, message }: Failure, date: string): DayVerdict {
  const what = `The tenant is refused: ${code}, ${maskText(message)}`;
  const todo = 'Correct TENANT_ID, the arguments or the registry entry.';
  return verdict({ tenant, date, deep: false, findings: [finding('tenant_refused', what, todo)] });
}
