import { z } from 'zod';
import type { BusinessDate } from '../calendar';
import { type Failure, MetadataError } from '../errors';
import { SYNC_PREFIX } from '../history/keys';
import { count, failureFields } from '../history/record-shapes';
import { problemsOf, unreadableRecord } from '../history/unreadable';
import type { MetadataItem } from '../ports/metadata-store';
import type { StoppedReading, SyncOutcome } from './sync-record';

/** A tenant's sync, as its record tells of it. */
export interface SyncRecord {
  /** See sync-run.ts. */
  readonly run: string;
  /** The business date on which the run began. */
  readonly date: BusinessDate;
  readonly status: SyncOutcome['status'];
  /** When it was recorded, as ISO 8601 in UTC. */
  readonly processedAt: string;
  readonly channels: number;
  /** All videos, streams among them. */
  readonly videos: number;
  readonly streams: number;
  readonly removed: number;
  readonly rowsWritten: number;
  readonly quotaUnits: number;
  readonly stopped: readonly (StoppedReading & { readonly channel: string })[];
  readonly failedChannels: readonly { readonly channel: string; readonly failure: Failure }[];
  /** What failed beside single channels. */
  readonly failure?: Failure;
}

const failure = z.object(failureFields);

/** Of what is optional here, records are whole without it: nothing but history asks for it. */
const recordSchema = z.object({
  date: z.iso.date().exactOptional(),
  status: z.enum(['completed', 'failed']),
  processed_at: z.string(),
  channels: count,
  videos: count,
  streams: count.exactOptional(),
  removed: count.exactOptional(),
  rows_written: count,
  quota_units: count,
  stopped: z.array(z.object({ channel: z.string(), listed: count, read: count, resets_at: z.string().optional() })),
  failed_channels: z.array(z.object({ channel: z.string(), failure })).exactOptional(),
  failure: failure.exactOptional(),
});

/**
 * The record that an item is.
 *
 * @param store the metadata store's name, for people
 * @throws MetadataError `metadata_item_invalid` where it cannot be read
 */
export function readSyncRecord(item: MetadataItem, store: string): SyncRecord {
  const { data, error } = recordSchema.safeParse(item);
  if (data === undefined) {
    throw new MetadataError(`In ${store}: ${unreadableRecord(item, problemsOf(error))}`, {
      code: 'metadata_item_invalid',
      kind: 'configuration',
    });
  }
  const run = item.SK.slice(SYNC_PREFIX.length);
  return {
    run,
    date: data.date ?? run.slice(0, 'yyyy-mm-dd'.length),
    status: data.status,
    processedAt: data.processed_at,
    channels: data.channels,
    videos: data.videos,
    streams: data.streams ?? 0,
    removed: data.removed ?? 0,
    rowsWritten: data.rows_written,
    quotaUnits: data.quota_units,
    stopped: data.stopped.map(({ resets_at: resetsAt, ...stopped }) => ({ ...stopped, ...(resetsAt && { resetsAt }) })),
    failedChannels: data.failed_channels ?? [],
    ...(data.failure === undefined ? {} : { failure: data.failure }),
  };
}
