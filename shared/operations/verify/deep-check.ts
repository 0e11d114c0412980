import { CONTRACT_VERSION } from '../../messages/contract';
import type { ShardPlan } from '../../messages/day-plan';
import { mergedUser } from '../../messages/day-results';
import { summaryRow, userRow } from '../../messages/derived-rows';
import type { ExportContext } from '../../messages/export-context';
import { compareKeys } from '../../messages/key-order';
import type { Manifest, PublishedShard } from '../../messages/manifest';
import { readPaperIfThere } from '../../messages/papers';
import { addProofs, EMPTY_PROOF, type Proof } from '../../messages/proof';
import { RoomLister } from '../../messages/room-lister';
import { sortMessages } from '../../messages/shard';
import { usersOfSeveralShards } from '../../messages/shard-layout';
import type { SavedShardResult } from '../../messages/shard-result';
import { type DividedUser, ShardRows } from '../../messages/shard-rows';
import type { ColumnValue } from '../../parquet/schema';
import { type Finding, finding, fromNothing } from './findings';
import type { InputState } from './input-check';
import { comparisonWith, partsOfShard, QuarantineComparison, UNCOMPARED } from './published-rows';
import type { RowComparison } from './row-comparison';
import { type Basis, rowFindings } from './row-findings';

/** What a deep verification goes by. */
export interface DeepInput {
  readonly manifest: Manifest;
  readonly input: InputState;
  /** Keys of parts that are not what was published: their rows are compared with nothing. */
  readonly broken: ReadonlySet<string>;
}

/** What the messages of the shards so far give together. */
interface Sums {
  proof: Proof;
  contentLength: number;
  attachments: number;
  tokensUsed: number;
  rooms: number;
  users: number;
  readonly divided: Map<string, DividedUser>;
}

/**
 * Reads every message of a day again, judges it by the contract, and compares what it gives with the rows of the parts, read by another
 * implementation than the ones that write: every column of every row, nothing missing and nothing more; then the rows of rooms, users and the
 * day that these messages give. One shard after the other, with as much in memory as an export of it takes and a row group.
 *
 * What a change of the messages since explains is told apart from what it does not.
 *
 * @throws InputChangedError where a message is changed or removed meanwhile
 */
export async function deepFindings(context: ExportContext, day: DeepInput): Promise<Finding[]> {
  const sums: Sums = { ...NOTHING, divided: new Map() };
  const findings: Finding[] = [];
  const lister = new RoomLister(context);
  for (const shard of day.manifest.shards) findings.push(...(await shardFindings(context, day, shard, lister, sums)));
  return [...findings, ...(await dayFindings(context, day, sums))];
}

const NOTHING = { proof: EMPTY_PROOF, contentLength: 0, attachments: 0, tokensUsed: 0, rooms: 0, users: 0 };

async function shardFindings(
  context: ExportContext,
  { manifest, input, broken }: DeepInput,
  { shard, plan: planKey, result }: PublishedShard,
  lister: RoomLister,
  sums: Sums,
): Promise<Finding[]> {
  const planned = await readPaperIfThere<ShardPlan>(context.analytics, planKey);
  const plan = planned ?? plannedAnew(input, shard);
  // Without its plan nobody knows the titles that rooms had when they were published.
  const unknown = new Set(planned === undefined ? ['title'] : []);
  const rows = { context, manifest, broken };
  const { datasets } = manifest;
  const compared = {
    messages: comparisonWith(rows, 'messages', partsOfShard(datasets.messages, shard)),
    rooms: comparisonWith(rows, 'rooms', partsOfShard(datasets.rooms, shard), unknown),
    users: comparisonWith(rows, 'users', partsOfShard(datasets.users, shard)),
  };
  const quarantine = new QuarantineComparison(rows, shard);
  const { messages = UNCOMPARED, rooms = UNCOMPARED, users = UNCOMPARED } = compared;
  const expected = ShardRows.over(context, plan, { messages, rooms, users });
  try {
    const { proof, digest } = await sortMessages(context, plan, lister, expected, quarantine);
    await expected.finish();
    await quarantine.rows?.finish();
    addShard(sums, proof, expected);
    const saved =
      result === undefined ? undefined : await readPaperIfThere<SavedShardResult>(context.analytics, result);
    const before = saved?.inputDigest;
    const basis = basisOf(manifest, before === undefined ? input.changed : before !== digest.input);
    return Object.entries({ ...compared, quarantine: quarantine.rows }).flatMap(([dataset, differences]) =>
      differences === undefined ? [] : rowFindings(context, dataset, differences, basis),
    );
  } finally {
    await Promise.all([expected.discard(), quarantine.rows?.discard()]);
  }
}

function basisOf({ contract_version: contract, erasures }: Manifest, changed: boolean): Basis {
  if (contract !== CONTRACT_VERSION) return 'other contract';
  if (!changed) return 'same';
  return (erasures ?? 0) > 0 ? 'erased' : 'changed';
}

/** A shard's plan as it would be made now, where the one that was published is gone. */
function plannedAnew({ rooms }: InputState, shard: number): ShardPlan {
  const own = rooms.get(shard) ?? [];
  const several = usersOfSeveralShards([...rooms.values()]);
  return {
    shard,
    rooms: own,
    dividedUsers: [...new Set(own.map(({ user }) => user))].filter((user) => several.has(user)),
  };
}

function addShard(sums: Sums, proof: Proof, { totals, rooms, users, dividedUsers }: ShardRows): void {
  sums.proof = addProofs(sums.proof, proof);
  sums.contentLength += totals.contentLength;
  sums.attachments += totals.attachments;
  sums.tokensUsed += totals.tokensUsed;
  sums.rooms += rooms;
  sums.users += users;
  for (const user of dividedUsers) sums.divided.set(user.user, mergedUser(sums.divided.get(user.user), user));
}

/** The rows that no shard gives alone, and the proof. */
async function dayFindings(
  context: ExportContext,
  { manifest, input, broken }: DeepInput,
  sums: Sums,
): Promise<Finding[]> {
  const { tenant } = context;
  const { datasets, layout } = manifest;
  const basis = basisOf(manifest, input.changed);
  const published = { context, manifest, broken };
  const divided = [...sums.divided.values()].sort((a, b) => compareKeys(`${a.user}/`, `${b.user}/`));
  const summary = summaryRow(context, { ...sums, users: sums.users + divided.length });
  // They are numbered after the last shard.
  const users = comparisonWith(published, 'users', partsOfShard(datasets.users, layout.length));
  // Of an erased user's duplicates nobody knows how many there were.
  const unknown = new Set((manifest.erasures ?? 0) > 0 ? ['duplicate_count'] : []);
  const day = comparisonWith(published, 'summary', datasets.summary, unknown);
  await compareAll(
    users,
    divided.map((user) => userRow(tenant, user)),
  );
  await compareAll(day, summary === undefined ? [] : [summary]);
  return [
    ...(users === undefined ? [] : rowFindings(context, 'users', users, basis)),
    ...(day === undefined ? [] : rowFindings(context, 'summary', day, basis)),
    ...(basis === 'same' && unknown.size === 0 ? proofFindings(context, manifest, sums.proof) : []),
  ];
}

async function compareAll(
  comparison: RowComparison | undefined,
  rows: readonly (readonly ColumnValue[])[],
): Promise<void> {
  if (comparison === undefined) return;
  for (const row of rows) await comparison.append(row);
  await comparison.finish();
}

const COUNTED = ['exported', 'duplicates', 'quarantined'] as const;

/** What lies outside of the day may have changed since, and is no part of it. */
function proofFindings({ tenant, day }: ExportContext, { proof }: Manifest, now: Proof): Finding[] {
  const other = COUNTED.filter((name) => proof[name] !== now[name]);
  if (other.length === 0) return [];
  const told = other.map((name) => `${name} is ${proof[name]}, and the messages give ${now[name]}`);
  return [
    finding(
      'proof_broken',
      `The proof is not that of the messages: ${told.join('; ')}.`,
      fromNothing(tenant, day.date),
    ),
  ];
}
