import type { Failure } from '../errors';
import type { MetadataItem, MetadataStore } from '../ports/metadata-store';
import type { ExportContext } from './export-context';
import { datasetFigures, type Manifest } from './manifest';
import { datasetFolder, manifestKey } from './output-paths';

/** A tenant's record of one day, in the metadata store: what operators and the chat product's own pages read. */
const PARTITION = (tenant: string) => `TENANT#${tenant}#BATCH`;
const SORT_KEY = (date: string) => `DAILY#${date}`;

/**
 * Records a published day. A record that says the same already stays as it is, with its `processed_at`: a run that changed nothing
 * writes nothing.
 */
export async function recordPublishedDay(context: ExportContext, manifest: Manifest): Promise<void> {
  const { metadata, tenant, day, clock } = context;
  const content = {
    PK: PARTITION(tenant),
    SK: SORT_KEY(day.date),
    batch_type: 'daily_message_parquet',
    status: 'completed',
    message_count: manifest.proof.exported,
    output_path: datasetFolder(tenant, 'messages', day.date),
    manifest: manifestKey(tenant, day.date),
    time_zone: day.zone,
    proof: manifest.proof,
    input_digest: manifest.input_digest,
    notices: manifest.notices,
    ...datasetFigures(manifest),
  };
  const there = await metadata.get(content.PK, content.SK);
  if (there !== undefined && says(there.item, content)) return;
  await metadata.put({ ...content, processed_at: new Date(clock.now()).toISOString() });
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
  const there = await metadata.get(PARTITION(tenant), SORT_KEY(date));
  const failedAt = new Date(nowMs).toISOString();
  const fresh = {
    PK: PARTITION(tenant),
    SK: SORT_KEY(date),
    batch_type: 'daily_message_parquet',
    status: 'failed',
    message_count: 0,
    output_path: '',
    processed_at: failedAt,
  };
  const published = there?.item.status === 'completed' ? there.item : fresh;
  await metadata.put({ ...published, last_failure: { ...failure, at: failedAt } });
}

/** Whether a stored record has the content already, and no failure since. */
function says(item: MetadataItem, content: Readonly<Record<string, unknown>>): boolean {
  const { processed_at: _processedAt, ...rest } = item;
  return canonical(rest) === canonical(content);
}

/** JSON with sorted names: stores give attributes back in an order of their own. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) => {
    if (part === null || typeof part !== 'object' || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
