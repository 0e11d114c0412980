import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BatchError, PartMissingError, ProofError, StorageError } from '../errors';
import type { PartWriter } from '../parquet/part-writer';
import { CONTRACT_VERSION } from './contract';
import { SCHEMA_VERSION } from './datasets';
import type { DayPlan } from './day-plan';
import { type DayResults, readResults } from './day-results';
import { summaryRow, userRow } from './derived-rows';
import type { ExportContext } from './export-context';
import { type Manifest, manifestText, type PartRef, partsOfDay, publishesTheSame, rowsOf } from './manifest';
import { manifestKey } from './output-paths';
import { readPaper } from './papers';
import { assertProof } from './proof';
import { type PublishedDay, readPublishedDay } from './published-day';
import { type PublishedRun, type Revision, recordPublishedDay } from './run-record';
import { allThere } from './shard-reuse';
import { openPart } from './shard-rows';
import { removeLeftovers } from './sweep';
import { uploadPart } from './upload';

/** What publishing is told: references to what planning and the shards saved. */
export interface PublishInput {
  readonly plan: string;
  readonly results: readonly { readonly shard: number; readonly result: string }[];
  /** Papers of late rooms that the plan took in. */
  readonly settles: readonly string[];
}

/** What publishing a day came to: the manifest that now stands, and what the day has more than when it was published before. */
export interface Publication {
  readonly manifest: Manifest;
  readonly revision: Revision | undefined;
}

/**
 * Publishes a day: writes what only the whole day knows, checks the proof and that every part is there, writes the
 * manifest, removes what the manifest does not name, and then records the day. The manifest's write is the moment of publication; it is
 * made only if nobody else published the day since this run looked. The record comes last, because it is what later nights go by: a day whose
 * record is not the manifest's is taken up again.
 *
 * Publishing the same again writes nothing. Whatever point it is interrupted at, doing it again completes it.
 *
 * @param run how the run went so far, for the day's record
 * @throws ProofError the day is not published
 * @throws PartMissingError, and BatchError `published_meanwhile`, which is transient
 */
export async function publishDay(
  context: ExportContext,
  input: PublishInput,
  run: Pick<PublishedRun, 'runId' | 'startedAt' | 'stages'> = {},
): Promise<Publication> {
  const { analytics, tenant, day } = context;
  const published = await readPublishedDay(analytics, tenant, day.date);
  const results = [...input.results].sort((a, b) => a.shard - b.shard);
  const plan = await readPaper<DayPlan>(analytics, input.plan);
  assertComplete(plan, results);
  const sums = await readResults(
    analytics,
    results.map(({ result }) => result),
  );
  const derived = await writeDerivedParts(context, sums, plan.layout.length);
  const manifest = manifestOf(context, plan, input.plan, results, sums, derived);
  await assertPublishable(context, manifest);
  const standing = await writeManifest(context, manifest, published);
  // Once more, now that nobody takes the parts for leftovers: another run may have, just before.
  await assertPartsThere(context, standing.manifest);
  const inUse = [input.plan, ...plan.shards.map(({ key }) => key), ...results.map(({ result }) => result)];
  await removeLeftovers(context, standing, { settled: input.settles, inUse });
  const revision = await recordPublishedDay(context, standing.manifest, { ...run, input: sums, rooms: plan.rooms });
  const changed = standing.manifest === manifest;
  context.log.info('The day is published.', { stage: 'publish', ...standing.manifest.proof, changed });
  return { manifest: standing.manifest, revision };
}

interface DerivedParts {
  readonly users: PartRef | undefined;
  readonly summary: PartRef | undefined;
}

/** The rows that no shard can make alone: those of users with rooms in several shards, and the day's one row. */
async function writeDerivedParts(context: ExportContext, sums: DayResults, freeNumber: number): Promise<DerivedParts> {
  const row = summaryRow(context, { ...sums, users: sums.users + sums.divided.length });
  if (row === undefined) return { users: undefined, summary: undefined };
  const folder = await mkdtemp(join(context.options.temporaryFolder, 'makoto-publish-'));
  const open: PartWriter[] = [];
  try {
    const users = await openPart(context, 'users', folder);
    open.push(users);
    for (const user of sums.divided) await users.append(userRow(context.tenant, user));
    const summary = await openPart(context, 'summary', folder);
    open.push(summary);
    await summary.append(row);
    return {
      users: await uploadPart(context, 'users', freeNumber, users),
      summary: await uploadPart(context, 'summary', 0, summary),
    };
  } finally {
    await Promise.all(open.map((writer) => writer.discard()));
    await rm(folder, { recursive: true, force: true });
  }
}

function manifestOf(
  { tenant, day, options }: ExportContext,
  plan: DayPlan,
  planKey: string,
  results: PublishInput['results'],
  sums: DayResults,
  derived: DerivedParts,
): Manifest {
  const papers = new Map(plan.shards.map(({ shard, key }) => [shard, key]));
  return {
    version: 1,
    tenant_id: tenant,
    business_date: day.date,
    time_zone: day.zone,
    day: { start: new Date(day.start).toISOString(), end: new Date(day.end).toISOString() },
    schema_version: SCHEMA_VERSION,
    contract_version: CONTRACT_VERSION,
    encoder: options.encoder,
    compression: options.compression,
    input_digest: sums.inputDigest,
    proof: sums.proof,
    datasets: {
      messages: sums.parts.messages,
      rooms: sums.parts.rooms,
      users: derived.users === undefined ? sums.parts.users : [...sums.parts.users, derived.users],
      summary: derived.summary === undefined ? [] : [derived.summary],
    },
    quarantine: sums.quarantine,
    notices: sums.notices,
    layout: plan.layout,
    plan: planKey,
    shards: results.map(({ shard, result }) => ({ shard, plan: papers.get(shard) ?? '', result })),
  };
}

function assertComplete(plan: DayPlan, results: PublishInput['results']): void {
  const planned = plan.shards.map(({ shard }) => shard).join(', ');
  const exported = results.map(({ shard }) => shard).join(', ');
  if (planned === exported) return;
  throw new ProofError(
    `${plan.tenant} on ${plan.date} has the shards ${planned || 'none'} planned, but ${exported || 'none'} exported.`,
    {
      code: 'shards_incomplete',
      kind: 'permanent',
    },
  );
}

async function assertPublishable(context: ExportContext, manifest: Manifest): Promise<void> {
  const { datasets, quarantine, proof } = manifest;
  const what = `${context.tenant} on ${context.day.date}`;
  assertProof(what, proof, { rows: rowsOf(datasets.messages), quarantineLines: rowsOf(quarantine) });
  await assertPartsThere(context, manifest);
}

async function assertPartsThere({ analytics, tenant, day }: ExportContext, manifest: Manifest): Promise<void> {
  if (await allThere(analytics, partsOfDay(manifest))) return;
  throw new PartMissingError(`${tenant} on ${day.date}`);
}

/** @returns the day that stands: the published one where it publishes the same data */
async function writeManifest(
  context: ExportContext,
  manifest: Manifest,
  published: PublishedDay | undefined,
): Promise<PublishedDay> {
  if (published !== undefined && publishesTheSame(published.manifest, manifest)) return published;
  return putManifest(context, manifest, published);
}

/**
 * Writes a manifest over the one that was read, and over no other.
 *
 * @throws BatchError `published_meanwhile`, which is transient
 */
export async function putManifest(
  { analytics, tenant, day }: Pick<ExportContext, 'analytics' | 'tenant' | 'day'>,
  manifest: Manifest,
  published: PublishedDay | undefined,
): Promise<PublishedDay> {
  const body = Buffer.from(manifestText(manifest));
  const onlyIf = published === undefined ? 'absent' : { etag: published.etag };
  try {
    const { etag } = await analytics.write(manifestKey(tenant, day.date), body, {
      contentType: 'application/json',
      onlyIf,
    });
    return { manifest, etag };
  } catch (error) {
    if (!(error instanceof StorageError) || error.code !== 'precondition_failed') throw error;
    throw new BatchError(`${tenant} on ${day.date} was published by another run while this one was at work.`, {
      code: 'published_meanwhile',
      kind: 'transient',
      cause: error,
    });
  }
}
