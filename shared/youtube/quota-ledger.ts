import { randomUUID } from 'node:crypto';
import { freeUnits, pacificDay, type QuotaDay, quotaResetsAt } from './quota-day';
import { QuotaDayStore, type QuotaDayStoreOptions } from './quota-day-store';
import { OpenReservation } from './quota-reservation';

/** One key's quota on the Pacific day that it is now, in units. */
export interface QuotaState {
  /** The Pacific day, as `yyyy-mm-dd`. */
  readonly day: string;
  readonly limit: number;
  /** What is known to be spent, of reservations that are still open too. */
  readonly spent: number;
  /** What is set aside for open reservations and not known to be spent. */
  readonly reserved: number;
  /** What a new reservation can have: 0 once the API has said that there is none. */
  readonly left: number;
  /** The next midnight of the Pacific time zone, as ISO 8601 in UTC. */
  readonly resetsAt: string;
  /** The API itself said that the quota is exceeded: somebody else uses the key too, or has fewer units than the settings say. */
  readonly exhausted: boolean;
}

/**
 * Units that are set aside for one holder. Every method is safe under concurrent calls; all but `spent` and `granted` throw MetadataError
 * where the ledger cannot be read or written.
 */
export interface QuotaReservation {
  /** Units that were set aside in all, those of earlier days included. */
  readonly granted: number;
  /** Units that were spent in all. */
  readonly spent: number;

  /**
   * Counts one unit; called before each request. Asks for more where the grant is used up, and goes over to the new day after midnight.
   *
   * @throws YoutubeError `youtube_quota_spent` where there is no unit left: then the request must not be made
   */
  spend(): Promise<void>;

  /** Tells the ledger what was spent so far. */
  flush(): Promise<void>;

  /** Marks the day: the API said that the quota is exceeded. Nobody gets a unit more until it resets. */
  exhausted(): Promise<void>;

  /** Counts what was spent and gives the rest back. May be called again, also after it failed. */
  settle(): Promise<void>;
}

/**
 * The units of one API key, shared by all tenants that use it: an item of the metadata store for each Pacific day, changed by conditional
 * puts. A request is counted before it is made, so that the ledger never says less than what was spent; a holder that dies makes it say
 * at most {@link QUOTA_LOT} units more.
 */
export class QuotaLedger {
  readonly #options: QuotaDayStoreOptions;
  readonly #days: QuotaDayStore;

  constructor(options: QuotaDayStoreOptions) {
    this.#options = options;
    this.#days = new QuotaDayStore(options);
  }

  /** @throws MetadataError */
  async state(): Promise<QuotaState> {
    const date = pacificDay(this.#options.clock.now());
    return stateOf(date, await this.#days.read(date));
  }

  /**
   * Sets aside what there is of `units`, at least one. A holder that reserves again, as a step does that is repeated after a crash, gets a
   * new reservation for its old one, which then counts with the most that can have been spent of it. So name a holder after what it
   * does, never after the try; where the old one lives after all, it goes on with a reservation of its own.
   *
   * @throws YoutubeError `youtube_quota_spent` where nothing is left; RangeError where `units` is no whole number from 1 on; MetadataError
   */
  async reserve(holder: string, units: number): Promise<QuotaReservation> {
    if (!Number.isSafeInteger(units) || units < 1) throw new RangeError(`Expected 1 unit or more, got ${units}.`);
    const { clock } = this.#options;
    return OpenReservation.open({ days: this.#days, clock, newId: randomUUID }, holder, units);
  }
}

function stateOf(date: string, day: QuotaDay): QuotaState {
  const held = Object.values(day.reservations);
  const told = held.reduce((sum, { spent }) => sum + spent, 0);
  return {
    day: date,
    limit: day.limit,
    spent: day.spent + told,
    reserved: held.reduce((sum, { granted }) => sum + granted, 0) - told,
    left: freeUnits(day),
    resetsAt: quotaResetsAt(date),
    exhausted: day.exhaustedAt !== undefined,
  };
}
