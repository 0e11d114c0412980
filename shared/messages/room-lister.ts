import { type BusinessDay, utcFolders } from '../calendar';
import { StorageError } from '../errors';
import { orderedMap } from '../ordered-map';
import type { ObjectEntry } from '../ports/object-store';
import type { PlannedRoom } from './day-plan';
import type { ExportContext } from './export-context';
import { folderMidnight, messagesPrefix, readMessageKey } from './message-key';
import { objectPages } from './pages';
import { type Candidate, type RoomDay, roomDay } from './room-day';

/** Rooms that are listed ahead of the one being read: their names are in memory. */
const LISTS_AHEAD = 16;
/** Of a day that ended longer ago, a room may hold so much of later days that its folders are better listed one by one. */
const RECENT_MS = 36 * 3_600_000;

/** A UTC date of the day, and where a room's messages of it lie. */
interface DateFolder {
  readonly prefix: string;
  readonly midnight: number;
}

/** What was found of a room, and the listing requests that it took. */
interface Found {
  readonly objects: Candidate[];
  listings: number;
}

/** What the folders of one room hold for several days. */
export interface RoomDays {
  readonly room: PlannedRoom;
  readonly days: readonly RoomDay[];
}

/**
 * Lists the date folders of rooms for one business day or several, for one step of the work: what it has learned of the store, and of folders that hold
 * nothing, it does not find out twice.
 *
 * A day touches two UTC folders. Of a recent day one listing is enough for both: it begins at the first folder and goes on to the end of the
 * room, where nothing but some hours comes behind. A store that cannot begin there gives the whole room instead, or refuses:
 * from then on every folder is listed by itself. Either way the same objects are found.
 */
export class RoomLister {
  readonly #context: ExportContext;
  readonly #days: readonly BusinessDay[];
  readonly #dates: readonly string[];
  readonly #empty = new Set<string>();
  #listsFrom: boolean;

  /** @param days in order, those of the context without it */
  constructor(context: ExportContext, days: readonly BusinessDay[] = [context.day]) {
    this.#context = context;
    this.#days = days;
    this.#dates = [...new Set(days.flatMap(utcFolders))];
    this.#listsFrom = context.clock.now() - (days.at(-1) ?? context.day).end < RECENT_MS;
  }

  /** The day of every room, in the order given; of several days the first. */
  all(rooms: Iterable<PlannedRoom>): AsyncGenerator<RoomDay, void, undefined> {
    const [day = this.#context.day] = this.#days;
    return orderedMap(rooms, LISTS_AHEAD, async (room) => {
      const { objects, listings } = await this.#list(room);
      return roomDay(room, day, objects, listings);
    });
  }

  /** Every day of every room, in the order given: a room is listed once for all of its days, where the store can do that. */
  allDays(rooms: Iterable<PlannedRoom>): AsyncGenerator<RoomDays, void, undefined> {
    const foldersOf = this.#days.map((day) => new Set(utcFolders(day).map(folderMidnight)));
    return orderedMap(rooms, LISTS_AHEAD, async (room) => {
      const { objects, listings } = await this.#list(room);
      const days = this.#days.map((day, at) => {
        const own = objects.filter(({ key }) => foldersOf[at]?.has(key.folderMs));
        return roomDay(room, day, own, at === 0 ? listings : 0);
      });
      return { room, days };
    });
  }

  async #list(room: PlannedRoom): Promise<Found> {
    const below = messagesPrefix(this.#context.tenant, room);
    const folders = this.#dates
      .map((date) => ({ prefix: `${below}${date}/`, midnight: folderMidnight(date) }))
      .filter(({ prefix }) => !this.#empty.has(prefix));
    const found: Found = { objects: [], listings: 0 };
    const isFound = folders.length > 1 && this.#listsFrom && (await this.#listTogether(room, below, folders, found));
    if (!isFound) await Promise.all(folders.map((folder) => this.#listFolder(room, folder, found)));
    for (const { prefix, midnight } of folders) {
      if (!found.objects.some(({ key }) => key.folderMs === midnight)) this.#empty.add(prefix);
    }
    return found;
  }

  async #listFolder(room: PlannedRoom, folder: DateFolder, found: Found): Promise<void> {
    for await (const { entries } of objectPages(this.#context.data, folder.prefix)) {
      found.listings += 1;
      for (const entry of entries) found.objects.push(candidate(entry, room, folder));
    }
  }

  /** @returns false where the store did not do it: nothing is in `found` then but the listings */
  async #listTogether(
    room: PlannedRoom,
    below: string,
    folders: readonly DateFolder[],
    found: Found,
  ): Promise<boolean> {
    const from = folders[0]?.prefix ?? below;
    try {
      for await (const { entries } of objectPages(this.#context.data, below, { from })) {
        found.listings += 1;
        if (entries.some(({ key }) => key < from)) return this.#cannotListFrom(found);
        for (const entry of entries) {
          const folder = folders.find(({ prefix }) => entry.key.startsWith(prefix));
          if (folder !== undefined) found.objects.push(candidate(entry, room, folder));
          else if (!entry.key.startsWith(below)) return this.#cannotListFrom(found);
        }
      }
      return true;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      found.listings += 1;
      return this.#cannotListFrom(found);
    }
  }

  #cannotListFrom(found: Found): false {
    this.#listsFrom = false;
    found.objects.length = 0;
    return false;
  }
}

function candidate({ key, etag, size }: ObjectEntry, room: PlannedRoom, { prefix, midnight }: DateFolder): Candidate {
  return { key: readMessageKey(key, room, prefix, midnight), etag, size };
}

/** Whether the store takes no such request; if it takes none at all, listing the folders will say so. */
function isRefusal(error: unknown): boolean {
  return error instanceof StorageError && error.code === 'storage_request_invalid';
}
