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
 * Lists a room's date folders for a business day, side by side. The key's time decides, before any download, which day an object belongs to.
 * In memory are the names of one room's day.
 *
 * @param empty takes the folders that hold nothing, by their prefix; those that are in it already are not listed
 */
export async function listRoomDay(
  store: ObjectStore,
  tenant: string,
  room: PlannedRoom,
  day: BusinessDay,
  empty: Set<string>,
): Promise<RoomDay> {
  const folders = utcFolders(day).map((folder) => ({ folder, prefix: `${messagesPrefix(tenant, room)}${folder}/` }));
  const toList = folders.filter(({ prefix }) => !empty.has(prefix));
  const found = await Promise.all(toList.map(({ folder, prefix }) => listFolder(store, room, day, prefix, folder)));
  for (const { prefix, listed } of found) if (listed === 0) empty.add(prefix);
  const candidates = found.flatMap((each) => each.candidates);
  candidates.sort((a, b) => compareKeys(a.key.key, b.key.key));
  const listed = found.reduce((sum, each) => sum + each.listed, 0);
  const listings = found.reduce((sum, each) => sum + each.listings, 0);
  return { room, listed, outside: listed - candidates.length, listings, candidates };
}

async function listFolder(store: ObjectStore, room: PlannedRoom, day: BusinessDay, prefix: string, folder: string) {
  const midnight = folderMidnight(folder);
  const candidates: Candidate[] = [];
  let listed = 0;
  let listings = 0;
  for await (const { entries } of objectPages(store, prefix)) {
    listings += 1;
    listed += entries.length;
    for (const { key: text, etag, size } of entries) {
      const key = readMessageKey(text, room, prefix, midnight);
      if (key.timeMs === undefined || isInDay(key.timeMs, day)) candidates.push({ key, etag, size });
    }
  }
  return { prefix, listed, listings, candidates };
}

export function isInDay(instantMs: number, day: BusinessDay): boolean {
  return instantMs >= day.start && instantMs < day.end;
}
