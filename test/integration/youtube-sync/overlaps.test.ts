import { failFrom } from '../../../local/youtube/rules';
import type { JobReport } from '../../../shared/batch/report';
import { newDatabase } from '../../support/postgres-databases';
import type { DatabaseSettings } from '../../support/services';
import type { YoutubeWorld } from '../../support/youtube-world';
import { expectCatalogue, oneChannel, UNITS } from './one-channel';
import { watching } from './onlooker';

/** Of a step, see attempts.ts. */
const TRIES = 4;

let database: DatabaseSettings;
let world: YoutubeWorld;

beforeAll(async () => {
  database = await newDatabase('overlaps');
});

beforeEach(async () => {
  world = await oneChannel(database);
});

afterEach(() => world.close());

/** Starts a run, and waits until it has its name, by the time that it is. */
async function begun(): Promise<{ readonly ended: Promise<JobReport> }> {
  return await new Promise((resolve) => {
    const ended: Promise<JobReport> = world.run({
      hooks: { onStep: ({ name }, result) => name === 'resolveRun' && result !== undefined && resolve({ ended }) },
    });
  });
}

test.each([2, 3])(
  '%i runs of one tenant at the same moment end in the catalogue, whole at every moment',
  async (count) => {
    await world.listPremieres([]);

    const { before, seen, result } = await watching(database, world.tenant, async () => {
      const runs: Promise<JobReport>[] = [];
      for (let each = 0; each < count; each++) {
        const { ended } = await begun();
        runs.push(ended);
        await world.pass(1000);
      }
      return (await Promise.all(runs)).flatMap(({ tenants }) => tenants);
    });

    expect(result.filter(({ status }) => status === 'completed').length).toBeGreaterThan(0);
    expect(result.flatMap(({ failure }) => failure?.code ?? []).filter((code) => code !== 'sync_overlaps')).toEqual([]);
    expect(seen.filter((state) => state !== before)).toHaveLength(1);
    // No wait is long here, so that each of the tries of each may take the reading over from another one.
    expect(world.unitsSpent).toBeLessThanOrEqual(count * TRIES * UNITS);
    const { spent, reserved } = await world.quota();
    // A run that was taken for dead counts with the most that it can have spent.
    expect(spent).toBeGreaterThanOrEqual(world.unitsSpent);
    expect(reserved).toBe(0);
    await expectCatalogue(world);
    await world.pass();
    expect(await world.runOne()).toMatchObject({ status: 'completed', rowsWritten: 0 });
  },
);

test('a run that is asked to read everything again does not go on with what another one has left', async () => {
  const rule = failFrom(5);
  world.youtube.switches.add(rule);
  await world.runOne();
  world.youtube.switches.remove(rule);
  await world.pass();

  const report = await world.runOne({ force: true });

  expect(report).toMatchObject({ status: 'completed', quotaUnits: UNITS });
  expect(report).not.toHaveProperty('notices');
  await expectCatalogue(world);
});
