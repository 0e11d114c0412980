import { z } from 'zod';
import type { BusinessDate } from '../calendar';
import { MetadataError } from '../errors';
import type { Clock } from '../ports/clock';
import type { MetadataItem, MetadataStore } from '../ports/metadata-store';
import type { QuotaDay } from './quota-day';

export const QUOTA_PARTITION = 'SYSTEM#YOUTUBE_QUOTA';
export const QUOTA_PREFIX = 'KEY#';

/** Each try loses only to one that wins, so that this many writers at once all come through even without luck. */
const MAX_TRIES = 100;
const BASE_WAIT_MS = 50;
const MAX_WAIT_MS = 2_000;

export interface QuotaDayStoreOptions {
  readonly metadata: MetadataStore;
  readonly clock: Clock;
  /** From 0 to below 1, for the jitter of waits. */
  readonly random: () => number;
  readonly keyId: string;
  /** Units a day, by today's settings: an item that says otherwise is corrected by the next change. */
  readonly dailyLimit: number;
}

/** The days of one key's quota in the metadata store, an item a day. */
export class QuotaDayStore {
  readonly #options: QuotaDayStoreOptions;

  constructor(options: QuotaDayStoreOptions) {
    this.#options = options;
  }

  /** @throws MetadataError `metadata_item_invalid` where the item cannot be used */
  async read(date: BusinessDate): Promise<QuotaDay> {
    return (await this.#read(date)).day;
  }

  /**
   * Applies `change` to the day, and to what others make of it meanwhile until no other one comes between. `change` answers the day as
   * it is to be, or the very day it was given where there is nothing to do. A put whose answer was lost is seen again by `change`, as what
   * is there: so it must know its own work.
   *
   * @returns the day as it is now
   */
  async change(date: BusinessDate, change: (day: QuotaDay) => QuotaDay): Promise<QuotaDay> {
    const { metadata, clock, random } = this.#options;
    for (let tries = 1; ; tries++) {
      const { day, version } = await this.#read(date);
      const changed = change(day);
      if (changed === day) return day;
      try {
        await metadata.put(this.#item(date, changed), version === undefined ? 'absent' : { version });
        return changed;
      } catch (error) {
        if (!isBrokenCondition(error)) throw error;
        if (tries === MAX_TRIES) throw tooBusy(date, error);
      }
      await clock.sleep(Math.round(random() * Math.min(MAX_WAIT_MS, BASE_WAIT_MS * 2 ** (tries - 1))));
    }
  }

  async #read(date: BusinessDate): Promise<{ readonly day: QuotaDay; readonly version?: string }> {
    const { metadata, dailyLimit: limit } = this.#options;
    const found = await metadata.get(QUOTA_PARTITION, this.#sortKey(date));
    if (found === undefined) return { day: { limit, spent: 0, reservations: {} } };
    return { day: { ...quotaDayOf(found.item, metadata.name), limit }, version: found.version };
  }

  #item(date: BusinessDate, { limit, spent, reservations, exhaustedAt }: QuotaDay): MetadataItem {
    const keys = { PK: QUOTA_PARTITION, SK: this.#sortKey(date) };
    return { ...keys, limit, spent, reservations, ...(exhaustedAt && { exhausted_at: exhaustedAt }) };
  }

  #sortKey(date: BusinessDate): string {
    return `${QUOTA_PREFIX}${this.#options.keyId}#${date}`;
  }
}

const units = z.int().min(0);
const daySchema = z.object({
  limit: units,
  spent: units,
  reservations: z.record(z.string(), z.object({ id: z.string(), granted: units, spent: units })),
  exhausted_at: z.iso.datetime().optional(),
});

/**
 * A day as its item has it, with the limit of the settings that it was last written with.
 *
 * @param store the metadata store's name, for people
 * @throws MetadataError `metadata_item_invalid`
 */
export function quotaDayOf(item: MetadataItem, store: string): QuotaDay {
  const parsed = daySchema.safeParse(item);
  if (parsed.success) {
    const { exhausted_at: exhaustedAt, ...day } = parsed.data;
    return exhaustedAt === undefined ? day : { ...day, exhaustedAt };
  }
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  throw new MetadataError(
    `The quota ledger's item ${item.PK} / ${item.SK} in ${store} cannot be used: ${problems}. Correct it, or remove it to count the ` +
      'day from 0.',
    { code: 'metadata_item_invalid', kind: 'configuration' },
  );
}

function isBrokenCondition(error: unknown): boolean {
  return error instanceof MetadataError && error.code === 'metadata_precondition_failed';
}

function tooBusy(date: BusinessDate, cause: unknown): MetadataError {
  return new MetadataError(
    `The quota ledger of ${date} was changed by others each of ${MAX_TRIES} times that it was to be written.`,
    {
      code: 'metadata_precondition_failed',
      kind: 'transient',
      cause,
    },
  );
}
