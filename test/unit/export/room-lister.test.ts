import fc from 'fast-check';
import { businessDay } from '../../../shared/calendar';
import { StorageError } from '../../../shared/errors';
import type { PlannedRoom } from '../../../shared/messages/day-plan';
import { RoomLister } from '../../../shared/messages/room-lister';
import type { ObjectStore } from '../../../shared/ports/object-store';
import { messageKeyAt } from '../../support/chat';
import { ExportWorld, TENANT } from '../../support/export-world';
import { recorded, watched } from '../../support/store-spies';

// A room's day is listed whole, in as few requests as the store allows.

const DATE = '2025-08-11';
const ROOM: PlannedRoom = { user: 'alice', room: 'r', title: null, source: 'metadata' };
const DAY_MS = 86_400_000;

/** A store that gives the whole prefix, wherever it is told to begin: as older services and emulators do. */
function withoutFrom(store: ObjectStore): ObjectStore {
  return { ...watched(store, () => undefined), list: (prefix, continuation) => store.list(prefix, continuation) };
}

/** A store that takes no listing that is to begin somewhere. */
function refusingFrom(store: ObjectStore): ObjectStore {
  const refusal = new StorageError('No such parameter.', { code: 'storage_request_invalid', kind: 'permanent' });
  return {
    ...watched(store, () => undefined),
    list: (prefix, continuation, options) =>
      options?.from === undefined ? store.list(prefix, continuation) : Promise.reject(refusal),
  };
}

async function put(world: ExportWorld, room: string, at: string, id: string): Promise<void> {
  await world.putMessage(messageKeyAt(TENANT, 'alice', room, at, id), 'x');
}

async function listed(world: ExportWorld, data: ObjectStore, rooms: readonly PlannedRoom[] = [ROOM]) {
  const found = [];
  for await (const day of new RoomLister(world.context(DATE, { data })).all(rooms)) found.push(day);
  return found;
}

describe('listing the rooms of a day', () => {
  it('takes one request a room for a recent day of two folders', async () => {
    const world = new ExportWorld({ pageSize: 100 });
    for (const room of ['a', 'b', 'c']) {
      await put(world, room, '2025-08-01T03:00:00Z', 'long-ago');
      await put(world, room, '2025-08-10T16:00:00Z', 'evening');
      await put(world, room, '2025-08-11T03:00:00Z', 'noon');
      await put(world, room, '2025-08-12T03:00:00Z', 'next-day');
    }
    const { store, calls } = recorded(world.data);
    const rooms = ['a', 'b', 'c'].map((room) => ({ ...ROOM, room }));

    const days = await listed(world, store, rooms);

    expect(calls).toHaveLength(3);
    expect(days.map(({ listings, listed, candidates }) => [listings, listed, candidates.length])).toEqual([
      [1, 2, 2],
      [1, 2, 2],
      [1, 2, 2],
    ]);
  });

  it('lists folder by folder where the day is long past, so that what came since is not listed', async () => {
    const world = new ExportWorld({ pageSize: 100 });
    await put(world, 'r', '2025-08-11T03:00:00Z', 'noon');
    world.nowMs = Date.parse('2025-08-11T15:00:00Z') + 36 * 3_600_000;
    const { store, calls } = recorded(world.data);

    const [day] = await listed(world, store);

    expect(calls.map(({ key }) => key.slice(-11))).toEqual(['2025/08/10/', '2025/08/11/']);
    expect(day).toMatchObject({ listings: 2, listed: 1 });
  });

  it.each([
    ['gives the whole room instead', withoutFrom],
    ['refuses to begin within a room', refusingFrom],
  ])('lists folder by folder once a store %s', async (_, stubborn) => {
    const world = new ExportWorld({ pageSize: 100 });
    const rooms = Array.from({ length: 40 }, (_, i) => ({ ...ROOM, room: `r${i}` }));
    for (const { room } of rooms) {
      await put(world, room, '2025-08-01T03:00:00Z', 'long-ago');
      await put(world, room, '2025-08-11T03:00:00Z', 'noon');
    }

    const days = await listed(world, stubborn(world.data), rooms);

    expect(days.map((day) => day.listed)).toEqual(rooms.map(() => 1));
    expect(days[0]?.listings).toBe(3);
    expect(days.at(-1)?.listings).toBe(2);
  });

  it('throws where the store does, and does not take it for a refusal', async () => {
    const world = new ExportWorld();
    const failure = new StorageError('Not now.', { code: 'storage_unavailable', kind: 'transient' });
    const failing = { ...watched(world.data, () => undefined), list: () => Promise.reject(failure) };

    await expect(listed(world, failing)).rejects.toBe(failure);
  });

  it('finds the same in every store, whatever the room holds and however old the day is', async () => {
    const start = businessDay(DATE, 'Asia/Tokyo').start;
    const offsets = fc.array(fc.integer({ min: -40 * DAY_MS, max: 3 * DAY_MS }), { maxLength: 30 });
    const inFolder = fc.constantFrom('2025/08/09', '2025/08/10', '2025/08/11', '2025/08/12');
    const odd = fc.array(fc.tuple(inFolder, fc.constantFrom('notes.json', 'Ω.json', '12-00-00.json')), {
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(offsets, odd, fc.integer({ min: 1, max: 9 }), async (times, names, pageSize) => {
        const recent = new ExportWorld({ pageSize });
        for (const [i, offset] of times.entries())
          await put(recent, 'r', new Date(start + offset).toISOString(), `m${i}`);
        for (const [folder, name] of names)
          await recent.putMessage(`${TENANT}/chat/alice/r/messages/${folder}/${name}`, 'x');

        const [together] = await listed(recent, recent.data);
        const [whole] = await listed(recent, withoutFrom(recent.data));
        const [refused] = await listed(recent, refusingFrom(recent.data));
        recent.nowMs += 30 * DAY_MS;
        const [apart] = await listed(recent, recent.data);

        const { listings: _, ...expected } = apart ?? { listings: 0 };
        for (const day of [together, whole, refused]) expect(day).toMatchObject(expected);
      }),
      { numRuns: 60 },
    );
  });
});
