import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BatchError, ProofError, StorageError } from '../../errors';
import { DATASET_NAMES, SCHEMA_VERSION } from '../../messages/datasets';
import { releaseDay, withDayLease } from '../../messages/day-lease';
import { datasetFigures, type PartRef, rowsOf } from '../../messages/manifest';
import { monthManifestKey } from '../../messages/output-paths';
import { allThere } from '../../messages/shard-reuse';
import { removeMonthLeftovers } from './drop-months';
import type { Month } from './month';
import type { MonthContext } from './month-context';
import { type MonthManifest, type PublishedMonth, readPublishedMonth } from './month-manifest';
import { byDataset, type MonthSources, readMonthSources } from './month-sources';
import { writeMonthParts } from './write-month';

export interface CompactOptions {
  /** Whether days may be missing. */
  readonly partial?: boolean;
  /** What the files aim at, in bytes; 128 MiB if not given. */
  readonly partBytes?: number;
}

/** What compacting a month came to. */
export interface CompactedMonth {
  readonly month: Month;
  /** Whether anything was written: not where the month stands as its days do. */
  readonly changed: boolean;
  readonly days: number;
  readonly missing: readonly string[];
  readonly rows: number;
  /** The parts of the days, and those of the month with their bytes. */
  readonly sources: number;
  readonly parts: number;
  readonly bytes: number;
}

/**
 * Merges the published days of a month into files of about 128 MB a dataset, published by a manifest of the month. The days stay as they
 * are. Doing it again writes only where a day has other rows by now, or where files are written differently; killed at any point, doing it
 * again completes it.
 *
 * It holds the month's lease, as {@link dropMonthsWith} does, so that no row outlives its erasure in a month that was being written.
 *
 * @throws BatchError `month_incomplete`, `schema_newer`, `published_meanwhile`; DayInUseError where another run is at the same month
 * @throws ProofError where what is read or written is not what was published: the month stays as it was
 */
export async function compactMonth(
  context: MonthContext,
  month: Month,
  options: CompactOptions = {},
): Promise<CompactedMonth> {
  const lease = { tenant: context.tenant, date: month, owner: `compact-${randomUUID()}` };
  try {
    return await withDayLease(context, lease, () => compact(context, month, options));
  } finally {
    await releaseDay(context, lease);
  }
}

async function compact(
  context: MonthContext,
  month: Month,
  { partial = false, partBytes }: CompactOptions,
): Promise<CompactedMonth> {
  const { analytics, tenant } = context;
  const published = await readPublishedMonth(analytics, tenant, month);
  const sources = await readMonthSources(context, month, partial);
  const upToDate = published !== undefined && (await standsAs(context, published.manifest, sources));
  const standing = upToDate ? published : await rewrite(context, month, sources, published, partBytes);
  await removeMonthLeftovers(analytics, tenant, month, standing);
  const { parts, bytes } = datasetFigures(standing.manifest);
  const figures = {
    month,
    changed: !upToDate,
    days: sources.days.length,
    missing: sources.missing,
    rows: sumOf(sources.rows),
    sources: sumOf(byDataset((dataset) => sources.parts[dataset].length)),
    parts,
    bytes,
  };
  context.log.info('The month is compacted.', { ...figures, missing: sources.missing.length });
  return figures;
}

/** Whether a month holds what its days hold now, written as it would be written now, and is there. */
async function standsAs(context: MonthContext, manifest: MonthManifest, sources: MonthSources): Promise<boolean> {
  const { encoder, compression } = context.options;
  const { schema_version, encoder: wasEncoder, compression: wasCompression, days, missing } = manifest;
  const now = [SCHEMA_VERSION, encoder, compression, contentOf(sources.days), sources.missing];
  const then = [schema_version, wasEncoder, wasCompression, contentOf(days), missing];
  return JSON.stringify(now) === JSON.stringify(then) && (await allThere(context.analytics, partsOf(manifest)));
}

function contentOf(days: MonthManifest['days']): unknown {
  return days.map(({ business_date, data_digest }) => [business_date, data_digest]);
}

async function rewrite(
  context: MonthContext,
  month: Month,
  sources: MonthSources,
  published: PublishedMonth | undefined,
  partBytes: number | undefined,
): Promise<PublishedMonth> {
  const { tenant, options } = context;
  const folder = await mkdtemp(join(options.temporaryFolder, 'makoto-compact-'));
  try {
    const datasets = byDataset((): readonly PartRef[] => []);
    for (const dataset of DATASET_NAMES)
      datasets[dataset] = await writeMonthParts(context, month, dataset, sources.parts[dataset], folder, partBytes);
    const manifest: MonthManifest = {
      version: 1,
      tenant_id: tenant,
      month,
      schema_version: SCHEMA_VERSION,
      encoder: options.encoder,
      compression: options.compression,
      days: sources.days,
      missing: sources.missing,
      rows: byDataset((dataset) => rowsOf(datasets[dataset])),
      datasets,
    };
    assertRows(manifest, sources);
    return await writeManifest(context, manifest, published);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The proof of a month: every dataset has as many rows as its days have. */
function assertRows({ tenant_id, month, rows }: MonthManifest, sources: MonthSources): void {
  const wrong = DATASET_NAMES.filter((dataset) => rows[dataset] !== sources.rows[dataset]);
  if (wrong.length === 0) return;
  const counts = wrong.map((dataset) => `${dataset} has ${rows[dataset]} rows, and its days ${sources.rows[dataset]}`);
  throw new ProofError(`The month ${month} of ${tenant_id} was not published: ${counts.join('; ')}.`, {
    code: 'proof_failed',
    kind: 'permanent',
  });
}

async function writeManifest(
  { analytics, tenant }: MonthContext,
  manifest: MonthManifest,
  published: PublishedMonth | undefined,
): Promise<PublishedMonth> {
  const body = Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`);
  const onlyIf = published === undefined ? 'absent' : { etag: published.etag };
  try {
    const key = monthManifestKey(tenant, manifest.month);
    const { etag } = await analytics.write(key, body, { contentType: 'application/json', onlyIf });
    return { manifest, etag };
  } catch (error) {
    if (!(error instanceof StorageError) || error.code !== 'precondition_failed') throw error;
    throw new BatchError(`The month ${manifest.month} of ${tenant} was published by another run meanwhile.`, {
      code: 'published_meanwhile',
      kind: 'transient',
      cause: error,
    });
  }
}

function partsOf({ datasets }: MonthManifest): PartRef[] {
  return Object.values(datasets).flat();
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
