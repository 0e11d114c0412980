import { createHash } from 'node:crypto';
import type { RoomId } from './message-key';

/**
 * How a tenant's rooms are divided into shards.
 *
 * Every room has an address of 128 bits: 64 of its user's hash, then 64 of its own. A shard is a prefix of such addresses,
 * and the shards of a layout cover them all, like the leaves of a binary tree. A shard that is too large is split into its
 * two halves, and no other shard notices. So where a user's rooms go depends on hashes alone: one more message, room or user
 * moves nobody else, and a user is divided over shards only when it fills one by itself, because only then does the prefix
 * grow beyond the 64 bits that a user's rooms share. A room is never divided.
 *
 * What fills a shard is messages, by what its rooms are expected to have (see room-weights.ts): that is where a run's time goes, and a
 * user with half of a tenant's messages in a few rooms must not be one shard that all others are waiting for.
 *
 * A layout is kept with the published day and taken up when the day is run again, so that a day that has grown a
 * little keeps its parts; it is split further only where a shard has grown to twice the messages aimed at.
 *
 * The place in the array is the shard's number, which names its part: a split keeps the number for one half and gives the
 * other the next free one.
 */
export type ShardLayout = readonly string[];

const WHOLE: ShardLayout = [''];
const USER_BITS = 64;
const ADDRESS_BITS = 2 * USER_BITS;

/** The room's address as a string of `0` and `1`. */
export function roomAddress(room: RoomId): string {
  return hashBits(room.user) + hashBits(`${room.user}/${room.room}`);
}

/** The first 64 bits of the text's SHA-256. */
function hashBits(text: string): string {
  const digest = createHash('sha256').update(text).digest();
  return digest.readBigUInt64BE(0).toString(2).padStart(USER_BITS, '0');
}

/** A room and how many messages of the day it is expected to have. */
export interface WeighedRoom extends RoomId {
  readonly expected: number;
}

export interface Sharded<Room extends WeighedRoom> {
  readonly layout: ShardLayout;
  /** The rooms of each shard of the layout; a shard may have none. */
  readonly shards: readonly (readonly Room[])[];
}

/**
 * Divides rooms into shards that are expected to have `messagesAShard` messages at most, but for a room that has more by itself:
 * that one is alone.
 *
 * @param published the layout of the day's published version, where there is one
 */
export function shardRooms<Room extends WeighedRoom>(
  rooms: readonly Room[],
  messagesAShard: number,
  published?: ShardLayout,
): Sharded<Room> {
  const limit = published === undefined ? messagesAShard : 2 * messagesAShard;
  const layout = [...(published ?? WHOLE)];
  const addressed = rooms.map((room) => ({ room, address: roomAddress(room) }));
  const members = assign(addressed, layout);
  for (let shard = 0; shard < layout.length; ) {
    const prefix = layout[shard] as string;
    const own = members[shard] ?? [];
    const fits = own.length <= 1 || expectedOf(own.map(({ room }) => room)) <= limit;
    if (fits || prefix.length >= ADDRESS_BITS) {
      shard++;
      continue;
    }
    layout[shard] = `${prefix}0`;
    layout.push(`${prefix}1`);
    members[shard] = own.filter(({ address }) => address[prefix.length] === '0');
    members.push(own.filter(({ address }) => address[prefix.length] === '1'));
  }
  return { layout, shards: members.map((own) => own.map(({ room }) => room)) };
}

/** The messages that rooms are expected to have together. */
export function expectedOf(rooms: readonly WeighedRoom[]): number {
  return rooms.reduce((sum, { expected }) => sum + expected, 0);
}

interface Addressed<Room> {
  readonly room: Room;
  readonly address: string;
}

function assign<Room>(rooms: readonly Addressed<Room>[], layout: ShardLayout): Addressed<Room>[][] {
  const shardOf = new Map(layout.map((prefix, shard) => [prefix, shard]));
  const lengths = [...new Set(layout.map((prefix) => prefix.length))];
  const members: Addressed<Room>[][] = layout.map(() => []);
  for (const item of rooms) {
    const length = lengths.find((bits) => shardOf.has(item.address.slice(0, bits)));
    const shard = length === undefined ? undefined : shardOf.get(item.address.slice(0, length));
    if (shard === undefined) throw new RangeError(`No shard of the layout covers the address ${item.address}.`);
    members[shard]?.push(item);
  }
  return members;
}

/** The users that have rooms in more than one shard: publishing merges their rows. */
export function usersOfSeveralShards(shards: readonly (readonly RoomId[])[]): Set<string> {
  const shardOf = new Map<string, number>();
  const several = new Set<string>();
  shards.forEach((rooms, shard) => {
    for (const { user } of rooms) {
      const first = shardOf.get(user) ?? shard;
      shardOf.set(user, first);
      if (first !== shard) several.add(user);
    }
  });
  return several;
}
