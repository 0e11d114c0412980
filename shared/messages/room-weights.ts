import { addDays } from '../calendar';
import type { ObjectStore } from '../ports/object-store';
import type { CountedRooms, DayPlan, PlannedRoom } from './day-plan';
import { readPaperIfThere } from './papers';
import { type PublishedDay, readPublishedDay } from './published-day';

/**
 * How many messages a day's rooms are expected to have, for shards of about the same work.
 *
 * The metadata counts all the messages that a room ever had. That says which rooms are large, not how many messages they have today:
 * the day before does, where it is published. A room is expected to have half of what the day before had in a room, and half of that in
 * proportion to its own count. Either half alone can be far off, for an old room is often quiet and a count may lag behind; together they are
 * wrong by half at the most where one of them is right. What a room is expected to have depends on no other room of its day, so that one more
 * message moves nobody else.
 */
export interface RoomScale {
  /** Messages of an ordinary room. */
  readonly perRoom: number;
  /** Messages of the day for each that the metadata counts; undefined where it cannot be told. */
  readonly perCounted: number | undefined;
  /** A count says no more than this one. */
  readonly countCap: number;
}

/**
 * Without a day before, a count stands for itself: a room of a new tenant has had all its messages lately. Few rooms have more than
 * a thousand a day, though many have had more in all.
 */
export const UNMEASURED: RoomScale = { perRoom: 20, perCounted: 1, countCap: 1000 };

/** Whatever room is planned is listed, in the two date folders of a day: that takes about as long as to read two messages. */
const LEAST_EXPECTED = 2;
/** Bounds of what is taken over from a day before, which may have been a holiday, or one room's. */
const PER_ROOM = { least: 4, most: 500 };
const MOST_PER_COUNTED = 10;
/** A count that is wrong by far must not make all others look small. */
export const COUNT_CAP = 100_000;

/** The messages that a room is expected to have. @param count what the metadata says that it has had in all, where it does */
export function expectedMessages({ perRoom, perCounted, countCap }: RoomScale, count: number | undefined): number {
  const byCount = count === undefined || perCounted === undefined ? perRoom : Math.min(count, countCap) * perCounted;
  return Math.max(LEAST_EXPECTED, Math.round((perRoom + byCount) / 2));
}

/** A room's count as metadata may hold it: undefined where it is none. */
export function readCount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? Math.min(value, COUNT_CAP) : undefined;
}

/** The counts of a plan's rooms, for the day after it to measure by. */
export function countedRooms(rooms: readonly PlannedRoom[]): CountedRooms {
  const counts = rooms.flatMap(({ count }) => (count === undefined ? [] : [count]));
  return { rooms: counts.length, messages: counts.reduce((sum, count) => sum + count, 0) };
}

/** What the day before tells about rooms: two small objects are read. */
export async function scaleOfDayBefore(analytics: ObjectStore, tenant: string, date: string): Promise<RoomScale> {
  const before = await readPublishedDay(analytics, tenant, addDays(date, -1));
  return (before === undefined ? undefined : await scaleOf(analytics, before)) ?? UNMEASURED;
}

/** What a published day tells about rooms; undefined where its plan is gone, or had no room. */
export async function scaleOf(analytics: ObjectStore, { manifest }: PublishedDay): Promise<RoomScale | undefined> {
  const plan = await readPaperIfThere<DayPlan>(analytics, manifest.plan);
  if (plan === undefined || plan.rooms.planned === 0) return undefined;
  const { listed, outside } = manifest.proof;
  const perRoom = Math.min(Math.max((listed - outside) / plan.rooms.planned, PER_ROOM.least), PER_ROOM.most);
  return { perRoom, perCounted: perCounted(perRoom, plan.counted), countCap: COUNT_CAP };
}

/** An ordinary room has the ordinary count. */
function perCounted(perRoom: number, counted: CountedRooms | undefined): number | undefined {
  if (counted === undefined || counted.messages === 0) return undefined;
  return Math.min((perRoom * counted.rooms) / counted.messages, MOST_PER_COUNTED);
}
