import fc from 'fast-check';
import { roomOrder } from '../../../shared/messages/message-key';
import {
  expectedOf,
  roomAddress,
  type Sharded,
  type ShardLayout,
  shardRooms,
  usersOfSeveralShards,
  type WeighedRoom,
} from '../../../shared/messages/shard-layout';
import { roomIds } from './keys';

const weights = fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 40 }));

/** Rooms of a few users with many rooms and many users with few, odd ids among them, each room once, large ones and small ones. */
const manyRooms = fc
  .record({
    odd: fc.array(roomIds, { maxLength: 30 }),
    users: fc.array(fc.tuple(fc.nat(200), fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 40 }))), {
      maxLength: 25,
    }),
    weights: fc.array(weights, { minLength: 1, maxLength: 50 }),
  })
  .map(({ odd, users, weights: some }) => {
    const rooms = users.flatMap(([user, count]) =>
      Array.from({ length: count }, (_, i) => ({ user: `u${user}`, room: `r${i}` })),
    );
    const each = [...new Map([...rooms, ...odd].map((room) => [roomOrder(room), room])).values()];
    return each.map((room, i) => ({ ...room, expected: some[i % some.length] ?? 1 }));
  });
const limits = fc.integer({ min: 1, max: 50 });

/** Nothing but a room that is too large by itself may fill a shard beyond the limit. */
function fits(members: readonly WeighedRoom[], limit: number): boolean {
  return members.length <= 1 || expectedOf(members) <= limit;
}

function shardOfEach<Room extends WeighedRoom>({ layout, shards }: Sharded<Room>): Map<string, string> {
  return new Map(shards.flatMap((rooms, shard) => rooms.map((room) => [roomOrder(room), layout[shard] ?? '?'])));
}

/** The prefixes cover every address once: then the parts of the address space that they stand for add up to all of it. */
function coverage(layout: ShardLayout): bigint {
  return layout.reduce((sum, prefix) => sum + 2n ** BigInt(128 - prefix.length), 0n);
}

function roomsOfUsers(rooms: readonly WeighedRoom[]): Map<string, WeighedRoom[]> {
  const own = new Map<string, WeighedRoom[]>();
  for (const room of rooms) own.set(room.user, [...(own.get(room.user) ?? []), room]);
  return own;
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

        for (const members of shards) expect(fits(members, limit)).toBe(true);
        for (const parent of layout.filter((prefix) => prefix !== '').map((prefix) => prefix.slice(0, -1))) {
          const below = rooms.filter((room) => roomAddress(room).startsWith(parent));
          expect(fits(below, limit)).toBe(false);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('of one user are in several shards only if they fill more than one', () => {
    fc.assert(
      fc.property(manyRooms, limits, (rooms, limit) => {
        const { shards } = shardRooms(rooms, limit);

        const users = roomsOfUsers(rooms);
        const homes = (user: string) => shards.filter((members) => members.some((room) => room.user === user)).length;
        const divided = [...users.keys()].filter((user) => homes(user) > 1);
        expect(usersOfSeveralShards(shards)).toEqual(new Set(divided));
        for (const [user, own] of users) expect(divided.includes(user)).toBe(!fits(own, limit));
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

  test('stay where they are when one of them gets more messages, but for those of its shard if that is split', () => {
    fc.assert(
      fc.property(manyRooms, limits, fc.nat(), fc.nat(60), (rooms, limit, pick, more) => {
        fc.pre(rooms.length > 0);
        const grown = pick % rooms.length;
        const before = shardRooms(rooms, limit);

        const after = shardRooms(
          rooms.map((room, i) => (i === grown ? { ...room, expected: room.expected + more } : room)),
          limit,
        );

        const home = before.layout.find((prefix) => roomAddress(rooms[grown] as WeighedRoom).startsWith(prefix)) ?? '?';
        const where = shardOfEach(after);
        for (const [room, shard] of shardOfEach(before)) {
          if (shard !== home) expect(where.get(room)).toBe(shard);
          else expect(where.get(room)?.startsWith(home)).toBe(true);
        }
      }),
    );
  });

  test('of a user with half of all messages in 200 rooms are as many shards as those of all others', () => {
    const room = (user: string, i: number, expected: number) => ({ user, room: `r${i}`, expected });
    const heavy = Array.from({ length: 200 }, (_, i) => room('heavy', i, 2500));
    const others = Array.from({ length: 25_000 }, (_, i) => room(`u${i % 5000}`, i, 20));

    const { shards } = shardRooms([...heavy, ...others], 50_000);

    const withHeavy = shards.filter((members) => members.some(({ user }) => user === 'heavy'));
    expect(Math.max(...shards.map(expectedOf))).toBeLessThanOrEqual(50_000);
    expect(withHeavy.length).toBeGreaterThanOrEqual(10);
    expect(withHeavy.length).toBeLessThanOrEqual(32);
    expect(usersOfSeveralShards(shards)).toEqual(new Set(['heavy']));
  });

  test('of which one is larger than a shard leave it alone in its own', () => {
    const small = Array.from({ length: 100 }, (_, i) => ({ user: `u${i}`, room: 'r', expected: 10 }));
    const large = { user: 'heavy', room: 'r', expected: 1_000_000 };

    const { shards } = shardRooms([...small, large], 500);

    expect(shards).toContainEqual([large]);
    expect(shards.filter((members) => members.length > 0).every((members) => fits(members, 500))).toBe(true);
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

        expect(again.shards.every((members) => fits(members, 2 * limit))).toBe(true);
        const addressed = all.map((room) => ({ room, address: roomAddress(room) }));
        const splits = published.layout.filter((prefix, shard) => {
          const members = addressed.filter(({ address }) => address.startsWith(prefix)).map(({ room }) => room);
          const kept = again.layout[shard] === prefix;
          expect(kept).toBe(fits(members, 2 * limit));
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
    const rooms = Array.from({ length: 20 }, (_, i) => ({ user: `u${i}`, room: 'r', expected: 1 }));

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
