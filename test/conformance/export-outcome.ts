import { createHash } from 'node:crypto';
import type { BatchPlatform } from '../../shared/batch/batch-platform';
import type { JobReport } from '../../shared/batch/report';
import { RUN_PARTITION } from '../../shared/history/keys';
import { allItems, allObjects } from '../../shared/messages/pages';

// What an export leaves, as it is, and as it must be on every cloud.

/** The objects of a tenant's output by key: a digest of each Parquet file, the text of everything else. */
export type Output = Readonly<Record<string, string>>;

export async function outputOf(platform: BatchPlatform, tenant: string): Promise<Output> {
  const store = platform.analyticsStore(tenant);
  const found: [string, string][] = [];
  for await (const { key } of allObjects(store, `${tenant}/`)) {
    const body = Buffer.from((await store.read(key)).body);
    found.push([key, key.endsWith('.parquet') ? createHash('sha256').update(body).digest('hex') : body.toString()]);
  }
  return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const LEASE = 'LEASE#';

/** A tenant's run records, but for when they were written. Its leases are none: they tell who is at work. */
export async function recordsOf({ metadata }: BatchPlatform, tenant: string): Promise<Record<string, unknown>[]> {
  const records: Record<string, unknown>[] = [];
  for await (const item of allItems(metadata, { partition: `TENANT#${tenant}#BATCH` })) {
    if (item.SK.startsWith(LEASE)) continue;
    records.push({ ...item, processed_at: undefined, last_failure: withoutTime(item.last_failure) });
  }
  return records;
}

/** The records of whole runs. */
export async function runsOf({ metadata }: BatchPlatform): Promise<Record<string, unknown>[]> {
  const runs: Record<string, unknown>[] = [];
  for await (const item of allItems(metadata, { partition: RUN_PARTITION })) runs.push(item);
  return runs;
}

/** The days and months of a tenant that somebody holds, or would still hold had he died, by the time told. */
export async function heldDays({ metadata }: BatchPlatform, tenant: string, nowMs: number): Promise<string[]> {
  const held: string[] = [];
  for await (const item of allItems(metadata, { partition: `TENANT#${tenant}#BATCH`, sortKeyPrefix: LEASE })) {
    if (Date.parse(String(item.expires_at)) > nowMs) held.push(item.SK.slice(LEASE.length));
  }
  return held;
}

/** What comes true by itself two minutes after a process has died: nobody holds anything any more. */
export async function endLeases({ metadata }: BatchPlatform, tenant: string): Promise<void> {
  for await (const item of allItems(metadata, { partition: `TENANT#${tenant}#BATCH`, sortKeyPrefix: LEASE }))
    await metadata.put({ ...item, expires_at: new Date(0).toISOString() });
}

function withoutTime(failure: unknown): unknown {
  return typeof failure === 'object' ? { ...failure, at: undefined } : failure;
}

/** A report, but for how long it took. */
export function figuresOf(report: JobReport): unknown {
  return { ...report, tenants: report.tenants.map((tenant) => ({ ...tenant, seconds: undefined })) };
}

/**
 * Names that objects have of a content with ETags in it, which each store gives in its own way: the lines of quarantine files, the shards'
 * results with digests of ETags, and plans with corrected copies, which hang on the ETag of what they correct. So on another cloud the content
 * differs in exactly that, and with it the name.
 */
const NAMED_BY_ETAGS = /\/(part|result|plan|shard)-(\d{5})-[0-9a-f]{16}\.(jsonl?)$/;

/** The output without what tells one store's versions of the messages from another's, and nothing else taken away. */
export function onAnyCloud(output: Output): Output {
  return Object.fromEntries(
    Object.entries(output).map(([key, text]) => [nameOnAnyCloud(key), onAnyCloudText(key, text)]),
  );
}

/** The same of run records. */
export function recordOnAnyCloud(record: Record<string, unknown>): Record<string, unknown> {
  const { input_digest: digest, input_sum: sum, manifest_sha256: manifest } = record;
  return { ...record, input_digest: typeof digest, input_sum: typeof sum, manifest_sha256: typeof manifest };
}

function nameOnAnyCloud(key: string): string {
  return key.replace(NAMED_BY_ETAGS, '/$1-$2.$3');
}

function onAnyCloudText(key: string, text: string): string {
  if (key.endsWith('.parquet')) return text;
  if (key.endsWith('.jsonl')) {
    return text.replaceAll(/^.+$/gm, (line) => JSON.stringify({ ...JSON.parse(line), etag: 'etag' }));
  }
  return JSON.stringify(JSON.parse(text), versionsLeftOut);
}

const OF_ETAGS = ['etag', 'input_digest', 'inputDigest', 'inputSum', 'fingerprint'];

/** ETags, digests over them, and the names, sizes and digests of what holds ETags. */
function versionsLeftOut(name: string, value: unknown): unknown {
  if (OF_ETAGS.includes(name)) return typeof value;
  if (typeof value === 'string') return nameOnAnyCloud(value);
  return isQuarantineFile(value) ? { key: value.key, rows: value.rows } : value;
}

function isQuarantineFile(value: unknown): value is { readonly key: string; readonly rows: number } {
  const key = (value as { readonly key?: unknown } | null)?.key;
  return typeof key === 'string' && key.endsWith('.jsonl');
}
