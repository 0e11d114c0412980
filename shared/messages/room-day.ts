import type { BusinessDay } from '../calendar';
import type { PlannedRoom } from './day-plan';
import { compareKeys } from './key-order';
import type { MessageKey } from './message-key';

/** An object of the day, still to be read: its key's time lies in the day, or only its body can tell. */
export interface Candidate {
  readonly key: MessageKey;
  readonly etag: string;
  /** In bytes. */
  readonly size: number;
}

/** What the date folders of one room hold for a day. */
export interface RoomDay {
  readonly room: PlannedRoom;
  readonly listed: number;
  /** Objects that by their key's time belong to a neighbouring day: they are not read. */
  readonly outside: number;
  /** Listing requests made. */
  readonly listings: number;
  /** In key order. */
  readonly candidates: readonly Candidate[];
}

/**
 * What a room's listed objects are for a business day. The key's time decides, before any download, which day an object belongs to.
 *
 * @param listed all objects of the room's date folders for the day, in any order
 * @param listings requests made for them
 */
export function roomDay(room: PlannedRoom, day: BusinessDay, listed: readonly Candidate[], listings: number): RoomDay {
  const candidates = listed.filter(({ key }) => key.timeMs === undefined || isInDay(key.timeMs, day));
  candidates.sort((a, b) => compareKeys(a.key.key, b.key.key));
  return { room, listed: listed.length, outside: listed.length - candidates.length, listings, candidates };
}

export function isInDay(instantMs: number, day: BusinessDay): boolean {
  return instantMs >= day.start && instantMs < day.end;
}
