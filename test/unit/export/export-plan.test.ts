import { epochDay } from '../../../shared/calendar';
import { AuditShare } from '../../../shared/messages/audit-share';
import type { DayPlan, LateRooms, ShardPlan } from '../../../shared/messages/day-plan';
import { writePaper } from '../../../shared/messages/papers';
import { planDay } from '../../../shared/messages/plan';
import { publishDay } from '../../../shared/messages/publish';
import { exportShard } from '../../../shared/messages/shard';
import { messageBody, messageKeyAt } from '../../support/chat';
import { ExportWorld, runDay, TENANT, type WorldOptions } from '../../support/export-world';
import { storedRows } from '../../support/published-rows';
import { recorded } from '../../support/store-spies';

// Which rooms a day is read from.

const DATE = '2025-08-11';
const AT = '2025-08-11T03:00:00.000Z';
const BEFORE = '2025-08-01T00:00:00Z';
/** The last instant of the day before, and the first of the day, in Tokyo. */
const JUST_BEFORE = '2025-08-10T14:59:59.999Z';
const DAY_BEGINS = '2025-08-10T15:00:00.000Z';

async function plannedRooms(world: ExportWorld, date = DATE): Promise<string[]> {
  const { plan } = await planDay(world.context(date));
  const day = JSON.parse(new TextDecoder().decode((await world.analytics.read(plan)).body)) as DayPlan;
  const rooms: string[] = [];
  for (const { key } of day.shards) {
    const shard = JSON.parse(new TextDecoder().decode((await world.analytics.read(key)).body)) as ShardPlan;
    rooms.push(...shard.rooms.map(({ user, room }) => `${user}/${room}`));
  }
  return rooms.sort();
}

/** A user whose turn in the audit of the date it is, or is not. */
function userOfAudit(share: number, date: string, itsTurn: boolean): string {
  const audit = new AuditShare(share, epochDay(date));
  for (let i = 0; ; i++) if (audit.includes(`user${i}`) === itsTurn) return `user${i}`;
}

async function put(world: ExportWorld, user: string, room: string, at: string, id = `${user}-${room}`): Promise<void> {
  await world.putMessage(messageKeyAt(TENANT, user, room, at, id), messageBody(id, at));
}

describe('planning from metadata', () => {
  it('follows every page: 250 users and 1,000 rooms of one tenant', async () => {
    const world = new ExportWorld();
    for (let user = 0; user < 250; user++) {
      for (let room = 0; room < 4; room++) await world.putRoom(`u${user}`, `r${room}`, AT);
    }

    const rooms = await plannedRooms(world);

    expect(rooms).toHaveLength(1000);
    expect(new Set(rooms).size).toBe(1000);
  });

  it('takes rooms updated since the day began, and those whose time cannot be read; no other is listed', async () => {
    const world = new ExportWorld();
    await world.putRoom('alice', 'in-day', AT);
    await world.putRoom('alice', 'at-midnight', DAY_BEGINS);
    await world.putRoom('alice', 'later', '2025-09-01T00:00:00+09:00');
    await world.putRoom('alice', 'unreadable', 'last tuesday');
    await world.putRoom('alice', 'just-before', JUST_BEFORE);
    await world.putRoom('alice', 'old', BEFORE);
    const { store, calls } = recorded(world.data);

    await runDay(world.context(DATE, { data: store }));

    const listed = new Set(calls.map(({ key }) => key.split('/')[3]));
    expect(listed).toEqual(new Set(['in-day', 'at-midnight', 'later', 'unreadable']));
  });

  it('walks all prefixes where metadata knows no room of the tenant', async () => {
    const world = new ExportWorld();
    await world.putUser('alice');
    await put(world, 'alice', 'r1', AT);
    await put(world, 'bob', 'r2', AT);

    const { manifest } = await runDay(world.context(DATE));

    expect(manifest.proof.exported).toBe(2);
  });

  it.each(['', '..', '.', 'a/b', 'a\\b', 'a\u0000b'])(
    'fails by name on an id that can be no part of a key: %j',
    async (id) => {
      const world = new ExportWorld();
      await world.metadata.put({ PK: `TENANT#${TENANT}`, SK: `USER#${id}` });

      const plan = planDay(world.context(DATE));

      await expect(plan).rejects.toMatchObject({ code: 'metadata_item_invalid', kind: 'configuration' });
    },
  );
});

describe('the audit', () => {
  const share = 1 / 7;
  const world = (options: WorldOptions) => new ExportWorld({ auditShare: share, ...options });

  it.each([
    ['a room that metadata does not know', async (w: ExportWorld, user: string) => w.putRoom(user, 'known', AT)],
    ['a user that metadata does not know', async (w: ExportWorld) => w.putRoom('somebody', 'known', AT)],
    ['a room with a stale time', async (w: ExportWorld, user: string) => w.putRoom(user, 'missed', BEFORE)],
  ])('finds %s when it is the user’s turn, and counts it as late', async (_what, metadata) => {
    const audited = world({});
    const user = userOfAudit(share, DATE, true);
    await metadata(audited, user);
    await put(audited, user, 'missed', AT);

    const { manifest } = await runDay(audited.context(DATE));

    expect(manifest.proof.exported).toBe(1);
    expect(manifest.notices.late).toBe(1);
  });

  it('finds each of them at once with a share of 1', async () => {
    const all = world({ auditShare: 1 });
    await all.putRoom('alice', 'stale', BEFORE);
    await put(all, 'alice', 'stale', AT);
    await put(all, 'alice', 'unknown', AT);
    await put(all, 'stranger', 'unknown', AT);

    const { manifest } = await runDay(all.context(DATE));

    expect(manifest.proof.exported).toBe(3);
  });

  it('looks into nothing outside of its share', async () => {
    const audited = world({});
    const user = userOfAudit(share, DATE, false);
    await audited.putRoom(user, 'stale', BEFORE);
    const { store, calls } = recorded(audited.data);

    await runDay(audited.context(DATE, { data: store }));

    expect(calls.filter(({ key }) => key.includes(`/${user}/`))).toEqual([]);
  });

  it('finds a missed message within seven nights, and the day it belongs to takes it in', async () => {
    const nights = world({});
    const user = userOfAudit(share, DATE, false);
    await nights.putRoom('somebody', 'known', AT);
    await put(nights, 'somebody', 'known', AT);
    await put(nights, user, 'missed', AT);
    const { manifest: first } = await runDay(nights.context(DATE));
    expect(first.proof.exported).toBe(1);

    const late = [];
    for (let night = 1; night < 7; night++) {
      const date = `2025-08-${11 + night}`;
      const { planned } = await runDay(nights.context(date));
      for (const day of planned.late) late.push({ night: date, ...day });
      for (const day of planned.late) await runDay(nights.context(day.date));
    }

    expect(late).toEqual([expect.objectContaining({ date: DATE, rooms: 1, published: true })]);
    const { manifest: again } = await runDay(nights.context(DATE));
    expect(again.proof.exported).toBe(2);
    expect(again.notices.late).toBe(1);
    const rows = await storedRows(nights.analytics, again.datasets.messages);
    expect(rows.map(({ user_id: id }) => id).sort()).toEqual([user, 'somebody'].sort());
  });

  it('reports late messages of a day that was never published, and does not run that day', async () => {
    const audited = world({ auditShare: 1 });
    await audited.putRoom('alice', 'known', AT);
    await put(audited, 'alice', 'missed', '2025-08-11T03:00:00Z');

    const { planned } = await runDay(audited.context('2025-08-11'));
    const none = await runDay(audited.context('2025-08-12'));

    expect(planned.late).toEqual([]);
    expect(none.planned.late).toEqual([]);
    const narrow = world({});
    const user = userOfAudit(share, '2025-08-12', true);
    await narrow.putRoom('alice', 'known', AT);
    await put(narrow, user, 'missed', AT);
    const { planned: reported } = await runDay(narrow.context('2025-08-12'));
    expect(reported.late).toEqual([{ date: DATE, rooms: 1, published: false }]);
  });

  it('keeps late rooms that were recorded while the day was being published, and takes them in the next time', async () => {
    const audited = world({ auditShare: 0 });
    await audited.putRoom('alice', 'known', AT);
    await put(audited, 'alice', 'known', AT);
    await put(audited, 'bob', 'missed', AT);
    const context = audited.context(DATE);
    const planned = await planDay(context);
    const results = [];
    for (const shard of planned.shards) results.push(await exportShard(context, planned.plan, shard, false));
    const paper: LateRooms = { rooms: [{ user: 'bob', room: 'missed', title: null, source: 'audit' }] };
    const late = await writePaper(context, 'late', 0, paper);

    await publishDay(context, { plan: planned.plan, results, settles: planned.settles });
    const kept = await audited.analytics.head(late);
    const { manifest } = await runDay(context);

    expect(kept).toBeDefined();
    expect(manifest.proof.exported).toBe(2);
    expect(await audited.analytics.head(late)).toBeUndefined();
  });

  it('plans the same, and writes nothing, when a day with late messages is run again', async () => {
    const audited = world({ auditShare: 1 });
    await audited.putRoom('alice', 'stale', BEFORE);
    await put(audited, 'alice', 'stale', AT);
    await runDay(audited.context(DATE));
    const { store, calls } = recorded(audited.analytics);

    const { manifest } = await runDay(audited.context(DATE, { analytics: store }));

    expect(calls.filter(({ method }) => method === 'write' || method === 'delete')).toEqual([]);
    expect(manifest.notices.late).toBe(1);
  });
});
