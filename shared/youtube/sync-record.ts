import { isDeepStrictEqual } from 'node:util';
import type { Failure } from '../errors';
import { batchPartition, SYNC_PREFIX } from '../history/keys';
import type { Clock } from '../ports/clock';
import { storableItem } from '../ports/metadata-item-rules';
import type { MetadataItem, MetadataStore } from '../ports/metadata-store';
import type { ChannelNotices } from './fetched-channel';
import type { LoadedSync } from './load-sync';
import type { PrunedSync } from './prune-sync';
import { readSyncRecord, type SyncRecord } from './read-sync-record';

/** What the sync of one channel came to. */
export interface ChannelOutcome {
  /** As it is named in settings; of a single video's sync, the video's id. */
  readonly name: string;
  readonly channelId?: string;
  /** Videos that were read. */
  readonly videos?: number;
  readonly units?: number;
  readonly notices?: ChannelNotices;
  readonly failure?: Failure;
  readonly stopped?: StoppedReading;
}

/** Where a reading stands that stopped, to be gone on with by the next sync. */
export interface StoppedReading {
  /** Videos that were found in the uploads list so far. */
  readonly listed: number;
  /** Of those, the ones whose details were read. */
  readonly read: number;
  /** From when on there is quota again, as ISO 8601; where it stopped for want of it. */
  readonly resetsAt?: string;
}

/** What a tenant's sync came to. */
export interface SyncOutcome {
  readonly status: 'completed' | 'failed';
  readonly failure?: Failure;
  readonly channels: readonly ChannelOutcome[];
  /** Missing where nothing was loaded. */
  readonly loaded?: LoadedSync;
  /** What was too old to be kept; missing where nothing is deleted. */
  readonly pruned?: PrunedSync;
  readonly quotaUnits: number;
}

/** A sync, as its record names it. */
export interface RecordedSync {
  readonly tenant: string;
  /** See sync-run.ts. */
  readonly run: string;
  /** The business date on which the run began. */
  readonly date: string;
  readonly outcome: SyncOutcome;
}

/**
 * Records a sync in the metadata store. A record that says the same already stays as it is, with its `processed_at`.
 *
 * @throws MetadataError
 */
export async function recordSync(metadata: MetadataStore, clock: Clock, sync: RecordedSync): Promise<void> {
  const item = syncItem(sync, clock.now());
  const there = await metadata.get(item.PK, item.SK);
  if (isDeepStrictEqual({ ...there?.item, processed_at: undefined }, { ...item, processed_at: undefined })) return;
  await metadata.put(item);
}

/** A sync's record as it stands in the metadata store. */
export function syncItem(sync: RecordedSync, nowMs: number): MetadataItem {
  return storableItem({
    PK: batchPartition(sync.tenant),
    SK: `${SYNC_PREFIX}${sync.run}`,
    batch_type: 'youtube_sync',
    date: sync.date,
    ...contentOf(sync.outcome),
    processed_at: new Date(nowMs).toISOString(),
  });
}

function contentOf({ status, failure, channels, loaded, pruned, quotaUnits }: SyncOutcome) {
  return {
    status,
    channels: loaded?.channels ?? 0,
    videos: loaded?.videos ?? 0,
    streams: loaded?.streams ?? 0,
    removed: loaded?.removed ?? 0,
    rows_written: loaded?.rowsWritten ?? 0,
    replaced_characters: loaded?.replacedCharacters ?? 0,
    csv_path: loaded?.csv ?? '',
    quota_units: quotaUnits,
    pruned: pruned && { ...pruned },
    notices: channels.flatMap(noticesOf),
    failed_channels: channels.flatMap((channel) => {
      if (channel.failure === undefined) return [];
      return [{ ...namesOf(channel), failure: channel.failure }];
    }),
    stopped: channels.flatMap((channel) => {
      if (channel.stopped === undefined) return [];
      const { listed, read, resetsAt } = channel.stopped;
      return [{ ...namesOf(channel), listed, read, resets_at: resetsAt }];
    }),
    failure,
  };
}

/** What there is to say of a channel beside its figures; of most there is nothing. */
function noticesOf(channel: ChannelOutcome) {
  if (channel.notices === undefined) return [];
  const { atListLimit, rereads, replacedCharacters, resumed } = channel.notices;
  const said = {
    ...(atListLimit && { at_list_limit: true }),
    ...(rereads > 0 && { rereads }),
    ...(replacedCharacters > 0 && { replaced_characters: replacedCharacters }),
    ...(resumed && { resumed: true }),
  };
  return Object.keys(said).length > 0 ? [{ ...namesOf(channel), ...said }] : [];
}

function namesOf({ name, channelId }: ChannelOutcome) {
  return { channel: name, channel_id: channelId };
}

/**
 * The newest of a tenant's records, undefined where it has none.
 *
 * @throws MetadataError `metadata_item_invalid` where the record cannot be read
 */
export async function lastSync(metadata: MetadataStore, tenant: string): Promise<SyncRecord | undefined> {
  const query = { partition: batchPartition(tenant), sortKeyPrefix: SYNC_PREFIX, attributes: [] };
  let newest: string | undefined;
  let next: string | undefined;
  do {
    const page = await metadata.query(query, next);
    newest = page.items.at(-1)?.SK ?? newest;
    next = page.next;
  } while (next !== undefined);
  if (newest === undefined) return undefined;
  const record = await metadata.get(query.partition, newest);
  return record && readSyncRecord(record.item, metadata.name);
}
