import { epochDay } from '../calendar';
import { auditRooms, type RoomWithDays, storedRooms, storedUsers, usersToAudit } from './audit';
import { AuditShare } from './audit-share';
import type { LateRooms, PlannedRoom } from './day-plan';
import { type ErasedUsers, erasedUsers } from './erased-users';
import type { ExportContext } from './export-context';
import { compareKeys } from './key-order';
import { knownUsers } from './known-rooms';
import { lookBackStart, type RecordedDay } from './look-back';
import { roomOrder } from './message-key';
import { planFolder } from './output-paths';
import { allObjects } from './pages';
import { readPaper } from './papers';
import { type PublishedDay, publishedRooms } from './published-day';
import { type PlannedRepair, repairsOfDay, roomsOfRepairs } from './repairs';
import { expectedMessages, type RoomScale, scaleOf, scaleOfDayBefore } from './room-weights';
import type { WeighedRoom } from './shard-layout';

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
