import { epochDay } from '../../../shared/calendar';
import { AuditShare } from '../../../shared/messages/audit-share';
import { allObjects } from '../../../shared/messages/pages';
import { readPublishedDay } from '../../../shared/messages/published-day';
import { BatchWorld, datesFrom, noonOf, onlyTenant, TENANT } from '../../support/batch-world';
import { snapshot } from '../../support/export-world';

// Nights that did not happen, or failed, and the scheduled run after them.

/** A tenant whose days from 2025-08-01 on have a message each; nights until the one that exports `published` have run. */
async function worldSince(
  published: string,
  until: string,
  env: Readonly<Record<string, string>> = {},
): Promise<BatchWorld> {
  const world = new BatchWorld(env);
  await world.addTenant();
  const first = '2025-08-01';
  const days = (Date.parse(until) - Date.parse(first)) / 86_400_000 + 1;
  world.nowMs = Date.parse('2025-08-01T17:00:00Z');
  for (const date of datesFrom(first, days)) {
    await world.say(noonOf(date), `m-${date}`, { room: `r-${date}`, touched: Date.parse(noonOf(date)) });
    if (date <= published) await world.night();
    world.nextNight();
  }
  world.nextNight(-1);
  return world;
}

describe('a scheduled run', () => {
  it('makes up for the days that are not published, oldest first, and for none twice', async () => {
    const world = await worldSince('2025-08-05', '2025-08-09');

    const report = onlyTenant(await world.night());

    expect(report).toMatchObject({ status: 'completed', date: '2025-08-09', exported: 1 });
    expect(report.caughtUp).toEqual(
      ['2025-08-06', '2025-08-07', '2025-08-08'].map((date) => ({ date, status: 'completed', exported: 1 })),
    );
    const published = world.calls.filter(({ method, key }) => method === 'write' && key.includes('_manifests/'));
    expect(published.slice(-4).map(({ key }) => key.slice(-15, -5))).toEqual([
      ...['2025-08-06', '2025-08-07', '2025-08-08', '2025-08-09'],
    ]);
    expect(onlyTenant(await world.night()).caughtUp).toBeUndefined();
  });

  it('looks back as far as CATCH_UP_DAYS, and no further', async () => {
    const world = await worldSince('2025-08-02', '2025-08-12');

    const report = onlyTenant(await world.night());

    expect(report.caughtUp?.map(({ date }) => date)).toEqual(datesFrom('2025-08-05', 7));
    expect(await readPublishedDay(world.analytics, TENANT, '2025-08-04')).toBeUndefined();
  });

  it('gives a tenant that is new no past, though it has old messages', async () => {
    const world = await worldSince('2025-07-31', '2025-08-04');

    const report = onlyTenant(await world.night());

    expect(report).toMatchObject({ status: 'completed', exported: 1 });
    expect(report.caughtUp).toBeUndefined();
    expect(await readPublishedDay(world.analytics, TENANT, '2025-08-03')).toBeUndefined();
  });

  it('makes up for every day of its window where none of them has a record, for a tenant that has an older one', async () => {
    const world = await worldSince('2025-08-01', '2025-08-12');

    const report = onlyTenant(await world.night());

    expect(report.caughtUp?.length).toBe(7);
  });

  it('tries a failed day again each night, goes on with the others, and is not completed before it is mended', async () => {
    const world = await worldSince('2025-08-05', '2025-08-08');
    world.before = ({ method, key }) => {
      if (method === 'read' && key.includes('m-2025-08-06')) throw new Error('This message cannot be read.');
    };

    const report = onlyTenant(await world.night());
    world.nextNight();
    const next = onlyTenant(await world.night());
    world.before = () => undefined;
    world.nextNight();
    const mended = onlyTenant(await world.night());

    expect(report.caughtUp?.map(({ date, status }) => [date, status])).toEqual([
      ['2025-08-06', 'failed'],
      ['2025-08-07', 'completed'],
    ]);
    expect(report).toMatchObject({ status: 'failed', exported: 1 });
    expect(report.failure?.message).toContain('2025-08-06');
    expect(await readPublishedDay(world.analytics, TENANT, '2025-08-08')).toBeDefined();
    expect(next.caughtUp?.map(({ date, status }) => [date, status])).toEqual([['2025-08-06', 'failed']]);
    expect(mended).toMatchObject({
      status: 'completed',
      caughtUp: [{ date: '2025-08-06', status: 'completed', exported: 1 }],
    });
    expect((await world.record('2025-08-06'))?.last_failure).toBeUndefined();
  });

  it('takes in what the audits of the missed nights find in days that are published', async () => {
    const share = 0.142857;
    const world = await worldSince('2025-08-05', '2025-08-09', { PLAN_AUDIT_SHARE: String(share) });
    const auditOfMissedNight = new AuditShare(share, epochDay('2025-08-06'));
    const user = datesFrom('2025-01-01', 100).find((name) => auditOfMissedNight.includes(name)) ?? '';
    await world.say(noonOf('2025-08-04'), 'unknown', { user, touched: null });

    const report = onlyTenant(await world.night());

    expect(report.lateDays).toEqual([{ date: '2025-08-04', rooms: 1, status: 'completed', late: 1, added: 1 }]);
    expect((await readPublishedDay(world.analytics, TENANT, '2025-08-04'))?.manifest.proof.exported).toBe(2);
  });

  it('is not what a person asks for who names a date', async () => {
    const world = await worldSince('2025-08-05', '2025-08-09');

    const report = onlyTenant(await world.run({ date: '2025-08-09' }));

    expect(report.caughtUp).toBeUndefined();
    expect(await readPublishedDay(world.analytics, TENANT, '2025-08-08')).toBeUndefined();
  });
});

/** Two days are missing, and one that is published has a message more by now. */
async function interrupted(): Promise<BatchWorld> {
  const world = await worldSince('2025-08-02', '2025-08-05', { LATE_WINDOW_DAYS: '3' });
  await world.say(noonOf('2025-08-02', 1), 'late', { room: 'r-2025-08-02' });
  return world;
}

describe('a scheduled run that is killed', () => {
  it('at any call of a store is completed by the next one: every day is published once, with the same bytes', async () => {
    const undisturbed = await interrupted();
    undisturbed.calls.length = 0;
    await undisturbed.night();
    const expected = await parts(undisturbed);
    const calls = undisturbed.calls.length;

    const differing: number[] = [];
    for (let point = 0; point < calls; point += 7) {
      const world = await interrupted();
      let left = point;
      const killed = () => {
        if (left-- <= 0) throw new Error('The process is gone.');
      };
      if (point % 2 === 0) world.before = killed;
      else world.after = killed;
      await world.night().catch(() => undefined);
      world.before = () => undefined;
      world.after = () => undefined;
      // Leases of the dead end by themselves.
      world.nowMs += 150_000;

      const { status } = await world.night();

      const late = (await world.record('2025-08-02'))?.late_messages;
      if (status !== 'completed' || late !== 1 || JSON.stringify(await parts(world)) !== JSON.stringify(expected))
        differing.push(point);
    }
    expect(calls).toBeGreaterThan(60);
    expect(differing).toEqual([]);
  });
});

/** Everything that is published, and nothing that is not: working papers tell of the way, which differs. */
async function parts(world: BatchWorld): Promise<[string, string][]> {
  const days: [string, string][] = [];
  for await (const { key } of allObjects(world.analytics, `${TENANT}/analytics/`)) {
    if (key.endsWith('.parquet')) days.push([key, (await snapshot(world.analytics, key)).get(key) ?? '']);
  }
  return days.sort(([a], [b]) => (a < b ? -1 : 1));
}
