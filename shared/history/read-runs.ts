import { allItems } from '../messages/pages';
import type { MetadataStore } from '../ports/metadata-store';
import { AFTER_ALL, RUN_PARTITION, RUN_PREFIX } from './keys';
import { runSummaryOf } from './run-shape';
import type { RunSummary } from './run-summary';
import type { Unreadable } from './unreadable';

export interface RunHistory extends Unreadable {
  /** Newest first. */
  readonly runs: readonly RunSummary[];
}

/** Begin and end of what is asked for: UTC dates, or ISO instants in UTC with milliseconds. */
export interface RunRange {
  readonly from?: string;
  /** Runs that began on this date, or at this instant, are still meant. */
  readonly to?: string;
}

/**
 * The records of the runs that began within a range; without an end, of all on that side.
 *
 * @throws MetadataError
 */
export async function readRuns(metadata: MetadataStore, { from = '', to = '' }: RunRange = {}): Promise<RunHistory> {
  const sortKeyRange = { from: `${RUN_PREFIX}${from}`, to: `${RUN_PREFIX}${to}${AFTER_ALL}` };
  const runs: RunSummary[] = [];
  const unreadable: string[] = [];
  for await (const item of allItems(metadata, { partition: RUN_PARTITION, sortKeyRange })) {
    const run = runSummaryOf(item);
    if (typeof run === 'string') unreadable.push(run);
    else runs.push(run);
  }
  return { runs: runs.reverse(), unreadable };
}
