import { DATASETS, datasetOfVersion } from '../../messages/datasets';
import type { RoomCounts } from '../../messages/day-plan';
import { summaryRow } from '../../messages/derived-rows';
import type { ExportContext } from '../../messages/export-context';
import { type Manifest, type PartRef, rowsOf } from '../../messages/manifest';
import { assertProof } from '../../messages/proof';
import { putManifest } from '../../messages/publish';
import type { PublishedDay } from '../../messages/published-day';
import { readRepair } from '../../messages/repairs';
import { recordPublishedDay } from '../../messages/run-record';
import { openPart } from '../../messages/shard-rows';
import { removeLeftovers } from '../../messages/sweep';
import { uploadPart } from '../../messages/upload';
import { partRowGroups } from '../../parquet/part-rows';
import { auditedRoomsOf, eraseLatePaper, erasePapers, readDayPapers } from './day-papers';
import { ErasedAccount, recountDrift } from './erased-account';
import type { DayFindings } from './examine-day';
import { type Replacements, rewriteParts, rewriteQuarantine, withFolder, writingAs } from './rewrite-parts';
import { storedPart } from './stored-objects';
import type { UserTraces } from './user-traces';

/** What erasing a user from a day came to: rows of `messages`, and lines of quarantine files, that are gone. */
export interface ErasedDay {
  readonly date: string;
  readonly rows: number;
  readonly quarantined: number;
}

/**
 * Takes a user out of a day: writes the parts, quarantine files and papers that name it once more without it, then the manifest (which alone
 * makes readers see them), then the day's record, and then removes what came before. Whatever point it is interrupted at, doing it again
 * completes it. The day's lease must be held.
 *
 * @throws BatchError `published_meanwhile`; ProofError
 */
export async function eraseFromDay(
  context: ExportContext,
  findings: DayFindings,
  traces: UserTraces,
): Promise<ErasedDay> {
  const { analytics } = context;
  const { date, published, latePapers, repairs, leftovers } = findings;
  for (const key of latePapers) await eraseLatePaper(context, key, traces);
  const done = published === undefined ? undefined : await republish(context, published, findings, traces);
  for (const key of [...latePapers, ...repairs, ...leftovers]) await analytics.delete(key);
  if (done !== undefined) await removeLeftovers(context, done.published, { settled: [], inUse: [] });
  return { date, rows: done?.rows ?? 0, quarantined: done?.quarantined ?? 0 };
}

interface Republished extends Omit<ErasedDay, 'date'> {
  readonly published: PublishedDay;
}

/** Publishes a day without the user, where what is published names it, and records the day that stands. */
async function republish(
  context: ExportContext,
  published: PublishedDay,
  findings: DayFindings,
  traces: UserTraces,
): Promise<Republished> {
  const { parts, quarantine, papers } = findings;
  if (parts.length + quarantine.length + papers.length === 0) {
    await recordPublishedDay(context, published.manifest);
    return { published, rows: 0, quarantined: 0 };
  }
  const { manifest, rooms, account } = await manifestWithout(context, published.manifest, findings, traces);
  const standing = await putManifest(context, manifest, published);
  await recordPublishedDay(context, manifest, rooms === undefined ? {} : { rooms });
  return { published: standing, rows: account.messages, quarantined: account.quarantined };
}

interface WithoutUser {
  readonly manifest: Manifest;
  readonly rooms: RoomCounts | undefined;
  readonly account: ErasedAccount;
}

/** Writes everything that a day without the user is made of, but for its manifest. */
async function manifestWithout(
  context: ExportContext,
  manifest: Manifest,
  findings: DayFindings,
  traces: UserTraces,
): Promise<WithoutUser> {
  const { analytics, tenant } = context;
  const papers = await readDayPapers(context, manifest);
  const account = new ErasedAccount(tenant, {
    auditedRooms: auditedRoomsOf(papers, traces),
    repairedKeys: await repairedKeys(context, findings.repairs),
  });
  const parts = await rewriteParts(context, manifest, findings.parts, traces, (row) => account.message(row));
  const files = await rewriteQuarantine(context, findings.quarantine, traces, (line) => account.line(line));
  const messages = replaced(manifest.datasets.messages, parts);
  const rooms = replaced(manifest.datasets.rooms, parts);
  const users = replaced(manifest.datasets.users, parts);
  const quarantine = replaced(manifest.quarantine, files);
  const proof = account.proofWithout(manifest.proof);
  assertProof(`${tenant} on ${findings.date}, without the erased user,`, proof, {
    rows: rowsOf(messages),
    quarantineLines: rowsOf(quarantine),
  });
  const drift = account.drifting ? await recountDrift(analytics, tenant, messages) : undefined;
  const erased = account.messages + account.quarantined > 0;
  const { rooms: counts, ...kept } = await erasePapers(context, manifest, papers, traces);
  const without: Manifest = {
    ...manifest,
    proof,
    datasets: { messages, rooms, users, summary: manifest.datasets.summary },
    quarantine,
    notices: account.noticesWithout(manifest.notices, proof.exported, findings.otherRepairs, drift),
    ...kept,
    erasures: (manifest.erasures ?? 0) + 1,
  };
  const summary = erased ? await rewriteSummary(context, without, account.attachments) : manifest.datasets.summary;
  return { manifest: { ...without, datasets: { ...without.datasets, summary } }, rooms: counts, account };
}

function replaced(parts: readonly PartRef[], by: Replacements): PartRef[] {
  return parts.flatMap((part) => (by.has(part.key) ? (by.get(part.key) ?? []) : part));
}

async function repairedKeys({ analytics, tenant }: ExportContext, repairs: readonly string[]): Promise<Set<string>> {
  const keys = new Set<string>();
  for (const at of repairs) {
    const repair = await readRepair(analytics, tenant, at);
    if (repair !== undefined) keys.add(repair.planned.key);
  }
  return keys;
}

/** The day's one row anew: from the rows of its users, and what the row before said of attachments, which users' rows do not have. */
async function rewriteSummary(
  context: ExportContext,
  manifest: Manifest,
  erasedAttachments: number,
): Promise<readonly PartRef[]> {
  const { datasets, proof, schema_version: version } = manifest;
  const [attachments = 0] = await sumsOf(context, datasets.summary, ['attachment_count']);
  const columns = ['room_count', 'content_length_total', 'tokens_used_total'];
  const [rooms = 0, contentLength = 0, tokensUsed = 0] = await sumsOf(context, datasets.users, columns);
  const users = rowsOf(datasets.users);
  const left = attachments - erasedAttachments;
  const row = summaryRow(context, { proof, users, rooms, contentLength, tokensUsed, attachments: left });
  if (row === undefined) return [];
  const asWritten = writingAs(context, manifest);
  return withFolder(context, async (folder) => {
    const writer = await openPart(asWritten, 'summary', folder, version);
    try {
      await writer.append(row.slice(0, datasetOfVersion(DATASETS.summary, version).columns.length));
      const part = await uploadPart(asWritten, 'summary', 0, writer, version);
      return part === undefined ? [] : [part];
    } finally {
      await writer.discard();
    }
  });
}

/** The sums of columns over parts. */
async function sumsOf(
  { analytics }: ExportContext,
  parts: readonly PartRef[],
  columns: readonly string[],
): Promise<number[]> {
  const sums = columns.map(() => 0);
  for (const part of parts) {
    for await (const rows of partRowGroups(storedPart(analytics, part), columns)) {
      for (const row of rows)
        row.forEach((value, at) => {
          sums[at] = (sums[at] ?? 0) + Number(value);
        });
    }
  }
  return sums;
}
