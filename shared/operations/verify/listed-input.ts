import { type DraftPlan, draftPlan } from '../../messages/draft-plan';
import type { ExportContext } from '../../messages/export-context';
import { type FinishedDigest, InputDigest } from '../../messages/input-digest';
import type { Manifest } from '../../messages/manifest';
import { roomOrder } from '../../messages/message-key';
import type { PublishedDay } from '../../messages/published-day';
import { RoomLister } from '../../messages/room-lister';
import { shardRooms } from '../../messages/shard-layout';

/** What the rooms of a day hold now, by the shards of its published version. */
export interface ListedInput {
  /** The rooms that planning the day again would read. */
  readonly rooms: ReadonlyMap<number, DraftPlan['rooms']>;
  readonly digests: ReadonlyMap<number, FinishedDigest>;
  readonly objects: number;
}

/** Lists the rooms of a day as planning it again would, and takes the digests that an export of them would take. */
export async function listInput(context: ExportContext, published: PublishedDay): Promise<ListedInput> {
  const { rooms } = await draftPlan(context, published);
  // Nothing is divided further: the digests are to be those of the shards as they were published.
  const { shards } = shardRooms(rooms, Number.POSITIVE_INFINITY, published.manifest.layout);
  const shardOf = new Map(shards.flatMap((own, shard) => own.map((room) => [roomOrder(room), shard] as const)));
  const digests = shards.map(() => new InputDigest());
  for await (const listed of new RoomLister(context).all(rooms))
    digests[shardOf.get(roomOrder(listed.room)) ?? -1]?.add(listed);
  const finished = digests.map((digest) => digest.finish(context, []));
  return {
    rooms: new Map(shards.entries()),
    digests: new Map(finished.entries()),
    objects: finished.reduce((sum, { objects }) => sum + objects, 0),
  };
}

/** Whether there are objects in rooms of shards that the published version did not have. */
export function hasNewShards({ digests }: ListedInput, { shards }: Manifest): boolean {
  const known = new Set(shards.map(({ shard }) => shard));
  return [...digests].some(([shard, { objects }]) => objects > 0 && !known.has(shard));
}
