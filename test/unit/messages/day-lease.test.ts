import fc from 'fast-check';
import { DayInUseError, MetadataError } from '../../../shared/errors';
import { MemoryMetadataStore } from '../../../shared/local/memory-metadata-store';
import { LEASE_MS, type Lease, RENEWAL_MS, releaseDay, withDayLease } from '../../../shared/messages/day-lease';
import type { LogDimensions } from '../../../shared/ports/log';
import type { MetadataStore } from '../../../shared/ports/metadata-store';
import { silentLog } from '../../support/silent-log';
import { standingClock } from '../../support/standing-clock';
import { SteppingClock } from '../../support/stepping-clock';

const DAY = { tenant: 'acme', date: '2025-08-11' };
const PARTITION = 'TENANT#acme#BATCH';
const SORT_KEY = 'LEASE#2025-08-11';
const START = '2025-08-12T17:00:00.000Z';
const OURS: Lease = { ...DAY, owner: `export-2025-08-11/${START}/ab12cd34` };
const THEIRS: Lease = { ...DAY, owner: `export-2025-08-11/${START}/ffff0000` };

class LeaseWorld {
  readonly metadata = new MemoryMetadataStore();
  readonly clock = new SteppingClock(Date.parse(START));
  readonly warnings: LogDimensions[] = [];
  readonly log = {
    ...silentLog,
    warn: (_: string, dimensions: LogDimensions = {}) => void this.warnings.push(dimensions),
  };
  puts = 0;
  /** What puts fail with, while it is set. */
  failure: Error | undefined;

  readonly store: MetadataStore = {
    name: 'the table',
    get: (partition, sortKey) => this.metadata.get(partition, sortKey),
    query: (query, continuation) => this.metadata.query(query, continuation),
    put: async (item, onlyIf) => {
      if (this.failure !== undefined) throw this.failure;
      await this.metadata.put(item, onlyIf);
      this.puts += 1;
    },
  };

  hold<T>(lease: Lease, work: () => Promise<T>): Promise<T> {
    return withDayLease({ metadata: this.store, clock: this.clock, log: this.log }, lease, work);
  }

  release(lease: Lease): Promise<void> {
    return releaseDay({ metadata: this.store }, lease);
  }

  /** Moves the clock, and lets whoever that wakes do all they have to. */
  async pass(ms: number): Promise<void> {
    await this.clock.sleep(ms);
    await settled();
  }

  async item() {
    return (await this.metadata.get(PARTITION, SORT_KEY))?.item;
  }
}

/** Everything here is in memory: no callback is further away than this. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

const nothing = async () => undefined;

async function refusal(promise: Promise<unknown>): Promise<DayInUseError> {
  const error = await promise.then(
    () => new Error('It was not refused.'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof DayInUseError)) throw error;
  expect(error).toMatchObject({ code: 'day_in_use', kind: 'transient' });
  return error;
}

let world: LeaseWorld;

beforeEach(() => {
  world = new LeaseWorld();
});

describe('holding a day', () => {
  it("gives the work's result, and leaves the lease standing for the run's next step", async () => {
    const result = await world.hold(OURS, async () => 'done');

    expect(result).toBe('done');
    expect(await world.item()).toEqual({
      PK: PARTITION,
      SK: SORT_KEY,
      batch_type: 'day_lease',
      owner: OURS.owner,
      expires_at: '2025-08-12T17:02:00.000Z',
    });
  });

  it("begins the work only when the lease is the owner's", async () => {
    const owner = await world.hold(OURS, async () => (await world.item())?.owner);

    expect(owner).toBe(OURS.owner);
  });

  it('refuses another owner without beginning its work, and says who has it until when', async () => {
    await world.hold(OURS, nothing);
    const work = jest.fn(nothing);

    const error = await refusal(world.hold(THEIRS, work));

    expect(work).not.toHaveBeenCalled();
    expect(error.message).toContain('2025-08-11 of the tenant acme');
    expect(error.message).toContain(OURS.owner);
    expect(error.message).toContain('2025-08-12T17:02:00.000Z');
  });

  it('is of one tenant and one day', async () => {
    await world.hold(OURS, nothing);

    const results = [
      await world.hold({ ...THEIRS, tenant: 'other' }, async () => 1),
      await world.hold({ ...THEIRS, date: '2025-08-12' }, async () => 2),
    ];

    expect(results).toEqual([1, 2]);
  });

  it('lets several steps of a run work side by side, which write the lease once', async () => {
    await Promise.all([1, 2, 3, 4, 5].map(() => world.hold(OURS, settled)));

    expect(world.puts).toBe(1);
  });

  it("is anybody's when its end has come: a process that died is in the way for two minutes", async () => {
    await world.hold(OURS, nothing);

    await world.pass(LEASE_MS - 1);
    await refusal(world.hold(THEIRS, nothing));
    await world.pass(1);
    await world.hold(THEIRS, nothing);

    expect((await world.item())?.owner).toBe(THEIRS.owner);
  });

  it('passes on what the work throws', async () => {
    const problem = new Error('work');

    await expect(world.hold(OURS, () => Promise.reject(problem))).rejects.toBe(problem);
    await expect(
      world.hold(OURS, () => {
        throw problem;
      }),
    ).rejects.toBe(problem);
  });

  it('refuses a lease that cannot be read, and says where it is', async () => {
    await world.metadata.put({ PK: PARTITION, SK: SORT_KEY, owner: 1, expires_at: 'soon' });

    const holding = world.hold(OURS, nothing);

    await expect(holding).rejects.toMatchObject({ code: 'metadata_item_invalid', kind: 'configuration' });
    await expect(holding).rejects.toThrow(/TENANT#acme#BATCH \/ LEASE#2025-08-11.*owner.*expires_at/);
  });
});

describe('renewing', () => {
  it('goes on while the work does, and ends with it', async () => {
    await world.hold(OURS, async () => {
      for (let seconds = 0; seconds < 600; seconds += 30) await world.pass(RENEWAL_MS);
      await refusal(world.hold(THEIRS, nothing));
    });
    const { puts } = world;
    await world.pass(10 * LEASE_MS);

    expect(puts).toBe(21);
    expect(world.puts).toBe(puts);
  });

  it('ends where the work fails', async () => {
    await world.hold(OURS, () => Promise.reject(new Error('work'))).catch(nothing);

    await world.pass(10 * LEASE_MS);

    expect(world.puts).toBe(1);
  });

  it('is tried again when it fails, and what went wrong is logged', async () => {
    const result = await world.hold(OURS, async () => {
      world.failure = new MetadataError('Not now.', { code: 'metadata_unavailable', kind: 'transient' });
      await world.pass(RENEWAL_MS);
      await world.pass(RENEWAL_MS);
      world.failure = undefined;
      await world.pass(RENEWAL_MS);
      await world.pass(RENEWAL_MS);
      await refusal(world.hold(THEIRS, nothing));
      return 'done';
    });

    expect(result).toBe('done');
    expect(world.warnings).toEqual(
      Array(2).fill(
        expect.objectContaining({ tenant: 'acme', date: '2025-08-11', error_code: 'metadata_unavailable' }),
      ),
    );
  });

  it('that came too late is no harm where nobody took the day meanwhile', async () => {
    const result = await world.hold(OURS, async () => {
      world.failure = new MetadataError('Not now.', { code: 'metadata_unavailable', kind: 'transient' });
      await world.pass(2 * LEASE_MS);
      world.failure = undefined;
      return 'done';
    });

    expect(result).toBe('done');
    expect((await world.item())?.expires_at).toBe('2025-08-12T17:06:00.000Z');
  });

  it('tells that another owner took the day over: the work goes on, and is refused in the end', async () => {
    let gone = false;

    const holding = world.hold(OURS, async () => {
      await overTaken();
      await world.pass(RENEWAL_MS);
      await world.pass(RENEWAL_MS);
      gone = true;
    });

    expect((await refusal(holding)).message).toContain(THEIRS.owner);
    expect(gone).toBe(true);
    expect(world.warnings).toHaveLength(1);
    expect((await world.item())?.owner).toBe(THEIRS.owner);
  });

  it('finds out at the end where it came to no renewal', async () => {
    const holding = world.hold(OURS, async () => {
      world.failure = new MetadataError('Not now.', { code: 'metadata_unavailable', kind: 'transient' });
      await world.pass(LEASE_MS);
      world.failure = undefined;
      await world.hold(THEIRS, nothing);
      await world.release(THEIRS);
    });

    await refusal(holding);
  });

  it('does not take up again what the run has given up', async () => {
    const holding = world.hold(OURS, async () => {
      await world.release(OURS);
      await world.pass(RENEWAL_MS);
    });

    await refusal(holding);
    await world.hold(THEIRS, nothing);
  });

  it('on a clock that stands still never comes, and does not keep the work from ending', async () => {
    const clock = standingClock(() => Date.parse(START));

    const result = await withDayLease({ ...world, clock }, OURS, async () => {
      await settled();
      return 'done';
    });

    expect(result).toBe('done');
  });

  /** As after a machine that slept: the lease ran out, and others did their work. */
  async function overTaken(): Promise<void> {
    const item = await world.item();
    await world.metadata.put({ ...item, PK: PARTITION, SK: SORT_KEY, owner: THEIRS.owner });
  }
});

describe('releasing', () => {
  it('ends the lease at once, whatever time it is elsewhere', async () => {
    await world.hold(OURS, nothing);

    await world.release(OURS);

    const behind = { ...world, metadata: world.metadata, clock: standingClock(() => Date.parse(START) - 3_600_000) };
    await expect(withDayLease(behind, THEIRS, async () => 'done')).resolves.toBe('done');
  });

  it('lets the same run claim the day again', async () => {
    await world.hold(OURS, nothing);
    await world.release(OURS);

    await world.hold(OURS, nothing);

    await refusal(world.hold(THEIRS, nothing));
  });

  it.each([
    ['never had one', async () => undefined],
    ["is another's", () => world.hold(THEIRS, nothing)],
    ['was released before', () => world.hold(OURS, nothing).then(() => world.release(OURS))],
  ])('writes nothing where the day %s', async (_, begin) => {
    await begin();
    const { puts } = world;

    await world.release(OURS);

    expect(world.puts).toBe(puts);
  });
});

describe('at any interleaving', () => {
  /** A store whose every call begins and ends when the scheduler says. */
  const scheduled = (scheduler: fc.Scheduler, store: MetadataStore): MetadataStore => ({
    name: store.name,
    get: async (...call) => {
      await scheduler.schedule(Promise.resolve(), 'get');
      const found = await store.get(...call);
      await scheduler.schedule(Promise.resolve(), 'got');
      return found;
    },
    query: (...call) => store.query(...call),
    put: async (...call) => {
      await scheduler.schedule(Promise.resolve(), 'put');
      await store.put(...call);
      await scheduler.schedule(Promise.resolve(), 'was put');
    },
  });

  const before = fc.constantFrom('absent', 'ended', 'released');

  it('of owners that claim a free day at once exactly one holds it, with all of its steps', async () => {
    const claims = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 6 });

    await fc.assert(
      fc.asyncProperty(before, claims, fc.scheduler(), async (was, owners, scheduler) => {
        const { metadata, clock, log, ...rest } = new LeaseWorld();
        const bare = { metadata, clock, log };
        if (was !== 'absent') await withDayLease(bare, { ...DAY, owner: 'earlier' }, nothing);
        if (was === 'ended') await clock.sleep(LEASE_MS);
        if (was === 'released') await releaseDay(bare, { ...DAY, owner: 'earlier' });
        const context = { ...rest, ...bare, metadata: scheduled(scheduler, metadata) };

        const tries = owners.map((owner) => withDayLease(context, { ...DAY, owner: `owner ${owner}` }, nothing));
        const results = await scheduler.waitFor(Promise.allSettled(tries));

        const winners = owners.filter((_, i) => results[i]?.status === 'fulfilled');
        const losers = owners.filter((_, i) => results[i]?.status === 'rejected');
        expect(new Set(winners).size).toBe(1);
        expect(losers.filter((owner) => winners.includes(owner))).toEqual([]);
        for (const result of results)
          if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(DayInUseError);
      }),
    );
  });

  it('runs that claim, work and release never work at the same time, and none is refused but for another', async () => {
    const runs = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 2, maxLength: 6 });

    await fc.assert(
      fc.asyncProperty(runs, fc.scheduler(), async (owners, scheduler) => {
        const { metadata, clock, log } = new LeaseWorld();
        const context = { metadata: scheduled(scheduler, metadata), clock, log };
        const atWork = new Map<number, number>();
        const crowds: number[] = [];

        const runOf = async (owner: number, i: number) => {
          const lease = { ...DAY, owner: `owner ${owner}, run ${i}` };
          await withDayLease(context, lease, async () => {
            atWork.set(i, owner);
            crowds.push(atWork.size);
            await scheduler.schedule(Promise.resolve(), 'work');
            atWork.delete(i);
          });
          await releaseDay(context, lease);
        };
        const results = await scheduler.waitFor(Promise.allSettled(owners.map(runOf)));

        expect(Math.max(...crowds)).toBe(1);
        expect(results.some(({ status }) => status === 'fulfilled')).toBe(true);
        for (const result of results)
          if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(DayInUseError);
      }),
    );
  });
});
