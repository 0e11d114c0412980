import type { RoomCounts } from './day-plan';
import { draftPlan } from './draft-plan';
import type { ExportContext } from './export-context';
import { datesBefore } from './late-rooms';
import { countRooms } from './plan';
import { readPublishedDay } from './published-day';
import { RoomLister } from './room-lister';
import { shardRooms } from './shard-layout';

/** What exporting a day would read and write, found out by listing alone. */
export interface DayPreview {
  readonly rooms: RoomCounts;
  readonly shards: number;
  /** Objects in the day's folders, those of neighbouring days among them. */
  readonly listed: number;
  readonly outside: number;
  /** Objects that would be read, and their bytes. */
  readonly toRead: number;
  readonly bytesToRead: number;
  /** Requests that the export itself would make: listings of rooms, and reads. */
  readonly requests: number;
  readonly published: boolean;
  /** Earlier dates in which the audit sees messages of rooms it looked into; running tells whether they are news. */
  readonly earlierDates: readonly string[];
}

/** Looks at a tenant's day as planning does, and writes nothing. */
export async function previewDay(context: ExportContext): Promise<DayPreview> {
  const published = await readPublishedDay(context.analytics, context.tenant, context.day.date);
  const draft = await draftPlan(context, published);
  const { shards } = shardRooms(draft.rooms, context.options.shardMessages, published?.manifest.layout);
  let listed = 0;
  let outside = 0;
  let toRead = 0;
  let bytesToRead = 0;
  let listings = 0;
  for await (const room of new RoomLister(context).all(draft.rooms)) {
    listed += room.listed;
    outside += room.outside;
    toRead += room.candidates.length;
    bytesToRead += room.candidates.reduce((sum, { size }) => sum + size, 0);
    listings += room.listings;
  }
  return {
    rooms: countRooms(draft.rooms, draft.untouched),
    shards: shards.filter((members) => members.length > 0).length,
    listed,
    outside,
    toRead,
    bytesToRead,
    requests: toRead + listings,
    published: published !== undefined,
    earlierDates: datesBefore(draft.earlier, context.day.date),
  };
}
