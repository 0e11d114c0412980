import { type BusinessDay, utcFolders } from '../calendar';
import type { ObjectStore } from '../ports/object-store';
import type { PlannedRoom } from './day-plan';
import { compareKeys } from './key-order';
import { folderMidnight, type MessageKey, messagesPrefix, readMessageKey } from './message-key';
import { objectPages } from './pages';

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
 * Lists a room's date folders for a business day. The key's time decides, before any download, which day an object belongs to.
 * In memory are the names of one room's day.
 */
export async function listRoomDay(
  store: ObjectStore,
  tenant: string,
  room: PlannedRoom,
  day: BusinessDay,
): Promise<RoomDay> {
  const candidates: Candidate[] = [];
  let listed = 0;
  let listings = 0;
  for (const folder of utcFolders(day)) {
    const prefix = `${messagesPrefix(tenant, room)}${folder}/`;
    const midnight = folderMidnight(folder);
    for await (const { entries } of objectPages(store, prefix)) {
      listings += 1;
      listed += entries.length;
      for (const { key: text, etag, size } of entries) {
        const key = readMessageKey(text, room, prefix, midnight);
        if (key.timeMs === undefined || isInDay(key.timeMs, day)) candidates.push({ key, etag, size });
      }
    }
  }
  candidates.sort((a, b) => compareKeys(a.key.key, b.key.key));
  return { room, listed, outside: listed - candidates.length, listings, candidates };
}

export function isInDay(instantMs: number, day: BusinessDay): boolean {
  return instantMs >= day.start && instantMs < day.end;
}
