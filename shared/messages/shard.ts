import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { collect } from './collect';
import type { DayPlan, ShardPlan } from './day-plan';
import type { ExportContext } from './export-context';
import { type FinishedDigest, InputDigest } from './input-digest';
import { type Notices, rowsOf } from './manifest';
import { NoticeCounter } from './notices';
import { readPaper, writePaper } from './papers';
import { assertProof, type Proof } from './proof';
import { QuarantineFile } from './quarantine-file';
import { ShardRepairs } from './repairs';
import { isInDay, type RoomDay } from './room-day';
import { RoomLister } from './room-lister';
import type { ShardResult } from './shard-result';
import { reusableResult } from './shard-reuse';
import { ShardRows } from './shard-rows';
import { uploadQuarantine } from './upload';

/** What a shard hands on: a reference, and numbers for progress. */
export interface ExportedShard {
  readonly shard: number;
  /** The key of the {@link ShardResult}. */
  readonly result: string;
  readonly exported: number;
  /** Whether nothing had changed, so that no message was read. */
  readonly reused: boolean;
}

/**
 * Exports one shard of a planned day: lists, reads, checks, encodes, uploads, and saves what came of it. Running it again is
 * safe, and reads no message where the published version was made from the same input.
 *
 * @param planKey the key of the day's plan
 * @param force whether to read everything, whatever was published
 */
export async function exportShard(
  context: ExportContext,
  planKey: string,
  shard: number,
  force: boolean,
): Promise<ExportedShard> {
  const plan = await readPaper<DayPlan>(context.analytics, planKey);
  const reference = plan.shards.find((candidate) => candidate.shard === shard);
  if (reference === undefined) throw new RangeError(`The plan ${planKey} has no shard ${shard}.`);
  const own = await readPaper<ShardPlan>(context.analytics, reference.key);
  const lister = new RoomLister(context);
  const reusable = force ? undefined : await reusableResult(context, own, lister);
  const result = reusable ?? (await readShard(context, own, lister));
  const { proof } = result;
  const key = await writePaper(context, 'result', shard, result);
  context.log.info('The shard is exported.', { stage: 'collect', shard, ...proof, reused: reusable !== undefined });
  return { shard, result: key, exported: proof.exported, reused: reusable !== undefined };
}

async function readShard(context: ExportContext, plan: ShardPlan, lister: RoomLister): Promise<ShardResult> {
  const folder = await mkdtemp(join(context.options.temporaryFolder, 'makoto-shard-'));
  try {
    const rows = await ShardRows.open(context, plan, folder);
    const quarantine = await QuarantineFile.create(folder);
    try {
      const counts = await sortMessages(context, plan, lister, rows, quarantine);
      return await publishable(context, plan, rows, quarantine, counts);
    } finally {
      await Promise.all([rows.discard(), quarantine.discard()]);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export interface Sorted {
  readonly proof: Proof;
  readonly outsideByBody: number;
  readonly notices: Notices;
  readonly digest: FinishedDigest;
}

/** Every object becomes a row, a quarantine line, a duplicate, or another day's. Writes nothing but to what it is given. */
export async function sortMessages(
  context: ExportContext,
  plan: ShardPlan,
  lister: RoomLister,
  rows: Pick<ShardRows, 'add'>,
  quarantine: Pick<QuarantineFile, 'add' | 'lines'>,
): Promise<Sorted> {
  const digest = new InputDigest();
  const notices = new NoticeCounter();
  let listed = 0;
  let outside = 0;
  let outsideByBody = 0;
  let exported = 0;
  let duplicates = 0;
  const counted = async function* (rooms: AsyncIterable<RoomDay>) {
    for await (const room of rooms) {
      digest.add(room);
      listed += room.listed;
      outside += room.outside;
      yield room;
    }
  };
  const repairs = new ShardRepairs(plan.repairs);
  let repaired = 0;
  let seen: { readonly room: unknown; readonly ids: Set<string> } = { room: undefined, ids: new Set() };
  for await (const collected of collect(context, counted(lister.all(plan.rooms)), repairs)) {
    const { room, candidate, verdict } = collected;
    if (seen.room !== room) seen = { room, ids: new Set() };
    if (collected.repaired) repaired += 1;
    if (!isInDay(verdict.placedMs, context.day)) {
      outsideByBody += 1;
    } else if (verdict.kind === 'quarantined') {
      notices.quarantined(verdict.reason);
      const { key, etag, size } = { ...candidate, key: candidate.key.key };
      await quarantine.add({ key, reason: verdict.reason, detail: verdict.detail, etag, size });
    } else if (seen.ids.has(verdict.message.writtenId)) {
      duplicates += 1;
    } else {
      seen.ids.add(verdict.message.writtenId);
      notices.exported(verdict.message, room.source === 'audit');
      await rows.add(room, verdict.message);
      exported += 1;
    }
  }
  notices.repaired(repaired, repairs.count - repaired);
  const proof = { listed, outside: outside + outsideByBody, exported, duplicates, quarantined: quarantine.lines };
  const finished = digest.finish(context, plan.dividedUsers, plan.repairs);
  return { proof, outsideByBody, notices: notices.finish(), digest: finished };
}

async function publishable(
  context: ExportContext,
  { shard }: ShardPlan,
  rows: ShardRows,
  quarantine: QuarantineFile,
  { proof, outsideByBody, notices, digest }: Sorted,
): Promise<ShardResult> {
  const parts = await rows.finish();
  const quarantinePart = (await uploadQuarantine(context, shard, quarantine)) ?? null;
  const written = { rows: rowsOf(parts.messages), quarantineLines: quarantinePart?.rows ?? 0 };
  assertProof(`shard ${shard} of ${context.tenant} on ${context.day.date}`, proof, written);
  const { contentLength, attachments, tokensUsed } = rows.totals;
  return {
    shard,
    fingerprint: digest.fingerprint,
    inputDigest: digest.input,
    inputSum: digest.inputSum,
    objects: digest.objects,
    proof,
    outsideByBody,
    notices,
    totals: { contentLength, attachments, tokensUsed },
    rooms: rows.rooms,
    users: rows.users,
    dividedUsers: rows.dividedUsers,
    parts,
    quarantine: quarantinePart,
  };
}
