import { businessDay } from '../calendar';
import type { PlannedRoom } from './day-plan';
import type { ExportContext } from './export-context';
import { InputSum } from './input-sum';
import type { LateDay } from './late-rooms';
import { roomOrder } from './message-key';
import { publishedRooms, readPublishedDay } from './published-day';
import { RoomLister } from './room-lister';

/** A published day that is to be listed again, as its record has it. */
export interface RecordedDay {
  readonly date: string;
  /** See input-sum.ts; missing in records of versions that took none. */
  readonly inputSum?: string;
  readonly objects?: number;
  /** Whether it has rooms that metadata did not name: these are looked up in its working papers. */
  readonly unnamedRooms: boolean;
}

/** The instant from which on a room that was touched may hold messages of the days looked back on; undefined where there is none. */
export function lookBackStart({ day }: ExportContext, days: readonly RecordedDay[]): number | undefined {
  if (days.length === 0) return undefined;
  return Math.min(day.start, ...days.map(({ date }) => businessDay(date, day.zone).start));
}

/**
 * Which published days have other objects by now than they were made from, found out by listing alone: one request for a room and all days,
 * where the store can begin in the middle of a room.
 *
 * @param recent the rooms that were touched since the first of these days began
 */
export async function changedDays(
  context: ExportContext,
  recorded: readonly RecordedDay[],
  recent: readonly PlannedRoom[],
): Promise<LateDay[]> {
  if (recorded.length === 0) return [];
  const ordered = [...recorded].sort((a, b) => (a.date < b.date ? -1 : 1));
  const rooms = new Map(recent.map((room) => [roomOrder(room), room]));
  for (const { date } of ordered.filter(({ unnamedRooms }) => unnamedRooms)) {
    const published = await readPublishedDay(context.analytics, context.tenant, date);
    if (published === undefined) continue;
    for await (const room of publishedRooms(context.analytics, published.manifest)) rooms.set(roomOrder(room), room);
  }
  const days = ordered.map(({ date }) => businessDay(date, context.day.zone));
  const sums = days.map(() => new InputSum());
  for await (const listed of new RoomLister(context, days).allDays(rooms.values())) {
    listed.days.forEach(({ candidates }, at) => {
      sums[at]?.addRoom(candidates);
    });
  }
  return ordered.flatMap(({ date, inputSum, objects = 0 }, at) => {
    const now = sums[at] as InputSum;
    if (inputSum === now.hex) return [];
    const more = inputSum === undefined ? {} : { objects: now.objects - objects };
    return [{ date, rooms: 0, published: true, ...more }];
  });
}
