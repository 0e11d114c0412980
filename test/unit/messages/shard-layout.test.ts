import fc from 'fast-check';
import { type RoomId, roomOrder } from '../../../shared/messages/message-key';
import {
  roomAddress,
  type Sharded,
  type ShardLayout,
  shardRooms,
  usersOfSeveralShards,
} from '../../../shared/messages/shard-layout';
import { roomIds } from './keys';

/** Rooms of a few users with many rooms and many users with few, odd ids among them, each room once. */
const manyRooms = fc
  .record({
    odd: fc.array(roomIds, { maxLength: 30 }),
    users: fc.array(fc.tuple(fc.nat(200), fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 40 }))), {
      maxLength: 25,
    }),
  })
  .map(({ odd, users }) => {
    const rooms = users.flatMap(([user, count]) =>
      Array.from({ length: count }, (_, i) => ({ user: `u${user}`, room: `r${i}` })),
    );
    return [...new Map([...rooms, ...odd].map((room) => [roomOrder(room), room])).values()];
  });
const limits = fc.integer({ min: 1, max: 12 });

function shardOfEach<Room extends RoomId>({ layout, shards }: Sharded<Room>): Map<string, string> {
  return new Map(shards.flatMap((rooms, shard) => rooms.map((room) => [roomOrder(room), layout[shard] ?? '?'])));
}

/** The prefixes cover every address once: then the parts of the address space that they stand for add up to all of it. */
function coverage(layout: ShardLayout): bigint {
  return layout.reduce((sum, prefix) => sum + 2n ** BigInt(128 - prefix.length), 0n);
}

function roomsOfUsers(rooms: readonly RoomId[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { user } of rooms) counts.set(user, (counts.get(user) ?? 0) + 1);
  return counts;
}

describe('rooms divided into shards', () => {
  test('are in exactly one each, in the order they came in, below its prefix', () => {
    fc.assert(
      fc.property(manyRooms, limits, (rooms, limit) => {
        const { layout, shards } = shardRooms(rooms, limit);

        expect(shards).toHaveLength(layout.length);
        expect(shards.flat()).toHaveLength(rooms.length);
        shards.forEach((members, shard) => {
          if (members.length === 0) return;
          const inside = new Set(members);
          expect(members).toEqual(rooms.filter((room) => inside.has(room)));
          expect(members.every((room) => roomAddress(room).startsWith(layout[shard] ?? '?'))).toBe(true);
        });
      }),
      { numRuns: 30 },
    );
  });

  test('have shards that cover every address, none of them twice', () => {
    fc.assert(
      fc.property(manyRooms, limits, (rooms, limit) => {
        const { layout } = shardRooms(rooms, limit);

        expect(coverage(layout)).toBe(2n ** 128n);
        const sorted = [...layout].sort();
        sorted.slice(1).forEach((prefix, i) => {
          expect(prefix.startsWith(sorted[i] ?? '?')).toBe(false);
        });
      }),
      { numRuns: 30 },
    );
  });

  test('have shards within the limit, and no division that it did not ask for', () => {
    fc.assert(
      fc.property(manyRooms, limits, (rooms, limit) => {
        const { layout, shards } = shardRooms(rooms, limit);

        for (const members of shards) expect(members.length).toBeLessThanOrEqual(limit);
        const addresses = rooms.map(roomAddress);
        for (const parent of layout.filter((prefix) => prefix !== '').map((prefix) => prefix.slice(0, -1))) {
          expect(addresses.filter((address) => address.startsWith(parent)).length).toBeGreaterThan(limit);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('of one user are in several shards only if they are more than the limit', () => {
    fc.assert(
      fc.property(manyRooms, limits, (rooms, limit) => {
        const { shards } = shardRooms(rooms, limit);

        const users = roomsOfUsers(rooms);
        const homes = (user: string) => shards.filter((members) => members.some((room) => room.user === user)).length;
        const divided = [...users.keys()].filter((user) => homes(user) > 1);
        expect(usersOfSeveralShards(shards)).toEqual(new Set(divided));
        for (const [user, count] of users) expect(divided.includes(user)).toBe(count > limit);
      }),
    );
  });

  test('go where they go whatever order they come in', () => {
    const shuffled = manyRooms.chain((rooms) =>
      fc.tuple(fc.constant(rooms), fc.shuffledSubarray(rooms, { minLength: rooms.length })),
    );
    fc.assert(
      fc.property(shuffled, limits, ([rooms, others], limit) => {
        const first = shardRooms(rooms, limit);
        const second = shardRooms(others, limit);

        expect(second.layout).toEqual(first.layout);
        expect(shardOfEach(second)).toEqual(shardOfEach(first));
      }),
    );
  });

  test('stay where they are when rooms come in, but for those of a shard that is split', () => {
    fc.assert(
      fc.property(manyRooms, manyRooms, limits, (rooms, more, limit) => {
        const known = new Set(rooms.map(roomOrder));
        const before = shardOfEach(shardRooms(rooms, limit));

        const after = shardOfEach(shardRooms([...more.filter((room) => !known.has(roomOrder(room))), ...rooms], limit));

        for (const [room, shard] of before) expect(after.get(room)?.startsWith(shard)).toBe(true);
        const { layout } = shardRooms([...rooms, ...more.filter((room) => !known.has(roomOrder(room)))], limit);
        for (const [room, shard] of before) if (layout.includes(shard)) expect(after.get(room)).toBe(shard);
      }),
      { numRuns: 30 },
    );
  });

  test('of none make one empty shard', () => {
    expect(shardRooms([], 5)).toEqual({ layout: [''], shards: [[]] });
  });
});

describe('rooms divided as a published day was', () => {
  test('keep their shards and the shards their numbers, up to twice the size', () => {
    fc.assert(
      fc.property(manyRooms, manyRooms, limits, (rooms, more, limit) => {
        const known = new Set(rooms.map(roomOrder));
        const published = shardRooms(rooms, limit);
        const all = [...rooms, ...more.filter((room) => !known.has(roomOrder(room)))];

        const again = shardRooms(all, limit, published.layout);

        expect(Math.max(...again.shards.map((members) => members.length))).toBeLessThanOrEqual(2 * limit);
        const addressed = all.map((room) => ({ room, address: roomAddress(room) }));
        const splits = published.layout.filter((prefix, shard) => {
          const members = addressed.filter(({ address }) => address.startsWith(prefix)).map(({ room }) => room);
          const kept = again.layout[shard] === prefix;
          expect(kept).toBe(members.length <= 2 * limit);
          expect(again.layout[shard]?.startsWith(prefix)).toBe(true);
          if (kept && members.length > 0) expect(again.shards[shard]).toEqual(members);
          return !kept;
        });
        if (splits.length === 0) expect(again.layout).toEqual(published.layout);
        expect(coverage(again.layout)).toBe(2n ** 128n);
      }),
      { numRuns: 30 },
    );
  });

  test('are divided the very same when nothing changed, and when rooms went away', () => {
    fc.assert(
      fc.property(manyRooms, limits, fc.integer({ min: 2, max: 5 }), (rooms, limit, every) => {
        const published = shardRooms(rooms, limit);
        const left = rooms.filter((_, i) => i % every !== 0);

        expect(shardRooms(rooms, limit, published.layout)).toEqual(published);
        const again = shardRooms(left, limit, published.layout);
        expect(again.layout).toEqual(published.layout);
        expect(again.shards).toEqual(published.shards.map((members) => members.filter((room) => left.includes(room))));
      }),
    );
  });

  test('are refused under a layout that does not cover them', () => {
    const rooms = Array.from({ length: 20 }, (_, i) => ({ user: `u${i}`, room: 'r' }));

    expect(() => shardRooms(rooms, 5, ['00', '1'])).toThrow(/No shard of the layout covers the address 01/);
  });
});

test('a room’s address begins with its user’s, and differs from every other room’s', () => {
  fc.assert(
    fc.property(roomIds, roomIds, (a, b) => {
      const [first, second] = [roomAddress(a), roomAddress(b)];

      expect(first).toMatch(/^[01]{128}$/);
      expect(first === second).toBe(a.user === b.user && a.room === b.room);
      expect(first.slice(0, 64) === second.slice(0, 64)).toBe(a.user === b.user);
    }),
  );
});
