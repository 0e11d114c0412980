import type { Clock } from '../../shared/ports/clock';
import { formatCount, formatDuration, plural } from './figures';
import type { ProgressDisplay } from './terminal';

/** Where a backfill is. */
export interface BackfillStand {
  readonly done: number;
  readonly failed: number;
  /** Dates at work. */
  readonly current: readonly string[];
  readonly messages?: number;
}

/** Tells how a backfill gets on, and how long it will still take. */
export class BackfillDisplay {
  readonly #display: ProgressDisplay;
  readonly #clock: Clock;
  readonly #estimateMs: number;
  readonly #begunMs: number;
  #days: number;
  /** Days that had ended when this began to look. */
  #before: number | undefined;

  /** @param seconds what the whole was estimated to take */
  constructor(
    display: ProgressDisplay,
    clock: Clock,
    { days, seconds }: { readonly days: number; readonly seconds: number },
  ) {
    this.#display = display;
    this.#clock = clock;
    this.#days = days;
    this.#estimateMs = seconds * 1000;
    this.#begunMs = clock.now();
  }

  /** @param days of how many in all, where that is known better than before */
  show(stand: BackfillStand, days = this.#days): void {
    this.#days = days;
    this.#before ??= stand.done + stand.failed;
    this.#display.show(this.#text(stand));
  }

  /** Something that happened, with where that leaves the whole; seen where there is no terminal only. */
  step(what: string, stand: BackfillStand): void {
    this.#display.step(`${what}; ${this.#text({ ...stand, current: [] })}`);
  }

  #text({ done, failed, current, messages }: BackfillStand): string {
    const parts = [
      `${formatCount(done + failed)} of ${plural(this.#days, 'day')}`,
      ...(failed > 0 ? [`${formatCount(failed)} failed`] : []),
      ...(messages === undefined ? [] : [plural(messages, 'message')]),
      ...(current.length > 0 ? [`at ${current.join(', ')}`] : []),
      ...this.#timeLeft(done + failed),
    ];
    return `backfill: ${parts.join(', ')}`;
  }

  /** By the days that have ended so far; before the first, by the estimate. */
  #timeLeft(ended: number): string[] {
    const left = this.#days - ended;
    if (left <= 0) return [];
    const elapsed = this.#clock.now() - this.#begunMs;
    const seen = ended - (this.#before ?? 0);
    const leftMs = seen > 0 ? (elapsed / seen) * left : this.#estimateMs - elapsed;
    return leftMs > 0 ? [`about ${formatDuration(leftMs / 1000)} left`] : [];
  }
}
