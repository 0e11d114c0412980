import type { Endpoint } from './endpoints';

/** A request as the stand-in saw it. */
export interface Call {
  /** From 1, over all endpoints and keys. */
  readonly number: number;
  readonly endpoint: Endpoint;
  /** The API key, which `query` leaves out. */
  readonly key: string | null;
  readonly query: URLSearchParams;
  readonly ifNoneMatch: string | null;
  /** Epoch ms, by the stand-in's clock. */
  readonly at: number;
  /** The HTTP status that was answered; null while it is open, and where the connection was reset. */
  readonly status: number | null;
}
