import { createHash } from 'node:crypto';
import type { Failure } from '../errors';
import type { RecordedStage } from '../history/day-record';
import { batchPartition, DAY_PREFIX } from '../history/keys';
import type { MetadataItem, MetadataStore } from '../ports/metadata-store';
import type { RoomCounts } from './day-plan';
import type { DayResults } from './day-results';
import type { ExportContext } from './export-context';
import { datasetFigures, type Manifest, manifestText } from './manifest';
import { datasetFolder, manifestKey } from './output-paths';

/** A tenant's record of one day, in the metadata store: what operators and the chat product's own pages read. */
const sortKey = (date: string) => `${DAY_PREFIX}${date}`;

/** What a day has more, or fewer, than when it was published before. */
export interface Revision {
  readonly exported: number;
  readonly duplicates: number;
  readonly quarantined: number;
}

/** What the record of a published day says beside its manifest. */
export interface PublishedRun {
  /** What the day was made from, for whoever lists it again; missing where that is not known. */
  readonly input?: Pick<DayResults, 'inputSum' | 'objects'>;
  readonly rooms?: Pick<RoomCounts, 'fromAudit' | 'fromStorage'>;
  /** The run, when it began, and its stages so far. */
  readonly runId?: string;
  readonly startedAt?: string;
  readonly stages?: readonly RecordedStage[];
}

/**
 * Records a published day. A record that says the same already stays as it is, with its `processed_at` and how the run went that made it: a run
 * that changed nothing writes nothing. What changed since the day was published before is added up in the record.
 *
 * @returns what changed; undefined where nothing did, or the day was not published before
 */
export async function recordPublishedDay(
  context: Pick<ExportContext, 'metadata' | 'tenant' | 'day' | 'clock'>,
  manifest: Manifest,
  run: PublishedRun = {},
): Promise<Revision | undefined> {
  const { metadata, tenant, day, clock } = context;
  const content = {
    PK: batchPartition(tenant),
    SK: sortKey(day.date),
    batch_type: 'daily_message_parquet',
    status: 'completed',
    message_count: manifest.proof.exported,
    output_path: datasetFolder(tenant, 'messages', day.date),
    manifest: manifestKey(tenant, day.date),
    manifest_sha256: createHash('sha256').update(manifestText(manifest)).digest('hex'),
    time_zone: day.zone,
    proof: manifest.proof,
    input_digest: manifest.input_digest,
    notices: manifest.notices,
    ...inputOf(run),
    ...datasetFigures(manifest),
  };
  const there = (await metadata.get(content.PK, content.SK))?.item;
  if (there !== undefined && says(there, content)) return undefined;
  const now = new Date(clock.now()).toISOString();
  const revision = there === undefined ? undefined : revisionOf(there, manifest);
  await metadata.put({
    ...content,
    processed_at: now,
    ...historyOf(there, revision, now),
    ...courseOf(run, clock.now()),
  });
  return revision;
}

/**
 * Records a day that failed. A day that was published before stays `completed`, because its data still stands; the failure is
 * added to it.
 */
export async function recordFailedDay(
  metadata: MetadataStore,
  tenant: string,
  date: string,
  failure: Failure,
  nowMs: number,
): Promise<void> {
  const there = await metadata.get(batchPartition(tenant), sortKey(date));
  const failedAt = new Date(nowMs).toISOString();
  const fresh = {
    PK: batchPartition(tenant),
    SK: sortKey(date),
    batch_type: 'daily_message_parquet',
    status: 'failed',
    message_count: 0,
    output_path: '',
    processed_at: failedAt,
  };
  const published = there?.item.status === 'completed' ? there.item : fresh;
  await metadata.put({ ...published, last_failure: { ...failure, at: failedAt } });
}

function inputOf({ input, rooms }: PublishedRun) {
  return {
    ...(input?.inputSum === undefined ? {} : { input_sum: input.inputSum, objects: input.objects ?? 0 }),
    ...(rooms === undefined ? {} : { unnamed_rooms: rooms.fromAudit + rooms.fromStorage }),
  };
}

/** How the run went that made the day what it is. */
function courseOf({ runId, startedAt, stages }: PublishedRun, nowMs: number) {
  const first = stages?.[0]?.begun_at ?? startedAt;
  return {
    ...(runId === undefined ? {} : { run: runId }),
    ...(first === undefined ? {} : { seconds: Math.max(0, Math.round((nowMs - Date.parse(first)) / 100) / 10) }),
    ...(stages === undefined ? {} : { stages }),
  };
}

/** What a record keeps of the times before. */
function historyOf(there: MetadataItem | undefined, revision: Revision | undefined, now: string) {
  if (there?.status !== 'completed') return { first_published_at: now };
  const first = { first_published_at: there.first_published_at ?? there.processed_at };
  const count = (value: unknown) => (typeof value === 'number' ? value : 0);
  const revisions = count(there.revisions);
  const late = count(there.late_messages);
  if (revision === undefined) {
    return {
      ...first,
      ...(revisions > 0 ? { revisions, late_messages: late, last_revision: there.last_revision } : {}),
    };
  }
  return {
    ...first,
    revisions: revisions + 1,
    late_messages: late + revision.exported,
    last_revision: { at: now, ...revision },
  };
}

function revisionOf({ status, proof, input_digest: digest }: MetadataItem, manifest: Manifest): Revision | undefined {
  if (status !== 'completed' || typeof proof !== 'object' || proof === null) return undefined;
  if (digest === manifest.input_digest) return undefined;
  const before = proof as Readonly<Record<string, unknown>>;
  const difference = (name: keyof Revision) => manifest.proof[name] - Number(before[name] ?? 0);
  return {
    exported: difference('exported'),
    duplicates: difference('duplicates'),
    quarantined: difference('quarantined'),
  };
}

/** Whether a stored record has the content already, and no failure since. */
function says(item: MetadataItem, content: Readonly<Record<string, unknown>>): boolean {
  if (item.last_failure !== undefined) return false;
  return Object.entries(content).every(([name, value]) => canonical(item[name]) === canonical(value));
}

/** JSON with sorted names: stores give attributes back in an order of their own. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) => {
    if (part === null || typeof part !== 'object' || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
