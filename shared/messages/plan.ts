import { epochDay } from '../calendar';
import { auditRooms, type RoomWithDays, storedRooms, storedUsers, usersToAudit } from './audit';
import { AuditShare } from './audit-share';
import type { DayPlan, LateRooms, PlannedRoom, RoomCounts, ShardPlan } from './day-plan';
import { type ErasedUsers, erasedUsers } from './erased-users';
import type { ExportContext } from './export-context';
import { compareKeys } from './key-order';
import { knownUsers } from './known-rooms';
import { type LateDay, recordLateRooms } from './late-rooms';
import { changedDays, lookBackStart, type RecordedDay } from './look-back';
import { roomOrder } from './message-key';
import { planFolder } from './output-paths';
import { allObjects } from './pages';
import { readPaper, writePaper } from './papers';
import { type PublishedDay, publishedRooms, readPublishedDay } from './published-day';
import { type PlannedRepair, repairsOfDay, repairsOfRooms, roomsOfRepairs } from './repairs';
import { countedRooms, expectedMessages, type RoomScale, scaleOf, scaleOfDayBefore } from './room-weights';
import { expectedOf, shardRooms, usersOfSeveralShards, type WeighedRoom } from './shard-layout';

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

/** A room of a plan, with what it is expected to have. */
export type ExpectedRoom = PlannedRoom & WeighedRoom;

/** A plan that is not saved yet. */
export interface DraftPlan {
  /** In key order. */
  readonly rooms: readonly ExpectedRoom[];
  /** Rooms that metadata knows to be untouched since before the day. */
  readonly untouched: number;
  /** Rooms that were touched since the days that are looked back on, or cannot be told. */
  readonly recent: readonly PlannedRoom[];
  /** Rooms of the audit with messages of days before the planned one. */
  readonly earlier: readonly RoomWithDays[];
  readonly settles: readonly string[];
  /** Corrected copies of messages that the published day has in quarantine, or had. */
  readonly repairs: readonly PlannedRepair[];
}

/**
 * Decides which rooms a tenant's day is read from. Rooms come from metadata, and there only those that were updated since the
 * day began; where metadata knows no room at all, from a walk of all prefixes. Then come what the audit found, what a
 * published version of the day was made from, and what later nights' audits recorded. Rooms of erased users are left out, whoever names them.
 * Writes nothing.
 */
export async function draftPlan(
  context: ExportContext,
  published: PublishedDay | undefined,
  lookBack: readonly RecordedDay[] = [],
): Promise<DraftPlan> {
  const rooms = new Map<string, ExpectedRoom>();
  const scale = await scaleOfDayBefore(context.analytics, context.tenant, context.day.date);
  const add = (room: PlannedRoom) => {
    if (!rooms.has(roomOrder(room))) rooms.set(roomOrder(room), weighed(room, scale));
  };
  const share = new AuditShare(context.options.auditShare, epochDay(context.day.date));
  const erased = await erasedUsers(context.metadata, context.tenant);
  const known = await roomsOfMetadata(context, share, erased, add, lookBackStart(context, lookBack));
  const earlier: RoomWithDays[] = [];
  if (known.touched + known.untouched === 0) {
    for await (const room of roomsOfStorage(context, erased)) {
      add(room);
      known.recent.push(room);
    }
  } else {
    const users = (await usersToAudit(context, share, known.auditedUsers)).filter((user) => !erased.has(user));
    for await (const found of auditRooms(context, users, (room) => known.titles.get(roomOrder(room)) ?? null)) {
      if (found.dates.has(context.day.date)) add(found.room);
      if ([...found.dates].some((date) => date < context.day.date)) earlier.push(found);
    }
  }
  if (published !== undefined) {
    const own = (await scaleOf(context.analytics, published)) ?? scale;
    for await (const room of publishedRooms(context.analytics, published.manifest)) {
      if (erased.has(room.user)) continue;
      const { title } = rooms.get(roomOrder(room)) ?? room;
      // Who found a room stands, though metadata has learned of it since: it is part of what was published. And so does what it was
      // expected to have: the day has not grown because its room was written to later.
      rooms.set(roomOrder(room), weighed({ ...room, title }, own));
    }
  }
  const settles: string[] = [];
  for await (const { key } of allObjects(context.analytics, lateFolder(context))) {
    for (const room of (await readPaper<LateRooms>(context.analytics, key)).rooms)
      if (!erased.has(room.user)) add(room);
    settles.push(key);
  }
  const repairs = await repairsOfDay(context, published);
  for (const room of roomsOfRepairs(context.tenant, repairs))
    if (!erased.has(room.user)) add({ ...room, title: null, source: 'storage' });
  const ordered = [...rooms.values()].sort((a, b) => compareKeys(roomOrder(a), roomOrder(b)));
  return { rooms: ordered, untouched: known.untouched, recent: known.recent, earlier, settles, repairs };
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

/** The room as it stands in a plan: what it was expected to have already stays. */
function weighed({ user, room, title, source, count, expected }: PlannedRoom, scale: RoomScale): ExpectedRoom {
  return { user, room, title, source, count, expected: expected ?? expectedMessages(scale, count) };
}

interface MetadataRooms {
  readonly touched: number;
  readonly untouched: number;
  readonly recent: PlannedRoom[];
  /** Users whose turn in the audit it is, and the titles of their untouched rooms. A tenant's other old rooms are not kept in memory. */
  readonly auditedUsers: readonly string[];
  readonly titles: ReadonlyMap<string, string | null>;
}

async function roomsOfMetadata(
  context: ExportContext,
  share: AuditShare,
  erased: ErasedUsers,
  add: (room: PlannedRoom) => void,
  recentFrom: number | undefined,
): Promise<MetadataRooms> {
  const auditedUsers: string[] = [];
  const recent: PlannedRoom[] = [];
  const titles = new Map<string, string | null>();
  let touched = 0;
  let untouched = 0;
  for await (const { user, rooms } of knownUsers(context.metadata, context.tenant)) {
    if (erased.has(user)) continue;
    const audited = share.includes(user);
    if (audited) auditedUsers.push(user);
    for (const { room, title, updatedAtMs, count } of rooms) {
      if (recentFrom !== undefined && (updatedAtMs ?? recentFrom) >= recentFrom)
        recent.push({ user, room, title, source: 'metadata', count });
      // Without a readable time there is no reason to believe that the room was untouched.
      if (updatedAtMs === undefined || updatedAtMs >= context.day.start) {
        touched += 1;
        add({ user, room, title, source: 'metadata', count });
      } else {
        untouched += 1;
        if (audited) titles.set(roomOrder({ user, room }), title);
      }
    }
  }
  return { touched, untouched, recent, auditedUsers, titles };
}

async function* roomsOfStorage(
  context: ExportContext,
  erased: ErasedUsers,
): AsyncGenerator<PlannedRoom, void, undefined> {
  for await (const user of storedUsers(context)) {
    if (erased.has(user)) continue;
    for await (const room of storedRooms(context, user)) yield { ...room, title: null, source: 'storage' };
  }
}

function lateFolder({ tenant, day }: ExportContext): string {
  return `${planFolder(tenant, day.date)}late-`;
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
