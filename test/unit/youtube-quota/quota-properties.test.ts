import fc from 'fast-check';
import type { MetadataStore } from '../../../shared/ports/metadata-store';
import { QUOTA_LOT } from '../../../shared/youtube/quota-day';
import type { QuotaReservation } from '../../../shared/youtube/quota-ledger';
import { Crash, countedUnits, DAY, MortalStore, promisedUnits, type QuotaWorld, quotaWorld } from './quota-world';

type Act =
  | { readonly kind: 'spend'; readonly units: number; readonly atOnce: boolean }
  | { readonly kind: 'flush' }
  | { readonly kind: 'exhausted' };

/** A process that reserves, acts and settles, unless it ends at a call of its store. */
interface Process {
  readonly units: number;
  readonly acts: readonly Act[];
  readonly crash: { readonly call: number; readonly applied: boolean } | undefined;
}

const spendAct = fc.record({
  kind: fc.constant('spend' as const),
  units: fc.integer({ min: 1, max: 70 }),
  atOnce: fc.boolean(),
});
const flushAct = fc.constant<Act>({ kind: 'flush' });
const exhaustedAct = fc.constant<Act>({ kind: 'exhausted' });
const crash = fc.record({ call: fc.nat({ max: 14 }), applied: fc.boolean() });

function processes(acts: fc.Arbitrary<Act>, crashes: fc.Arbitrary<Process['crash']>): fc.Arbitrary<Process[]> {
  const one = fc.record({
    units: fc.integer({ min: 1, max: 120 }),
    acts: fc.array(acts, { maxLength: 5 }),
    crash: crashes,
  });
  return fc.array(one, { minLength: 1, maxLength: 3 });
}

/** What really happened, whatever the ledger says. */
class Truth {
  spent = 0;
  crashes = 0;
}

/** Lets the calls of all processes reach the store in the scheduler's order. */
function interleaved(store: MetadataStore, scheduler: fc.Scheduler): MetadataStore {
  return {
    name: store.name,
    get: scheduler.scheduleFunction((...args: Parameters<MetadataStore['get']>) => store.get(...args)),
    query: scheduler.scheduleFunction((...args: Parameters<MetadataStore['query']>) => store.query(...args)),
    put: scheduler.scheduleFunction((...args: Parameters<MetadataStore['put']>) => store.put(...args)),
  };
}

/** One process after the other under one holder's name: the next one begins where the one before it crashed, or has settled. */
async function live(world: QuotaWorld, store: MetadataStore, holder: string, lives: readonly Process[], truth: Truth) {
  for (const { units, acts, crash } of lives) {
    const mortal = new MortalStore(store, crash);
    await ignoring(mortal, async () => {
      const reservation = await world.ledger({ metadata: mortal }).reserve(holder, units);
      for (const act of acts) await ignoring(mortal, () => perform(act, reservation, truth));
      if (!mortal.crashed) await reservation.settle();
    });
    if (mortal.crashed) truth.crashes += 1;
  }
}

async function perform(act: Act, reservation: QuotaReservation, truth: Truth): Promise<void> {
  if (act.kind !== 'spend') return reservation[act.kind]();
  const spendOne = async () => {
    await reservation.spend();
    truth.spent += 1;
  };
  if (!act.atOnce) {
    for (let unit = 0; unit < act.units; unit++) await spendOne();
    return;
  }
  const all = await Promise.allSettled(Array.from({ length: act.units }, spendOne));
  const failed = all.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** A crash and a want of quota are part of the game; anything else is not. */
async function ignoring(mortal: MortalStore, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const expected = error instanceof Crash ? mortal.crashed : codeOf(error) === 'youtube_quota_spent';
    if (!expected) throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

const limits = fc.integer({ min: 1, max: 400 });

describe('for any number of holders, in any order of their calls', () => {
  it('the ledger says what was spent, to the unit, and no more than there is', async () => {
    const acts = fc.oneof({ weight: 6, arbitrary: spendAct }, { weight: 2, arbitrary: flushAct }, exhaustedAct);
    const holders = fc.array(processes(acts, fc.constant(undefined)), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), limits, holders, async (scheduler, limit, all) => {
        const world = quotaWorld(limit);
        const store = interleaved(world.metadata, scheduler);
        const truth = new Truth();

        const lives = all.map((processes, index) => live(world, store, `holder-${index}`, processes, truth));
        await scheduler.waitFor(Promise.all(lives));

        const item = (await world.items()).get(DAY);
        expect(item).toMatchObject({ spent: truth.spent, reservations: {} });
        expect(truth.spent).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 80 },
    );
  });

  it('and wherever processes crash, it says at least that, and at most a lot more for each crash', async () => {
    const acts = fc.oneof({ weight: 6, arbitrary: spendAct }, { weight: 1, arbitrary: flushAct });
    const holders = fc.array(processes(acts, fc.option(crash, { nil: undefined })), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), limits, holders, async (scheduler, limit, all) => {
        const world = quotaWorld(limit);
        const store = interleaved(world.metadata, scheduler);
        const truth = new Truth();

        const lives = all.map((processes, index) => live(world, store, `holder-${index}`, processes, truth));
        await scheduler.waitFor(Promise.all(lives));

        const item = (await world.items()).get(DAY);
        const counted = item === undefined ? 0 : countedUnits(item);
        expect(counted).toBeGreaterThanOrEqual(truth.spent);
        expect(counted).toBeLessThanOrEqual(truth.spent + QUOTA_LOT * truth.crashes);
        expect(item === undefined ? 0 : promisedUnits(item)).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 120 },
    );
  });

  it('and where several that live share one name, none of their units is lost', async () => {
    const lives = fc.array(processes(spendAct, fc.constant(undefined)), { minLength: 2, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), limits, lives, async (scheduler, limit, all) => {
        const world = quotaWorld(limit);
        const store = interleaved(world.metadata, scheduler);
        const truth = new Truth();

        await scheduler.waitFor(Promise.all(all.map((each) => live(world, store, 'same', each, truth))));

        const item = (await world.items()).get(DAY);
        const begun = all.flat().length;
        expect(item?.reservations).toEqual({});
        expect(item?.spent).toBeGreaterThanOrEqual(truth.spent);
        expect(item?.spent).toBeLessThanOrEqual(truth.spent + QUOTA_LOT * (begun - 1));
        expect(item?.spent).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 60 },
    );
  });
});

describe('for any number of midnights', () => {
  it('each day says what was spent in it, to the unit', async () => {
    const steps = fc.array(fc.record({ units: fc.nat({ max: 50 }), hours: fc.nat({ max: 30 }) }), { maxLength: 8 });
    const start = fc.integer({ min: Date.parse('2026-03-06T00:00:00Z'), max: Date.parse('2026-11-03T00:00:00Z') });
    await fc.assert(
      fc.asyncProperty(start, fc.integer({ min: 1, max: 120 }), steps, async (begin, units, all) => {
        const world = quotaWorld();
        world.clock.nowMs = begin;
        const ledger = world.ledger();
        const truth = new Map<string, number>();

        const reservation = await ledger.reserve('a', units);
        truth.set((await ledger.state()).day, 0);
        for (const step of all) {
          for (let unit = 0; unit < step.units; unit++) {
            await reservation.spend();
            const { day } = await ledger.state();
            truth.set(day, (truth.get(day) ?? 0) + 1);
          }
          world.clock.nowMs += step.hours * 3_600_000;
        }
        await reservation.settle();

        const items = await world.items();
        expect(new Map([...items].map(([day, { spent }]) => [day, spent]))).toEqual(truth);
        expect([...items.values()].every(({ reservations }) => Object.keys(reservations).length === 0)).toBe(true);
        expect(reservation.spent).toBe([...truth.values()].reduce((sum, each) => sum + each, 0));
      }),
      { numRuns: 60 },
    );
  });

  it('and wherever processes crash, all days together say at least what was spent', async () => {
    const midnights = fc.array(fc.boolean(), { minLength: 6, maxLength: 6 });
    const acts = processes(spendAct, fc.option(crash, { nil: undefined }));
    await fc.assert(
      fc.asyncProperty(acts, midnights, async (lives, passes) => {
        const world = quotaWorld();
        const truth = new Truth();
        let calls = 0;
        const moving: MetadataStore = {
          name: 'moving',
          get: (...args) => {
            // Time goes on between any two calls of the store, so also between the two halves of a change of days.
            if (passes[calls++ % passes.length] && calls % 3 === 0) world.clock.nowMs += 20 * 3_600_000;
            return world.metadata.get(...args);
          },
          query: (...args) => world.metadata.query(...args),
          put: (...args) => world.metadata.put(...args),
        };

        await live(world, moving, 'a', lives, truth);

        const counted = [...(await world.items()).values()].reduce((sum, item) => sum + countedUnits(item), 0);
        expect(counted).toBeGreaterThanOrEqual(truth.spent);
        expect(counted).toBeLessThanOrEqual(truth.spent + QUOTA_LOT * truth.crashes);
      }),
      { numRuns: 120 },
    );
  });
});
