import { errorDimensions } from '../logging/error-dimensions';
import type { YoutubeApi } from '../ports/youtube-api';
import { meteredApi } from './metered-api';
import { QuotaLedger, type QuotaReservation } from './quota-ledger';
import type { SyncContext } from './sync-context';

/** The API for one step, with the units that are set aside for it: first for one thing, then for the next. */
export class MeteredReading {
  readonly #context: SyncContext;
  readonly #holder: string;
  readonly #api: YoutubeApi;
  readonly #ledger: QuotaLedger;
  #current: QuotaReservation | undefined;
  #spentBefore = 0;

  private constructor(context: SyncContext, holder: string, api: YoutubeApi, ledger: QuotaLedger) {
    this.#context = context;
    this.#holder = holder;
    this.#api = api;
    this.#ledger = ledger;
  }

  /**
   * Runs a step's requests, and settles what was set aside for them, however they end.
   *
   * @param subject what of the tenant is read: units are held in the name of both
   * @throws whatever `work` throws, SecretError, SettingsError
   */
  static async run<Result>(
    context: SyncContext,
    subject: string,
    work: (metered: MeteredReading) => Promise<Result>,
  ): Promise<Result> {
    const { metadata, clock, random, options, tenant } = context;
    const { api, keyId } = await context.youtube();
    const ledger = new QuotaLedger({ metadata, clock, random, keyId, dailyLimit: options.dailyQuota });
    const metered = new MeteredReading(context, `${tenant}/${subject}`, api, ledger);
    try {
      return await work(metered);
    } finally {
      await metered.#settle();
    }
  }

  /** Units that this step has spent so far. */
  get spent(): number {
    return this.#spentBefore + (this.#current?.spent ?? 0);
  }

  /** The API, for about so many requests. What was set aside before is settled. @throws YoutubeError `youtube_quota_spent`; MetadataError */
  async api(units: number): Promise<YoutubeApi> {
    await this.#settle();
    this.#current = await this.#ledger.reserve(this.#holder, units);
    return meteredApi(this.#api, this.#current, this.#context);
  }

  async #settle(): Promise<void> {
    if (this.#current === undefined) return;
    this.#spentBefore += this.#current.spent;
    const settled = this.#current;
    this.#current = undefined;
    try {
      await settled.settle();
    } catch (error) {
      // What was read is not worth less for it, and the ledger counts a reservation that is left behind with the most that it can have cost.
      this.#context.log.warn('The quota ledger could not be told that a reservation is over.', errorDimensions(error));
    }
  }
}
