import { type RoomWithDays, roomSet } from './audit';
import type { LateRooms, PlannedRoom } from './day-plan';
import type { ExportContext } from './export-context';
import { roomOrder } from './message-key';
import { writePaper } from './papers';
import { publishedRooms, readPublishedDay } from './published-day';

/** An earlier day with other objects than its published version was made from. */
export interface LateDay {
  readonly date: string;
  /** Rooms that the audit found, and that the published version did not look into. */
  readonly rooms: number;
  /** How many objects more, or fewer, a listing has found than there were; missing where none was made, or there is nothing to compare. */
  readonly objects?: number;
  /** Whether the day is published: one that is will be run again, one that is not is only reported. */
  readonly published: boolean;
}

/**
 * Sorts out which of the audit's findings in earlier days are news, and records the rooms beside those days' plans, where
 * planning such a day again takes them in. Days are looked at one by one, so that one day's rooms are in memory at a time.
 */
export async function recordLateRooms(context: ExportContext, found: readonly RoomWithDays[]): Promise<LateDay[]> {
  const late: LateDay[] = [];
  for (const date of datesBefore(found, context.day.date)) {
    const candidates = found.filter(({ dates: all }) => all.has(date)).map(({ room }) => room);
    const published = await readPublishedDay(context.analytics, context.tenant, date);
    if (published === undefined) {
      late.push({ date, rooms: candidates.length, published: false });
      continue;
    }
    const rooms = await without(candidates, publishedRooms(context.analytics, published.manifest));
    if (rooms.length === 0) continue;
    const paper: LateRooms = { rooms };
    await writePaper(context, 'late', 0, paper, date);
    late.push({ date, rooms: rooms.length, published: true });
  }
  return late;
}

/** The dates before a given one on which the found rooms have messages, each once, in order. */
export function datesBefore(found: readonly RoomWithDays[], date: string): string[] {
  const dates = new Set(found.flatMap(({ dates: all }) => [...all]));
  return [...dates].filter((each) => each < date).sort();
}

async function without(rooms: readonly PlannedRoom[], known: AsyncIterable<PlannedRoom>): Promise<PlannedRoom[]> {
  const left = roomSet(rooms);
  for await (const room of known) left.delete(roomOrder(room));
  return rooms.filter((room) => left.has(roomOrder(room)));
}
