import { sampleHistory } from '../../../local/sample/history';
import { addDays } from '../../../shared/calendar';
import { BatchWorld, noonOf } from '../../support/batch-world';

// What looking back costs a night: asked of run records, whatever their number.

const TENANTS = Array.from({ length: 50 }, (_, at) => `tenant-${String(at).padStart(2, '0')}`);
const TODAY = '2025-08-11';

/** Fifty tenants with a year of days in their records, of which the last two are published here; each has a message a day in one room. */
async function worldWithAYear(): Promise<BatchWorld> {
  const world = new BatchWorld({ EXPORT_TENANT_CONCURRENCY: '8' });
  const published = [addDays(TODAY, -2), addDays(TODAY, -1)];
  world.nowMs = Date.parse(`${published[0]}T17:00:00Z`);
  const history = sampleHistory({
    tenants: TENANTS.map((id) => ({ id, timeZone: 'Asia/Tokyo' })),
    from: addDays(TODAY, -366),
    to: addDays(TODAY, -3),
    seed: 'a year',
    now: world.nowMs,
  });
  for (const item of history) await world.metadata.put(item);
  for (const tenant of TENANTS) await world.addTenant(tenant);
  for (let night = 0; night < published.length; night++) await nightOf(world);
  return world;
}

/** A night in which every tenant has one more message. @returns the requests that it took */
async function nightOf(world: BatchWorld): Promise<number> {
  for (const tenant of TENANTS) await world.say(noonOf(world.date), `m-${world.date}`, { tenant });
  world.calls.length = 0;
  const { status } = await world.night();
  world.nextNight();
  if (status !== 'completed') throw new Error(`The night ended ${status}.`);
  return world.calls.length;
}

test('a year of history makes a night no dearer than a week of it: under five requests a tenant for looking back', async () => {
  const world = await worldWithAYear();

  const lookingBack = await nightOf(world);
  const scanned = world.calls.filter(({ method, key }) => method === 'list' && key.includes('_manifests'));
  world.env = { ...world.env, CATCH_UP_DAYS: '0', LATE_WINDOW_DAYS: '0' };
  const without = await nightOf(world);

  const more = (lookingBack - without) / TENANTS.length;
  expect(more).toBeGreaterThan(0);
  expect(more).toBeLessThan(5);
  expect(scanned).toEqual([]);
});
