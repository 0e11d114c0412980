import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { type Failure, MetadataError } from '../errors';
import type { Clock } from '../ports/clock';
import { storableItem } from '../ports/metadata-item-rules';
import type { MetadataItem, MetadataStore } from '../ports/metadata-store';
import type { ChannelNotices } from './fetched-channel';
import type { LoadedSync } from './load-sync';

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

const PARTITION = (tenant: string) => `TENANT#${tenant}#BATCH`;
const SORT_KEY_PREFIX = 'YOUTUBE#';

/**
 * Records a sync in the metadata store. A record that says the same already stays as it is, with its `processed_at`.
 *
 * @throws MetadataError
 */
export async function recordSync(metadata: MetadataStore, clock: Clock, sync: RecordedSync): Promise<void> {
  const content = storableItem({
    PK: PARTITION(sync.tenant),
    SK: `${SORT_KEY_PREFIX}${sync.run}`,
    batch_type: 'youtube_sync',
    date: sync.date,
    ...contentOf(sync.outcome),
  });
  const there = await metadata.get(content.PK, content.SK);
  if (isDeepStrictEqual({ ...there?.item, processed_at: undefined }, { ...content, processed_at: undefined })) return;
  await metadata.put({ ...content, processed_at: new Date(clock.now()).toISOString() });
}

function contentOf({ status, failure, channels, loaded, quotaUnits }: SyncOutcome) {
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

/** What a tenant's newest record says. */
export interface LastSync {
  readonly run: string;
  readonly status: SyncOutcome['status'];
  /** When it was recorded, as ISO 8601 in UTC. */
  readonly processedAt: string;
  readonly channels: number;
  readonly videos: number;
  readonly rowsWritten: number;
  readonly quotaUnits: number;
  readonly stopped: readonly (StoppedReading & { readonly channel: string })[];
}

/**
 * The newest of a tenant's records, undefined where it has none.
 *
 * @throws MetadataError `metadata_item_invalid` where the record cannot be read
 */
export async function lastSync(metadata: MetadataStore, tenant: string): Promise<LastSync | undefined> {
  const query = { partition: PARTITION(tenant), sortKeyPrefix: SORT_KEY_PREFIX, attributes: [] };
  let newest: string | undefined;
  let next: string | undefined;
  do {
    const page = await metadata.query(query, next);
    newest = page.items.at(-1)?.SK ?? newest;
    next = page.next;
  } while (next !== undefined);
  if (newest === undefined) return undefined;
  const record = await metadata.get(query.partition, newest);
  return record && lastSyncOf(record.item, metadata.name);
}

const count = z.int().min(0);
const recordSchema = z.object({
  status: z.enum(['completed', 'failed']),
  processed_at: z.string(),
  channels: count,
  videos: count,
  rows_written: count,
  quota_units: count,
  stopped: z.array(z.object({ channel: z.string(), listed: count, read: count, resets_at: z.string().optional() })),
});

function lastSyncOf(item: MetadataItem, store: string): LastSync {
  const { data, error } = recordSchema.safeParse(item);
  if (data === undefined) {
    const problems = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
    throw new MetadataError(
      `The run record ${item.PK} / ${item.SK} in ${store} cannot be read: ${problems}. Correct or remove it.`,
      { code: 'metadata_item_invalid', kind: 'configuration' },
    );
  }
  return {
    run: item.SK.slice(SORT_KEY_PREFIX.length),
    status: data.status,
    processedAt: data.processed_at,
    channels: data.channels,
    videos: data.videos,
    rowsWritten: data.rows_written,
    quotaUnits: data.quota_units,
    stopped: data.stopped.map(({ resets_at: resetsAt, ...stopped }) => ({ ...stopped, ...(resetsAt && { resetsAt }) })),
  };
}
