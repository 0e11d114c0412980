import { MetadataError, YoutubeError } from '../../../shared/errors';
import type { MetadataStore } from '../../../shared/ports/metadata-store';
import { DEFAULT_RETRY_POLICY } from '../../../shared/retry/retry';
import { RetryingMetadataStore } from '../../../shared/retry/retrying-metadata-store';
import { SteppingClock } from '../../support/stepping-clock';
import { Crash, DAY, failureOf, MortalStore, NEXT_MIDNIGHT, NOON, quotaWorld } from './quota-world';

const HOUR = 3_600_000;

async function spend(reservation: { spend(): Promise<void> }, units: number): Promise<void> {
  for (let unit = 0; unit < units; unit++) await reservation.spend();
}

describe('the state of the quota', () => {
  it('is that of an untouched day where nothing was reserved, and writes nothing', async () => {
    const world = quotaWorld();

    const state = await world.ledger().state();

    expect(state).toEqual({
      day: DAY,
      limit: 10_000,
      spent: 0,
      reserved: 0,
      left: 10_000,
      resetsAt: NEXT_MIDNIGHT,
      exhausted: false,
    });
    expect(await world.items()).toEqual(new Map());
  });

  it('tells what is spent from what is set aside, while a reservation is open and after it', async () => {
    const world = quotaWorld();
    const ledger = world.ledger();
    const reservation = await ledger.reserve('a/UC1', 100);
    await spend(reservation, 30);

    await reservation.flush();
    const open = await ledger.state();
    await reservation.settle();
    const after = await ledger.state();

    expect(open).toMatchObject({ spent: 30, reserved: 70, left: 9_900 });
    expect(after).toMatchObject({ spent: 30, reserved: 0, left: 9_970 });
  });

  it.each([
    ['a day of 23 hours', '2026-03-08T08:00:00Z', '2026-03-08', '2026-03-09T07:00:00.000Z'],
    ['a day of 25 hours', '2026-11-02T07:59:59Z', '2026-11-01', '2026-11-02T08:00:00.000Z'],
    ['the first instant of a day', '2026-11-02T08:00:00Z', '2026-11-02', '2026-11-03T08:00:00.000Z'],
    ['midnight in Japan', '2026-07-01T15:00:00Z', '2026-07-01', '2026-07-02T07:00:00.000Z'],
  ])('is of the Pacific day: %s', async (_name, now, day, resetsAt) => {
    const world = quotaWorld();
    world.clock.nowMs = Date.parse(now);

    const state = await world.ledger().state();

    expect(state).toMatchObject({ day, resetsAt });
  });

  it('keeps keys apart', async () => {
    const world = quotaWorld();
    await world.ledger({ keyId: 'key-2' }).reserve('a', 500);

    const state = await world.ledger().state();

    expect(state).toMatchObject({ left: 10_000 });
  });

  it('follows the limit of the settings, and is never below nothing left', async () => {
    const world = quotaWorld();
    const reservation = await world.ledger({ dailyLimit: 100 }).reserve('a', 80);
    await spend(reservation, 80);
    await reservation.settle();

    const lowered = await world.ledger({ dailyLimit: 50 }).state();
    const raised = await world.ledger({ dailyLimit: 1_000 }).state();

    expect(lowered).toMatchObject({ limit: 50, spent: 80, left: 0 });
    expect(raised).toMatchObject({ limit: 1_000, spent: 80, left: 920 });
  });

  it('refuses an item that somebody has spoiled, saying which and what is wrong with it', async () => {
    const world = quotaWorld();
    const SK = `KEY#key-1#${DAY}`;
    await world.metadata.put({ PK: 'SYSTEM#YOUTUBE_QUOTA', SK, limit: 10_000, spent: 'many', reservations: {} });

    const error = await failureOf(world.ledger().state());

    expect(error).toBeInstanceOf(MetadataError);
    expect(error).toMatchObject({ code: 'metadata_item_invalid', kind: 'configuration' });
    expect(String(error)).toMatch(new RegExp(`${SK}.*spent`));
  });
});

describe('a reservation', () => {
  it('is granted what there is', async () => {
    const ledger = quotaWorld(100).ledger();

    const first = await ledger.reserve('a', 70);
    const second = await ledger.reserve('b', 70);

    expect([first.granted, second.granted]).toEqual([70, 30]);
    expect(await ledger.state()).toMatchObject({ reserved: 100, left: 0 });
  });

  it('is refused where nothing is left, with the figures, the time of the reset and the settings', async () => {
    const ledger = quotaWorld(100).ledger();
    const first = await ledger.reserve('a', 90);
    await spend(first, 60);
    await first.flush();
    await ledger.reserve('b', 10);

    const error = await failureOf(ledger.reserve('c', 1));

    expect(error).toBeInstanceOf(YoutubeError);
    expect(error).toMatchObject({ code: 'youtube_quota_spent', kind: 'quota' });
    expect(String(error)).toMatch(/60 of 100 units.*40 are set aside/);
    expect(String(error)).toContain(NEXT_MIDNIGHT);
    expect(String(error)).toMatch(/YOUTUBE_DAILY_QUOTA.*YOUTUBE_API_KEY/);
  });

  it.each([0, -1, 1.5, Number.NaN])('of %d units is none', async (units) => {
    const ledger = quotaWorld().ledger();

    const error = await failureOf(ledger.reserve('a', units));

    expect(error).toBeInstanceOf(RangeError);
  });

  it('asks for a lot more where its grant is used up, until there is none', async () => {
    const world = quotaWorld(45);
    const reservation = await world.ledger().reserve('a', 5);

    await spend(reservation, 45);
    const error = await failureOf(reservation.spend());

    expect(error).toMatchObject({ code: 'youtube_quota_spent' });
    expect(reservation).toMatchObject({ spent: 45, granted: 45 });
    await reservation.settle();
    expect((await world.items()).get(DAY)).toMatchObject({ spent: 45, reservations: {} });
  });

  it('goes on once another one has given back what it did not need', async () => {
    const ledger = quotaWorld(50).ledger();
    const greedy = await ledger.reserve('greedy', 40);
    const reservation = await ledger.reserve('a', 10);
    await spend(reservation, 10);

    const refused = await failureOf(reservation.spend());
    await greedy.settle();
    await spend(reservation, 40);

    expect(refused).toMatchObject({ code: 'youtube_quota_spent' });
    expect(reservation.spent).toBe(50);
  });

  it('tells the ledger of what it spends at least every 20 units', async () => {
    const world = quotaWorld();
    const reservation = await world.ledger().reserve('a', 1_000);

    for (let unit = 1; unit <= 200; unit++) {
      await reservation.spend();

      const told = (await world.items()).get(DAY)?.reservations.a?.spent ?? 0;
      expect(unit - told).toBeGreaterThanOrEqual(0);
      expect(unit - told).toBeLessThanOrEqual(20);
    }
  });

  it('counts every one of many calls at the same time, and grants none too many', async () => {
    const world = quotaWorld(130);
    const reservation = await world.ledger().reserve('a', 10);

    const calls = await Promise.allSettled(Array.from({ length: 200 }, () => reservation.spend()));

    expect(calls.filter(({ status }) => status === 'fulfilled')).toHaveLength(130);
    expect(reservation.spent).toBe(130);
  });

  it('settles once, however often it is told to', async () => {
    const world = quotaWorld();
    const reservation = await world.ledger().reserve('a', 100);
    await spend(reservation, 7);

    await Promise.all([reservation.settle(), reservation.settle()]);
    await reservation.settle();

    expect((await world.items()).get(DAY)).toMatchObject({ spent: 7, reservations: {} });
    expect(reservation.spent).toBe(7);
  });

  it('gives out no unit once it is settled', async () => {
    const world = quotaWorld();
    const reservation = await world.ledger().reserve('a', 100);
    await reservation.settle();

    const error = await failureOf(reservation.spend());

    expect(String(error)).toMatch(/settled/);
    expect((await world.items()).get(DAY)).toMatchObject({ spent: 0, reservations: {} });
  });

  it('can be settled again after the store failed', async () => {
    const world = quotaWorld();
    let fails = false;
    const broken: MetadataStore = {
      name: 'broken',
      get: (...args) => world.metadata.get(...args),
      query: (...args) => world.metadata.query(...args),
      put: async (...args) => {
        if (fails) throw new MetadataError('Down.', { code: 'metadata_unavailable', kind: 'transient' });
        return world.metadata.put(...args);
      },
    };
    const reservation = await world.ledger({ metadata: broken }).reserve('a', 100);
    await spend(reservation, 7);

    fails = true;
    const error = await failureOf(reservation.settle());
    fails = false;
    await reservation.settle();

    expect(error).toMatchObject({ code: 'metadata_unavailable' });
    expect((await world.items()).get(DAY)).toMatchObject({ spent: 7, reservations: {} });
  });
});

describe('a holder that reserves again', () => {
  it('has its crashed reservation counted with the most that it can have spent', async () => {
    const world = quotaWorld();
    const crashed = await world.ledger().reserve('a', 100);
    await spend(crashed, 30);

    const again = await world.ledger().reserve('a', 100);

    // 20 of the 30 were told before the 21st, and up to 20 more can have been spent since.
    expect((await world.items()).get(DAY)).toMatchObject({
      spent: 40,
      reservations: { a: { granted: 100, spent: 0 } },
    });
    expect(again).toMatchObject({ granted: 100, spent: 0 });
  });

  it('never counts more than was granted', async () => {
    const world = quotaWorld();
    await world.ledger().reserve('a', 3);

    await world.ledger().reserve('a', 100);

    expect((await world.items()).get(DAY)).toMatchObject({ spent: 3 });
  });

  it('gets what its crashed reservation had set aside, where nothing else is left', async () => {
    const ledger = quotaWorld(100).ledger();
    await spend(await ledger.reserve('a', 100), 10);

    const again = await ledger.reserve('a', 100);

    expect(again.granted).toBe(80);
  });

  it('lets a predecessor that lives after all go on beside it, without a unit lost', async () => {
    const world = quotaWorld();
    const slow = await world.ledger().reserve('a', 100);
    await spend(slow, 15);

    const second = await world.ledger().reserve('a', 100);
    await spend(second, 50);
    await spend(slow, 60);
    await second.settle();
    await slow.settle();

    const item = (await world.items()).get(DAY);
    expect(slow.spent).toBe(75);
    expect(item?.reservations).toEqual({});
    // Of the first 20 units five were counted before they were spent, and none twice.
    expect(item?.spent).toBe(20 + 50 + 55);
  });
});

describe('a day that is over', () => {
  it('is settled, and the rest is reserved in the new one', async () => {
    const world = quotaWorld();
    const reservation = await world.ledger().reserve('a', 100);
    await spend(reservation, 30);

    world.clock.nowMs = Date.parse(NEXT_MIDNIGHT);
    await spend(reservation, 10);
    await reservation.flush();

    const items = await world.items();
    expect(items.get(DAY)).toMatchObject({ spent: 30, reservations: {} });
    expect(items.get('2026-07-02')).toMatchObject({ spent: 0, reservations: { a: { granted: 70, spent: 10 } } });
    expect(reservation).toMatchObject({ spent: 40, granted: 100 });
  });

  it('is not the new one before its last millisecond has gone', async () => {
    const world = quotaWorld();
    const reservation = await world.ledger().reserve('a', 100);

    world.clock.nowMs = Date.parse(NEXT_MIDNIGHT) - 1;
    await reservation.spend();
    await reservation.settle();

    expect([...(await world.items()).keys()]).toEqual([DAY]);
  });

  it('keeps its mark of being used up to itself', async () => {
    const world = quotaWorld();
    const reservation = await world.ledger().reserve('a', 100);
    await reservation.spend();
    await reservation.exhausted();

    const before = await failureOf(reservation.spend());
    world.clock.nowMs += 12 * HOUR;
    await reservation.spend();
    await reservation.settle();

    expect(before).toMatchObject({ code: 'youtube_quota_spent' });
    expect((await world.items()).get('2026-07-02')).toMatchObject({ spent: 1 });
    expect(await world.ledger().state()).toMatchObject({ exhausted: false, left: 9_999 });
  });

  it('stops a reservation where the new one has nothing left either, and loses nothing', async () => {
    const world = quotaWorld(100);
    const reservation = await world.ledger().reserve('a', 50);
    await spend(reservation, 5);
    world.clock.nowMs += 12 * HOUR;
    const other = await world.ledger().reserve('b', 100);

    const errors = [await failureOf(reservation.spend()), await failureOf(reservation.spend())];
    await reservation.settle();
    await other.settle();

    expect(errors).toEqual([
      expect.objectContaining({ code: 'youtube_quota_spent' }),
      expect.objectContaining({ code: 'youtube_quota_spent' }),
    ]);
    expect((await world.items()).get(DAY)).toMatchObject({ spent: 5, reservations: {} });
    expect(reservation.spent).toBe(5);
  });
});

describe('a day that the API says is used up', () => {
  it('gives nobody a unit more, once they ask', async () => {
    const world = quotaWorld();
    const first = await world.ledger().reserve('a', 100);
    const second = await world.ledger().reserve('b', 100);
    await first.spend();

    await first.exhausted();

    const errors = [
      await failureOf(first.spend()),
      await failureOf(spend(second, 21)),
      await failureOf(world.ledger().reserve('c', 1)),
    ];
    for (const error of errors) expect(error).toMatchObject({ code: 'youtube_quota_spent', kind: 'quota' });
    expect(String(errors[2])).toMatch(/API said at 2026-07-01T19:00:00.000Z.*another program/);
    expect(second.spent).toBe(20);
    expect(await world.ledger().state()).toMatchObject({ exhausted: true, left: 0, resetsAt: NEXT_MIDNIGHT });
  });

  it('says when that was first known', async () => {
    const world = quotaWorld();
    const reservation = await world.ledger().reserve('a', 100);

    await reservation.exhausted();
    world.clock.nowMs += HOUR;
    await reservation.exhausted();

    expect((await world.items()).get(DAY)).toMatchObject({ exhausted_at: new Date(NOON).toISOString() });
  });

  it('still counts what a holder had left behind', async () => {
    const world = quotaWorld();
    await spend(await world.ledger().reserve('a', 100), 25);
    await (await world.ledger().reserve('b', 100)).exhausted();

    const error = await failureOf(world.ledger().reserve('a', 100));

    expect(error).toMatchObject({ code: 'youtube_quota_spent' });
    expect((await world.items()).get(DAY)).toMatchObject({ spent: 40 });
  });
});

describe('a store that many change at once', () => {
  it('serves 50 tenants at the same time', async () => {
    const world = quotaWorld();
    const tenants = Array.from({ length: 50 }, (_, index) => `tenant-${index}`);

    await Promise.all(
      tenants.map(async (tenant) => {
        const reservation = await world.ledger().reserve(tenant, 3);
        await spend(reservation, 10);
        await reservation.settle();
      }),
    );

    expect((await world.items()).get(DAY)).toMatchObject({ spent: 500, reservations: {} });
    expect(world.clock.sleeps.length).toBeGreaterThan(0);
    expect(Math.max(...world.clock.sleeps)).toBeLessThanOrEqual(2_000);
  });

  it('is given up where every try comes too late, as something to be tried later', async () => {
    const world = quotaWorld();
    const contested: MetadataStore = {
      name: 'contested',
      get: (...args) => world.metadata.get(...args),
      query: (...args) => world.metadata.query(...args),
      put: async () => {
        throw new MetadataError('Changed.', { code: 'metadata_precondition_failed', kind: 'permanent' });
      },
    };

    const error = await failureOf(world.ledger({ metadata: contested }).reserve('a', 1));

    expect(error).toMatchObject({ code: 'metadata_precondition_failed', kind: 'transient' });
  });

  it('counts a change once whose answer was lost, also where another change came between', async () => {
    const world = quotaWorld();
    const rival = await world.ledger().reserve('rival', 1_000);
    let puts = 0;
    const losing: MetadataStore = {
      name: 'losing',
      get: (...args) => world.metadata.get(...args),
      query: (...args) => world.metadata.query(...args),
      put: async (...args) => {
        await world.metadata.put(...args);
        if (puts++ % 2 === 0) {
          await spend(rival, 1);
          await rival.flush();
          throw new MetadataError('Lost.', { code: 'metadata_connection_lost', kind: 'transient' });
        }
      },
    };
    const policy = DEFAULT_RETRY_POLICY;
    const retried = new RetryingMetadataStore(losing, { clock: new SteppingClock(), random: () => 0.5, policy });

    const reservation = await world.ledger({ metadata: retried }).reserve('a', 5);
    await spend(reservation, 67);
    const granted = reservation.granted;
    await reservation.settle();
    await rival.settle();

    expect(puts).toBeGreaterThan(4);
    expect(granted).toBeLessThanOrEqual(67 + 20);
    expect((await world.items()).get(DAY)).toMatchObject({ spent: 67 + rival.spent, reservations: {} });
  });

  it('leaves a crashed process without a further unit', async () => {
    const world = quotaWorld();
    const mortal = new MortalStore(world.metadata, { call: 3, applied: true });
    const reservation = await world.ledger({ metadata: mortal }).reserve('a', 100);

    const error = await failureOf(spend(reservation, 100));

    expect(error).toBeInstanceOf(Crash);
    expect(reservation.spent).toBe(20);
  });
});
