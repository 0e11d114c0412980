import type * as df from 'durable-functions';
import {
  type BackfillProgress,
  type BackfillStatus,
  sumOfProgress,
} from '../shared/operations/backfill/backfill-progress';
import { statusOf } from './start-run';

/** What the custom status of any orchestration tells: of a backfill under way, how far its lanes are. */
export async function progressOf(client: df.DurableClient, customStatus: unknown): Promise<unknown> {
  if (!hasLanes(customStatus)) return customStatus;
  const lanes: (BackfillProgress | undefined)[] = [];
  for (const id of customStatus.lanes) {
    const lane = await statusOf(client, id);
    lanes.push((lane?.customStatus ?? undefined) as BackfillProgress | undefined);
  }
  return { days: customStatus.days, ...sumOfProgress(lanes) };
}

function hasLanes(status: unknown): status is Extract<BackfillStatus, { readonly lanes: readonly string[] }> {
  return typeof status === 'object' && status !== null && 'lanes' in status && Array.isArray(status.lanes);
}
