import type { SpanExporter } from '@opentelemetry/sdk-trace-base';

/** How an exporter of OpenTelemetry says how an export went. */
export type Done = Parameters<SpanExporter['export']>[1];

/** What the exporters of all three signals have in common. */
export interface Exporting<Items> {
  export(items: Items, done: Done): void;
  shutdown(): Promise<void>;
}

/** Sends the items, and gives how many of them arrived. Rejects where none did. */
export type Send<Items> = (items: Items, count: number) => Promise<number>;

/** How long an export may take before it counts as failed, in milliseconds. */
export const EXPORT_TIMEOUT_MS = 5_000;

/** How long nothing is sent after the endpoint was found to be gone, in milliseconds. */
const PAUSE_MS = 30_000;

/** Failures in a row after which the endpoint counts as gone. One that does not answer at all counts as such at once. */
const FAILURES_TO_PAUSE = 2;

const SUCCESS = { code: 0 } as const;
const FAILURE = { code: 1 } as const;

/** How much was to be sent, and how much arrived. */
export interface Deliveries {
  offered: number;
  arrived: number;
}

/**
 * One way out of the process, for spans, log lines and metrics. What cannot be sent is dropped and counted: waiting for an endpoint that
 * is gone, or keeping what it did not take, would cost the batch time and memory.
 */
export class Outlet {
  /** Spans and log lines: offered when they are over, sent in batches. */
  readonly gathered: Deliveries = { offered: 0, arrived: 0 };
  /** Points of metrics: offered when they are sent. */
  readonly collected: Deliveries = { offered: 0, arrived: 0 };
  readonly #now: () => number;
  readonly #underWay = new Set<Promise<void>>();
  #failures = 0;
  #pausedUntil = Number.NEGATIVE_INFINITY;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** An exporter that ends every export within {@link EXPORT_TIMEOUT_MS}, and throws nothing. */
  exporter<Items>(send: Send<Items>, sizeOf: (items: Items) => number, deliveries: Deliveries): Exporting<Items> {
    return {
      export: (items, done) => {
        const sent = this.#send(send, items, sizeOf(items)).then(
          (arrived) => {
            deliveries.arrived += arrived;
            done(SUCCESS);
          },
          () => done(FAILURE),
        );
        this.#underWay.add(sent);
        sent.finally(() => this.#underWay.delete(sent));
      },
      shutdown: async () => undefined,
    };
  }

  /** Resolves when every export that was begun has ended. */
  async idle(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  async #send<Items>(send: Send<Items>, items: Items, count: number): Promise<number> {
    if (this.#now() < this.#pausedUntil) throw new Error('The endpoint is not there.');
    try {
      const arrived = await withinTime(() => send(items, count));
      this.#failures = 0;
      return arrived;
    } catch (error) {
      this.#failures += error instanceof NoAnswer ? FAILURES_TO_PAUSE : 1;
      if (this.#failures >= FAILURES_TO_PAUSE) this.#pausedUntil = this.#now() + PAUSE_MS;
      throw error;
    }
  }
}

class NoAnswer extends Error {}

function withinTime<T>(work: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new NoAnswer('The endpoint did not answer in time.')), EXPORT_TIMEOUT_MS);
    timer.unref();
    work()
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}

/** Sends through an exporter of OpenTelemetry. */
export function through<Items>(exporter: Pick<Exporting<Items>, 'export'>): Send<Items> {
  return (items, count) =>
    new Promise((resolve, reject) => {
      exporter.export(items, ({ code, error }) => {
        if (code === SUCCESS.code) resolve(count);
        else reject(error ?? new Error('The export failed.'));
      });
    });
}
