import type { BusinessDate } from '../calendar';
import { YoutubeError } from '../errors';
import type { Clock } from '../ports/clock';
import {
  exhaustedAt,
  pacificDay,
  QUOTA_LOT,
  type QuotaDay,
  quotaResetsAt,
  settled,
  withProgress,
  withReservation,
} from './quota-day';
import type { QuotaDayStore } from './quota-day-store';
import type { QuotaReservation } from './quota-ledger';

export interface ReservationOptions {
  readonly days: QuotaDayStore;
  readonly clock: Clock;
  /** An id that no other reservation has. */
  readonly newId: () => string;
}

/** What a reservation has of one Pacific day. */
interface Share {
  readonly date: BusinessDate;
  readonly holder: string;
  readonly id: string;
  granted: number;
  spent: number;
  /** What the ledger knows of `spent`. */
  told: number;
  /** The day as it was when it was found used up by the API's own account. */
  exhausted?: QuotaDay;
}

/**
 * A reservation in this process. It spends without asking the ledger, but never more than {@link QUOTA_LOT} units beyond what the ledger
 * knows: so whoever finds it left behind knows what it can have spent.
 */
export class OpenReservation implements QuotaReservation {
  readonly #options: ReservationOptions;
  #holder: string;
  #share: Share | undefined;
  /** Spent of shares that have ended. */
  #before = 0;
  /** What the next share should have. */
  #wanted = QUOTA_LOT;
  #settled = false;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(options: ReservationOptions, share: Share) {
    this.#options = options;
    this.#holder = share.holder;
    this.#share = share;
  }

  static async open(options: ReservationOptions, holder: string, units: number): Promise<OpenReservation> {
    return new OpenReservation(options, await beginShare(options, holder, units));
  }

  get granted(): number {
    return this.#before + (this.#share?.granted ?? 0);
  }

  get spent(): number {
    return this.#before + (this.#share?.spent ?? 0);
  }

  spend(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#settled) throw new Error('A unit was to be spent of a reservation that is settled.');
      const share = await this.#shareToSpendOf();
      share.spent += 1;
    });
  }

  flush(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#share !== undefined && this.#share.told < this.#share.spent) await this.#tell(this.#share);
    });
  }

  exhausted(): Promise<void> {
    return this.#inTurn(async () => {
      const now = this.#options.clock.now();
      const instant = new Date(now).toISOString();
      const mark = (day: QuotaDay) => exhaustedAt(day, instant);
      const day = await this.#options.days.change(this.#share?.date ?? pacificDay(now), mark);
      if (this.#share !== undefined) this.#share.exhausted = day;
    });
  }

  settle(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#endShare();
      this.#settled = true;
    });
  }

  /** A share of today with a unit in it that may be spent. */
  async #shareToSpendOf(): Promise<Share> {
    if (this.#share !== undefined && this.#share.date !== pacificDay(this.#options.clock.now())) {
      this.#wanted = Math.max(QUOTA_LOT, this.#share.granted - this.#share.spent);
      await this.#endShare();
    }
    const share = this.#share;
    if (share === undefined) return this.#nextShare();
    if (share.exhausted !== undefined) throw quotaSpent(share.date, share.exhausted);
    if (share.spent < share.granted && share.spent - share.told < QUOTA_LOT) return share;

    const day = await this.#tell(share, share.spent === share.granted ? QUOTA_LOT : 0);
    if (day.exhaustedAt !== undefined) share.exhausted = day;
    if (this.#share === undefined) return this.#nextShare();
    if (share.exhausted !== undefined || share.spent === share.granted) throw quotaSpent(share.date, day);
    return share;
  }

  async #nextShare(): Promise<Share> {
    const share = await beginShare(this.#options, this.#holder, this.#wanted);
    this.#share = share;
    return share;
  }

  /** Tells the ledger what was spent, and asks for more where that is wanted. */
  async #tell(share: Share, more = 0): Promise<QuotaDay> {
    const progress = { spent: share.spent, wanted: share.granted + more };
    const day = await this.#options.days.change(share.date, (there) =>
      withProgress(there, share.holder, share.id, progress),
    );
    const held = day.reservations[share.holder];
    if (held?.id === share.id) {
      share.granted = held.granted;
      share.told = held.spent;
    } else {
      // Somebody took this holder for dead, and has counted for it at least what it spent. It goes on beside its successor.
      this.#leaveShare(share);
      this.#holder = `${share.holder}~${share.id}`;
      this.#wanted = QUOTA_LOT;
    }
    return day;
  }

  /** Settles the share of a day. */
  async #endShare(): Promise<void> {
    const share = this.#share;
    if (share === undefined) return;
    await this.#options.days.change(share.date, (day) => settled(day, share.holder, share.id, share.spent));
    this.#leaveShare(share);
  }

  #leaveShare(share: Share): void {
    this.#before += share.spent;
    this.#share = undefined;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work);
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}

/** @throws YoutubeError `youtube_quota_spent` */
async function beginShare({ days, clock, newId }: ReservationOptions, holder: string, units: number): Promise<Share> {
  const date = pacificDay(clock.now());
  const id = newId();
  const day = await days.change(date, (there) => withReservation(there, holder, id, units));
  const held = day.reservations[holder];
  if (held?.id !== id) throw quotaSpent(date, day);
  return { date, holder, id, granted: held.granted, spent: 0, told: 0 };
}

function quotaSpent(date: BusinessDate, day: QuotaDay): YoutubeError {
  const held = Object.values(day.reservations);
  const spent = held.reduce((sum, reservation) => sum + reservation.spent, day.spent);
  const aside = held.reduce((sum, reservation) => sum + reservation.granted - reservation.spent, 0);
  const counted = `${spent} of ${day.limit} units are counted as spent${aside > 0 ? `, and ${aside} are set aside for readings under way` : ''}`;
  const why =
    day.exhaustedAt === undefined
      ? `No unit of the YouTube API key's quota is left for ${date} (Pacific time): ${counted}.`
      : `The YouTube API said at ${day.exhaustedAt} that the key's quota for ${date} (Pacific time) is exceeded. ${counted}: if these are ` +
        'fewer, another program uses the key too, or it has fewer units than the settings say.';
  return new YoutubeError(
    `${why} It resets at ${quotaResetsAt(date)}. The limit is set by YOUTUBE_DAILY_QUOTA, the key by YOUTUBE_API_KEY.`,
    { code: 'youtube_quota_spent', kind: 'quota' },
  );
}
