import { isDeepStrictEqual } from 'node:util';
import type { Failure } from '../errors';
import { storableItem } from '../ports/metadata-item-rules';
import type { MetadataItem, MetadataStore } from '../ports/metadata-store';
import { RUN_PARTITION, RUN_PREFIX } from './keys';
import type { RunSummary } from './run-summary';

/** Half of what DynamoDB takes as one item, as JSON. */
export const MAX_RUN_BYTES = 200 * 1024;

/** A longer message is cut: the tenant's own record and the log have it whole. */
const MAX_MESSAGE_LENGTH = 2_000;

/**
 * Records a run. A record that says the same already stays as it is, with its `ended_at`. Failures that an item has no room for are
 * counted in `failures_left_out`.
 *
 * @throws MetadataError
 */
export async function writeRun(metadata: MetadataStore, summary: RunSummary): Promise<void> {
  const item = storableItem(runItem(summary));
  const there = await metadata.get(item.PK, item.SK);
  if (isDeepStrictEqual({ ...there?.item, ended_at: undefined }, { ...item, ended_at: undefined })) return;
  await metadata.put(item);
}

/** A run as it stands in the metadata store. */
export function runItem(summary: RunSummary): MetadataItem {
  const { failures, failures_left_out: leftOutBefore = 0, ...rest } = summary;
  const keys = { PK: RUN_PARTITION, SK: `${RUN_PREFIX}${summary.started_at}#${summary.run}` };
  const bare = { ...keys, batch_type: 'run_summary', ...rest };
  const kept = fitting(failures, MAX_RUN_BYTES - bytesOf(bare));
  const leftOut = leftOutBefore + failures.length - kept.length;
  return { ...bare, failures: kept, ...(leftOut > 0 ? { failures_left_out: leftOut } : {}) };
}

/** The first failures that have room in so many bytes. */
function fitting(failures: readonly Failure[], maxBytes: number): Failure[] {
  const kept: Failure[] = [];
  // The names around the list, and the count of those left out.
  let bytes = 100;
  for (const failure of failures) {
    const short = { ...failure, message: shortened(failure.message) };
    bytes += bytesOf(short) + 1;
    if (bytes > maxBytes) break;
    kept.push(short);
  }
  return kept;
}

function shortened(message: string): string {
  return message.length > MAX_MESSAGE_LENGTH ? `${message.slice(0, MAX_MESSAGE_LENGTH).toWellFormed()}…` : message;
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
