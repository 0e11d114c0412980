import fc from 'fast-check';
import { exportContext } from '../../../shared/batch/export-steps';
import { surveyDays } from '../../../shared/batch/survey-days';
import { planDay } from '../../../shared/messages/plan';
import { readPublishedDay } from '../../../shared/messages/published-day';
import { BatchWorld, datesFrom, noonOf, onlyTenant, TENANT } from '../../support/batch-world';

// Messages that come after their day was published.

const DAYS = ['2025-08-08', '2025-08-09', '2025-08-10'];
const USERS = ['alice', 'bob', 'carol', 'dave'];

/** Four users with a room and a message on each of three days, all published; the next night is that of 2025-08-11. */
async function publishedWorld(env: Readonly<Record<string, string>> = {}): Promise<BatchWorld> {
  const world = new BatchWorld(env);
  await world.addTenant();
  world.nowMs = Date.parse('2025-08-08T17:00:00Z');
  for (const date of DAYS) {
    for (const user of USERS) await world.say(noonOf(date), `${user}-${date}`, { user });
    await world.night();
    world.nextNight();
  }
  for (const user of USERS) await world.say(noonOf('2025-08-11'), `${user}-11`, { user });
  world.calls.length = 0;
  return world;
}

describe('the nights after a day was published', () => {
  it('list it again, and leave it alone where nothing came', async () => {
    const world = await publishedWorld();

    const report = onlyTenant(await world.night());

    expect(report).toMatchObject({ status: 'completed', exported: 4 });
    expect(report.lateDays).toBeUndefined();
    const touched = world.calls.filter(
      ({ method, key }) => method === 'write' && !key.includes('2025-08-11') && !key.includes('day=11'),
    );
    expect(touched).toEqual([]);
    const listed = world.calls.filter(({ method, key }) => method === 'list' && key.includes('/chat/'));
    // Once for the day itself, and once for both days before it.
    expect(listed).toHaveLength(2 * USERS.length);
  });

  it('take in what came late, read only what has changed, and say how much it was', async () => {
    const world = await publishedWorld({ EXPORT_SHARD_MESSAGES: '4' });
    const before = await readPublishedDay(world.analytics, TENANT, '2025-08-10');
    await world.say(noonOf('2025-08-10', 2), 'late-1', { user: 'bob' });
    await world.say(noonOf('2025-08-10', 3), 'late-2', { user: 'bob' });

    const report = onlyTenant(await world.night());

    expect(report.lateDays).toEqual([{ date: '2025-08-10', rooms: 0, status: 'completed', late: 0, added: 2 }]);
    const after = await readPublishedDay(world.analytics, TENANT, '2025-08-10');
    expect(after?.manifest.proof).toMatchObject({ exported: 6 });
    const keys = (day: typeof after) => new Set(day?.manifest.datasets.messages.map(({ key }) => key));
    const kept = [...keys(after)].filter((key) => keys(before).has(key));
    expect(kept.length).toBe(keys(before).size - 1);
    const read = world.calls.filter(
      ({ method, key }) => method === 'read' && key.includes('/chat/') && key.includes('2025/08/10'),
    );
    expect(new Set(read.map(({ key }) => key.split('/')[2]))).toEqual(new Set(['bob']));
    expect(await world.record('2025-08-10')).toMatchObject({
      ...{ message_count: 6, revisions: 1, late_messages: 2 },
      last_revision: { at: new Date(world.nowMs).toISOString(), exported: 2, duplicates: 0, quarantined: 0 },
      first_published_at: '2025-08-10T17:00:00.000Z',
    });
  });

  it('see a day change in any way that a listing tells, whichever of the window it is', async () => {
    const changes = fc.record({
      date: fc.constantFrom(...DAYS.slice(1)),
      user: fc.constantFrom(...USERS),
      how: fc.constantFrom('more', 'other', 'fewer', 'new room', 'new user'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(changes, { maxLength: 3 }), async (made) => {
        const world = await publishedWorld();
        for (const [at, { date, user, how }] of made.entries()) await change(world, { date, user, how }, at);

        const planned = await planned11(world);

        expect(planned.map(({ date }) => date)).toEqual([...new Set(made.map(({ date }) => date))].sort());
      }),
      { numRuns: 25 },
    );
  });

  it('do not look at days before the window, unless the audit finds them', async () => {
    const world = await publishedWorld();
    await world.say(noonOf('2025-08-08', 2), 'too late', { user: 'bob' });

    const report = onlyTenant(await world.night());

    expect(report.lateDays).toBeUndefined();
  });

  it('list a day whose record has no sum by running it, which reads nothing where nothing changed', async () => {
    const world = await publishedWorld();
    const {
      input_sum: _sum,
      objects: _objects,
      ...old
    }: Record<string, unknown> = (await world.record('2025-08-10')) ?? {};
    await world.metadata.put({ PK: `TENANT#${TENANT}#BATCH`, SK: 'DAILY#2025-08-10', ...old });

    const report = onlyTenant(await world.night());

    expect(report.lateDays).toEqual([{ date: '2025-08-10', rooms: 0, status: 'completed', late: 0 }]);
    const read = world.calls.filter(({ method, key }) => method === 'read' && key.includes('2025/08/10'));
    expect(read).toEqual([]);
    expect((await world.record('2025-08-10'))?.input_sum).toMatch(/^[0-9a-f]{64}$/);
  });

  it('look for rooms that metadata does not name in the papers of the day', async () => {
    const world = await publishedWorld({ PLAN_AUDIT_SHARE: '1' });
    await world.say(noonOf('2025-08-11'), 'unknown-1', { user: 'eve', touched: null });
    await world.night();
    world.nextNight();
    world.calls.length = 0;

    const unchanged = onlyTenant(await world.night());

    expect(await world.record('2025-08-11')).toMatchObject({ unnamed_rooms: 1 });
    expect(unchanged.lateDays).toBeUndefined();
  });
});

interface Change {
  readonly date: string;
  readonly user: string;
  readonly how: string;
}

/** The chat product tells its metadata of each. */
async function change(world: BatchWorld, { date, user, how }: Change, at: number): Promise<void> {
  const id = `${user}-${date}`;
  switch (how) {
    case 'more':
      await world.say(noonOf(date, 1 + at), `${id}-late-${at}`, { user });
      return;
    case 'other':
      await world.say(noonOf(date), id, { user, body: { message_id: id, role: 'user', content: `edited ${at}` } });
      return;
    case 'fewer': {
      const key = await world.say(noonOf(date), id, { user, body: 'gone' });
      await world.data.delete(key);
      return;
    }
    case 'new room':
      await world.say(noonOf(date, 1), `${id}-${at}`, { user, room: `another-${at}` });
      return;
    default:
      await world.say(noonOf(date, 1), `${id}-${at}`, { user: `new-${user}-${at}` });
  }
}

/** What planning the night's day finds changed. */
async function planned11(world: BatchWorld) {
  const day = { tenant: TENANT, timeZone: 'Asia/Tokyo', date: world.date };
  const platform = world.platform();
  const { lookBack } = await surveyDays(platform, { ...day, catchUpDays: 7, lateWindowDays: 2 });
  return (await planDay(exportContext(platform, day, 'plan'), lookBack)).late;
}

test('the window is as long as LATE_WINDOW_DAYS', async () => {
  const world = await publishedWorld({ LATE_WINDOW_DAYS: '3' });
  await world.say(noonOf('2025-08-08', 2), 'late', { user: 'bob' });

  const report = onlyTenant(await world.night());

  expect(report.lateDays?.map(({ date, added }) => [date, added])).toEqual([['2025-08-08', 1]]);
  expect(datesFrom('2025-08-08', 3)).toEqual(DAYS);
});
