import { addDays, type BusinessDay, businessDay, utcFolders } from '../calendar';
import { orderedMap } from '../ordered-map';
import { AuditShare } from './audit-share';
import type { PlannedRoom } from './day-plan';
import type { ExportContext } from './export-context';
import {
  folderMidnight,
  lastPart,
  messagesPrefix,
  type RoomId,
  roomOrder,
  roomsPrefix,
  timeOfName,
  usersPrefix,
} from './message-key';
import { allObjects, allPrefixes } from './pages';

/** Prefixes that are walked side by side. */
const WALKS_AT_ONCE = 8;

/** A room found to hold messages, and the business days within the audit's window that have some. */
export interface RoomWithDays {
  readonly room: PlannedRoom;
  readonly dates: ReadonlySet<string>;
}

/** The users whose turn it is: those of them that metadata knows, and those that only storage knows. */
export async function usersToAudit(
  context: ExportContext,
  share: AuditShare,
  known: readonly string[],
): Promise<string[]> {
  if (context.options.auditShare <= 0) return [];
  const users = new Set(known);
  for await (const user of storedUsers(context)) if (share.includes(user)) users.add(user);
  return [...users].sort();
}

/** Every user that storage has a prefix for. */
export async function* storedUsers({ data, tenant }: ExportContext): AsyncGenerator<string, void, undefined> {
  for await (const prefix of allPrefixes(data, usersPrefix(tenant))) yield lastPart(prefix);
}

/** Every room that storage has a prefix for. */
export async function* storedRooms(
  { data, tenant }: ExportContext,
  user: string,
): AsyncGenerator<RoomId, void, undefined> {
  for await (const prefix of allPrefixes(data, roomsPrefix(tenant, user))) {
    yield { user, room: lastPart(prefix) };
  }
}

/**
 * Looks into every room of the given users for messages of the exported day and of the days before it that no other night's
 * audit looks at. Metadata can be behind storage: the chat product saves the message first, and its metadata update may fail.
 *
 * First one listing of the day folders a room and month: most rooms that metadata calls untouched have none in the window.
 *
 * @param titleOf the title of a room that metadata knows
 */
export async function* auditRooms(
  context: ExportContext,
  users: readonly string[],
  titleOf: (room: RoomId) => string | null,
): AsyncGenerator<RoomWithDays, void, undefined> {
  const window = auditWindow(context.day, context.options.auditShare);
  const found = orderedMap(roomsOfUsers(context, users), WALKS_AT_ONCE, async (room) => ({
    room: { ...room, title: titleOf(room), source: 'audit' } as const,
    dates: await datesWithMessages(context, room, window),
  }));
  for await (const room of found) if (room.dates.size > 0) yield room;
}

async function* roomsOfUsers(
  context: ExportContext,
  users: readonly string[],
): AsyncGenerator<RoomId, void, undefined> {
  for (const user of users) yield* storedRooms(context, user);
}

/** The exported day and those before it, back to the last one that had the same users' turn. */
function auditWindow(day: BusinessDay, share: number): BusinessDay[] {
  const length = AuditShare.daysForAll(share);
  return Array.from({ length }, (_, back) => businessDay(addDays(day.date, -back), day.zone));
}

async function datesWithMessages(
  { data, tenant }: ExportContext,
  room: RoomId,
  window: readonly BusinessDay[],
): Promise<Set<string>> {
  const dates = new Set<string>();
  const prefix = messagesPrefix(tenant, room);
  const folders = new Set(window.flatMap(utcFolders));
  const months = new Set(Array.from(folders, (folder) => folder.slice(0, 'yyyy/mm/'.length)));
  for (const month of months) {
    for await (const folder of allPrefixes(data, `${prefix}${month}`)) {
      if (!folders.has(folder.slice(prefix.length, -1))) continue;
      for await (const { key } of allObjects(data, folder)) {
        for (const date of datesOfKey(key.slice(prefix.length), window)) dates.add(date);
      }
    }
  }
  return dates;
}

/** The days of the window that a key may belong to; one without a readable time may belong to any day its folder touches. */
function datesOfKey(below: string, window: readonly BusinessDay[]): string[] {
  const folder = below.slice(0, 'yyyy/mm/dd'.length);
  const midnight = folderMidnight(folder);
  const timeOfDay = timeOfName(below.slice('yyyy/mm/dd/'.length));
  const first = midnight + (timeOfDay ?? 0);
  const last = timeOfDay === undefined ? midnight + 86_399_999 : first;
  return window.filter((day) => first < day.end && last >= day.start).map((day) => day.date);
}

/** Rooms by their place in the key order, for membership tests. */
export function roomSet(rooms: Iterable<RoomId>): Set<string> {
  return new Set(Array.from(rooms, roomOrder));
}
