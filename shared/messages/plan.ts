import type { DayPlan, PlannedRoom, RoomCounts, ShardPlan } from './day-plan';
import { draftPlan } from './draft-plan';
import type { ExportContext } from './export-context';
import { type LateDay, recordLateRooms } from './late-rooms';
import { changedDays, type RecordedDay } from './look-back';
import { writePaper } from './papers';
import { readPublishedDay } from './published-day';
import { repairsOfRooms } from './repairs';
import { countedRooms } from './room-weights';
import { expectedOf, shardRooms, usersOfSeveralShards } from './shard-layout';

/** What planning a day hands on: references and numbers, small enough for an orchestrator's history. */
export interface PlannedDay {
  /** The key of the {@link DayPlan}. */
  readonly plan: string;
  /** The numbers of the shards that have rooms to read, the largest first, so that none of them begins when all others have ended. */
  readonly shards: readonly number[];
  readonly rooms: RoomCounts;
  /** Earlier days that have changed: those that were looked back on, and those that the audit found more messages of. */
  readonly late: readonly LateDay[];
  /** Papers of late rooms that this plan takes in: publishing the day settles them. */
  readonly settles: readonly string[];
}

/**
 * Plans a tenant's day and saves the plan. Planning the same again writes nothing.
 *
 * @param lookBack published days before it, to be listed again for messages that came late
 */
export async function planDay(context: ExportContext, lookBack: readonly RecordedDay[] = []): Promise<PlannedDay> {
  const published = await readPublishedDay(context.analytics, context.tenant, context.day.date);
  const draft = await draftPlan(context, published, lookBack);
  const { layout, shards } = shardRooms(draft.rooms, context.options.shardMessages, published?.manifest.layout);
  const divided = usersOfSeveralShards(shards);

  const references: DayPlan['shards'][number][] = [];
  for (const [shard, rooms] of shards.entries()) {
    if (rooms.length === 0) continue;
    const users = new Set(rooms.map(({ user }) => user));
    const dividedUsers = [...users].filter((user) => divided.has(user));
    const expected = expectedOf(rooms);
    const repairs = repairsOfRooms(context.tenant, draft.repairs, rooms);
    const paper: ShardPlan = { shard, rooms, dividedUsers, expected, ...repairs };
    references.push({ shard, key: await writePaper(context, 'shard', shard, paper), rooms: rooms.length, expected });
  }
  const counts = countRooms(draft.rooms, draft.untouched);
  const plan = await writePaper(context, 'plan', 0, {
    tenant: context.tenant,
    date: context.day.date,
    timeZone: context.day.zone,
    layout,
    shards: references,
    rooms: counts,
    counted: countedRooms(draft.rooms),
  } satisfies DayPlan);
  const late = joined(
    await recordLateRooms(context, draft.earlier),
    await changedDays(context, lookBack, draft.recent),
  );
  context.log.info('The day is planned.', { stage: 'plan', shards: references.length, ...counts });
  const largestFirst = [...references].sort((a, b) => (b.expected ?? 0) - (a.expected ?? 0) || a.shard - b.shard);
  return { plan, shards: largestFirst.map(({ shard }) => shard), rooms: counts, late, settles: draft.settles };
}

/** Days that several ways have found, each once, in order. */
function joined(audited: readonly LateDay[], listed: readonly LateDay[]): LateDay[] {
  const days = new Map(listed.map((day) => [day.date, day]));
  for (const day of audited) days.set(day.date, { ...days.get(day.date), ...day });
  return [...days.values()].sort((a, b) => (a.date < b.date ? -1 : 1));
}

export function countRooms(rooms: readonly PlannedRoom[], untouched: number): RoomCounts {
  const from = (source: PlannedRoom['source']) => rooms.filter((room) => room.source === source).length;
  return {
    planned: rooms.length,
    fromMetadata: from('metadata'),
    fromAudit: from('audit'),
    fromStorage: from('storage'),
    untouched,
  };
}
