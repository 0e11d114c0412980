import { tmpdir } from 'node:os';
import fc from 'fast-check';
import type { PlannedRoom } from '../../../shared/messages/day-plan';
import type { ExportContext } from '../../../shared/messages/export-context';
import { combineDigests, InputDigest } from '../../../shared/messages/input-digest';
import type { RoomDay } from '../../../shared/messages/room-day';
import { DAY } from './samples';

type How = Pick<ExportContext, 'tenant' | 'day'> & Pick<ExportContext['options'], 'encoder' | 'compression'>;

const HOW: How = { tenant: 'acme', day: DAY, encoder: 'arrow', compression: 'ZSTD' };
const room: PlannedRoom = { user: 'u', room: 'r', title: 'A title', source: 'metadata' };

interface Given {
  readonly rooms?: readonly RoomDay[];
  readonly how?: Partial<How>;
  readonly dividedUsers?: readonly string[];
}

function roomDay(
  objects: readonly { key: string; etag: string }[],
  differing: Partial<PlannedRoom> = {},
  outside = 0,
): RoomDay {
  const of = { ...room, ...differing };
  const candidates = objects.map(({ key, etag }) => ({
    key: { user: of.user, room: of.room, key, timeMs: DAY.start, folderMs: DAY.start },
    etag,
    size: 10,
  }));
  return { room: of, listed: candidates.length + outside, outside, listings: 1, candidates };
}

const objects = [
  { key: 'a', etag: '1' },
  { key: 'b', etag: '2' },
];

function digest({ rooms = [roomDay(objects)], how = {}, dividedUsers = [] }: Given = {}) {
  const { tenant, day, encoder, compression } = { ...HOW, ...how };
  const digests = new InputDigest();
  for (const each of rooms) digests.add(each);
  const options = {
    encoder,
    compression,
    readConcurrency: 1,
    shardMessages: 1,
    auditShare: 0,
    temporaryFolder: tmpdir(),
  };
  return digests.finish({ tenant, day, options }, dividedUsers);
}

const base = digest();

describe('the digest of a shard’s input', () => {
  test('is a hash of names and etags, and of nothing else', () => {
    expect(base.input).toMatch(/^[0-9a-f]{64}$/);
    expect(digest({ how: { tenant: 'other' }, rooms: [roomDay(objects, { title: null })] }).input).toBe(base.input);
  });

  test.each<[string, Given]>([
    ['a name', { rooms: [roomDay([{ key: 'a2', etag: '1' }, ...objects.slice(1)])] }],
    ['an etag', { rooms: [roomDay([{ key: 'a', etag: '3' }, ...objects.slice(1)])] }],
    ['an object more', { rooms: [roomDay([...objects, { key: 'c', etag: '3' }])] }],
    ['an object less', { rooms: [roomDay(objects.slice(1))] }],
    ['where a name ends and its etag begins', { rooms: [roomDay([{ key: 'a1', etag: '' }, ...objects.slice(1)])] }],
  ])('changes with %s', (_what, given) => {
    expect(digest(given).input).not.toBe(base.input);
    expect(digest(given).fingerprint).not.toBe(base.fingerprint);
  });

  test.each<[string, Given]>([
    ['the tenant', { how: { tenant: 'other' } }],
    ['the day’s bounds', { how: { day: { ...DAY, end: DAY.end + 1 } } }],
    ['the zone', { how: { day: { ...DAY, zone: 'Asia/Seoul' } } }],
    ['the encoder', { how: { encoder: 'parquetjs-lite' } }],
    ['the compression', { how: { compression: 'SNAPPY' } }],
    ['a title', { rooms: [roomDay(objects, { title: 'Another title' })] }],
    ['a title’s absence', { rooms: [roomDay(objects, { title: null })] }],
    ['who named the room', { rooms: [roomDay(objects, { source: 'audit' })] }],
    ['the users that are divided', { dividedUsers: ['u'] }],
  ])('is the same for %s, which the fingerprint covers', (_what, given) => {
    expect(digest(given).input).toBe(base.input);
    expect(digest(given).fingerprint).not.toBe(base.fingerprint);
  });

  test.each<[string, Given]>([
    [
      'a room without an object of the day',
      { rooms: [roomDay([], { room: 'q', title: 'Empty' }, 5), roomDay(objects)] },
    ],
    ['objects of neighbouring days', { rooms: [roomDay(objects, {}, 9)] }],
    ['nothing', {}],
  ])('and the fingerprint are the same for %s', (_what, given) => {
    expect(digest(given)).toEqual(base);
  });

  test('is that of the objects in their order, however rooms divide them', () => {
    const entries = fc.array(
      fc.record({ key: fc.string({ unit: 'binary', minLength: 1 }), etag: fc.stringMatching(/^[0-9a-f]{1,8}$/) }),
      {
        minLength: 1,
      },
    );
    fc.assert(
      fc.property(entries, fc.nat(), (all, at) => {
        const cut = at % all.length;

        const whole = digest({ rooms: [roomDay(all)] }).input;

        expect(digest({ rooms: [roomDay(all.slice(0, cut)), roomDay(all.slice(cut))] }).input).toBe(whole);
        const backwards = [...all].reverse();
        const palindrome = backwards.every(({ key, etag }, i) => key === all[i]?.key && etag === all[i]?.etag);
        expect(digest({ rooms: [roomDay(backwards)] }).input === whole).toBe(palindrome);
      }),
    );
  });

  test('of a day depends on its shards’ in their order', () => {
    const hashes = fc.array(fc.stringMatching(/^[0-9a-f]{64}$/), { maxLength: 5 });
    fc.assert(
      fc.property(hashes, hashes, (a, b) => {
        expect(combineDigests(a) === combineDigests(b)).toBe(a.join() === b.join());
      }),
    );
  });
});
