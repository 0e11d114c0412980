import type { DayPlan, LateRooms, PlannedRoom, RoomCounts, ShardPlan } from '../../messages/day-plan';
import type { ExportContext } from '../../messages/export-context';
import type { Manifest, PublishedShard } from '../../messages/manifest';
import { readPaper, readPaperIfThere, writePaper } from '../../messages/papers';
import { countRooms } from '../../messages/plan';
import { countedRooms } from '../../messages/room-weights';
import type { UserTraces } from './user-traces';

/** The working papers that a day was made from. */
export interface DayPapers {
  readonly plan: DayPlan;
  readonly shards: readonly ShardPlan[];
}

/** @returns undefined where they are gone, or not all there any more */
export async function readDayPapers({ analytics }: ExportContext, manifest: Manifest): Promise<DayPapers | undefined> {
  const plan = await readPaperIfThere<DayPlan>(analytics, manifest.plan);
  if (plan === undefined) return undefined;
  const shards: ShardPlan[] = [];
  for (const { key } of plan.shards) {
    const shard = await readPaperIfThere<ShardPlan>(analytics, key);
    if (shard === undefined) return undefined;
    shards.push(shard);
  }
  return { plan, shards };
}

/** The user's rooms that only the audit found. */
export function auditedRoomsOf(papers: DayPapers | undefined, traces: UserTraces): Set<string> {
  const rooms = (papers?.shards ?? []).flatMap((shard) => shard.rooms);
  return new Set(rooms.filter(({ user, source }) => traces.isUser(user) && source === 'audit').map(({ room }) => room));
}

/** What a manifest says of its working papers. */
export interface ErasedPapers extends Pick<Manifest, 'plan' | 'shards' | 'layout'> {
  readonly rooms: RoomCounts | undefined;
}

/**
 * Writes a day's working papers without the user. They go on telling which rooms the day was made from: some of them nothing else names. A shard
 * that had rooms of the user has no result any more, and is read anew when its day is run again.
 */
export async function erasePapers(
  context: ExportContext,
  manifest: Manifest,
  papers: DayPapers | undefined,
  traces: UserTraces,
): Promise<ErasedPapers> {
  // What is left of them could name the user, and tells nobody anything: the manifest names no such paper any more.
  if (papers === undefined) return { plan: manifest.plan, shards: [], layout: manifest.layout, rooms: undefined };
  const { plan } = papers;
  const results = new Map(manifest.shards.map(({ shard, result }) => [shard, result]));
  const references: DayPlan['shards'][number][] = [];
  const shards: PublishedShard[] = [];
  const left: PlannedRoom[] = [];
  for (const [at, before] of papers.shards.entries()) {
    const result = results.get(before.shard);
    const reference = plan.shards[at];
    if (reference !== undefined && !traces.inJson(before)) {
      left.push(...before.rooms);
      references.push(reference);
      shards.push({ shard: before.shard, plan: reference.key, ...(result === undefined ? {} : { result }) });
      continue;
    }
    const after = shardWithout(before, traces);
    if (after.rooms.length === 0) continue;
    const { shard, rooms, expected } = after;
    const key = await writePaper(context, 'shard', shard, after);
    left.push(...rooms);
    references.push({ shard, key, rooms: rooms.length, ...(expected === undefined ? {} : { expected }) });
    shards.push({ shard, plan: key });
  }
  const layout = left.length === 0 ? [''] : manifest.layout;
  const rooms = countRooms(left, plan.rooms.untouched);
  const content: DayPlan = { ...plan, layout, shards: references, rooms, ...countedOf(plan, left) };
  return { plan: await writePaper(context, 'plan', 0, content), shards, layout, rooms };
}

function shardWithout({ rooms, dividedUsers, repairs, ...shard }: ShardPlan, traces: UserTraces): ShardPlan {
  const left = rooms.filter(({ user }) => !traces.isUser(user));
  const expected = left.reduce((sum, room) => sum + (room.expected ?? 0), 0);
  const others = repairs?.filter(({ key }) => !traces.ownsKey(key)) ?? [];
  return {
    ...shard,
    rooms: left,
    dividedUsers: dividedUsers.filter((user) => !traces.isUser(user)),
    ...(shard.expected === undefined ? {} : { expected }),
    ...(others.length === 0 ? {} : { repairs: others }),
  };
}

function countedOf({ counted }: DayPlan, rooms: readonly PlannedRoom[]): Pick<DayPlan, 'counted'> {
  return counted === undefined ? {} : { counted: countedRooms(rooms) };
}

/** Writes a paper of late rooms without the user's, where there are others. The one that it replaces is left to be removed. */
export async function eraseLatePaper(context: ExportContext, key: string, traces: UserTraces): Promise<void> {
  const { rooms } = await readPaper<LateRooms>(context.analytics, key);
  const left = rooms.filter(({ user }) => !traces.isUser(user));
  if (left.length > 0) await writePaper(context, 'late', 0, { rooms: left } satisfies LateRooms);
}
