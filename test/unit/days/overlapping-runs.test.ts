import { readPublishedDay } from '../../../shared/messages/published-day';
import { BatchWorld, noonOf, onlyTenant, TENANT } from '../../support/batch-world';

// Two runs that want the same day of a tenant.

const DATE = '2025-08-11';
const LEASE = `LEASE#${DATE}`;

async function newWorld(): Promise<BatchWorld> {
  const world = new BatchWorld();
  await world.addTenant();
  await world.say(noonOf(DATE), 'm1');
  return world;
}

/** A run that stands still where it publishes, until it is told to go on. */
function standingStill(world: BatchWorld) {
  let reached: () => void = () => undefined;
  let goOn: () => void = () => undefined;
  const atPublication = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const gate = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  world.hold = async ({ method, key }) => {
    if (method !== 'write' || !key.includes('_manifests')) return;
    world.hold = async () => undefined;
    reached();
    await gate;
  };
  return { atPublication, goOn };
}

test('the second of them is refused by name while the first is at work, and leaves no mark on the day', async () => {
  const world = await newWorld();
  const { atPublication, goOn } = standingStill(world);
  const first = world.night();
  await atPublication;

  const second = onlyTenant(await world.run({ date: DATE }));
  goOn();

  expect(second).toMatchObject({ status: 'failed', failure: { code: 'day_in_use', kind: 'transient' } });
  expect(onlyTenant(await first)).toMatchObject({ status: 'completed', exported: 1 });
  expect((await world.record(DATE))?.last_failure).toBeUndefined();
  expect((await readPublishedDay(world.analytics, TENANT, DATE))?.manifest.proof.exported).toBe(1);
});

test('a run gives its lease back when it has published, and when it has failed', async () => {
  const world = await newWorld();

  await world.night();
  const published = await world.metadata.get(`TENANT#${TENANT}#BATCH`, LEASE);
  world.before = ({ method, key }) => {
    if (method === 'read' && key.includes('/chat/')) throw new Error('This message cannot be read.');
  };
  const failed = onlyTenant(await world.run({ date: DATE, force: true }));
  world.before = () => undefined;
  const next = onlyTenant(await world.run({ date: DATE, force: true }));

  expect(published?.item.batch_type).toBe('day_lease');
  expect(failed.status).toBe('failed');
  expect(next.status).toBe('completed');
});

test('the lease of a run that died is over after two minutes', async () => {
  const world = await newWorld();
  world.before = ({ method, key }) => {
    if (method === 'write' && key.includes('_manifests')) throw new Error('The process is gone.');
  };
  let gone = false;
  world.after = ({ method, key }) => {
    if (method === 'write' && key.includes('_plans')) gone = true;
    if (gone && key.includes('#BATCH')) throw new Error('The process is gone.');
  };
  await world.night().catch(() => undefined);
  world.before = () => undefined;
  world.after = () => undefined;

  const atOnce = onlyTenant(await world.run({ date: DATE }));
  world.nowMs += 121_000;
  const later = onlyTenant(await world.run({ date: DATE }));

  expect(atOnce.failure?.code).toBe('day_in_use');
  expect(later.status).toBe('completed');
});
