import type { BatchPlatform } from '../../batch/batch-platform';
import type { Failure } from '../../errors';
import type { BackfillRequest } from './backfill-request';
import { type BackfillWork, countWork, daysToRun, findWork } from './backfill-work';
import { type BackfillEstimate, type Engine, estimateBackfill } from './estimate';

/** What a backfill would do, as it is told before it starts. */
export interface BackfillPreview {
  readonly from: string;
  readonly to: string;
  readonly concurrency: number;
  /** Days with something to do. */
  readonly days: number;
  readonly tenants: number;
  readonly tenantDays: { readonly toDo: number; readonly published: number; readonly notBegun: number };
  /** Tenants that cannot be run: as many as are worth reading. */
  readonly refused: readonly Failure[];
  readonly estimate: BackfillEstimate;
}

const MOST_REFUSED = 20;

/**
 * Looks at what a backfill would do, and changes nothing.
 *
 * @throws what {@link findWork} throws
 */
export async function previewBackfill(
  platform: BatchPlatform,
  request: BackfillRequest,
  engine: Engine,
): Promise<{ readonly work: BackfillWork; readonly preview: BackfillPreview }> {
  const work = await findWork(platform, request);
  const { from, to, concurrency } = request;
  const estimate = await estimateBackfill(platform, work, { engine, concurrency });
  const preview = {
    ...{ from, to, concurrency },
    days: daysToRun(work).length,
    tenants: work.tenants.length,
    tenantDays: countWork(work),
    refused: work.refused.slice(0, MOST_REFUSED),
    estimate,
  };
  return { work, preview };
}
