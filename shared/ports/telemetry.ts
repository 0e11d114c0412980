import type { Failure } from '../errors';
import type { LogDimensions } from './log';

/** What of a run is counted. Every one is a sum, but for the durations. */
export type Metric =
  | 'messages_exported'
  | 'messages_quarantined'
  | 'messages_late'
  | 'export_bytes'
  | 'export_duration_seconds'
  | 'youtube_videos_upserted'
  | 'youtube_quota_used'
  | 'tenant_failures'
  | 'day_sealed';

/** A piece of work under way. */
export interface TelemetrySpan {
  /** More of what is known about the work. */
  add(dimensions: LogDimensions): void;
  /** The work has failed, though it throws nothing. `error` is what was thrown below, for its stack. */
  failed(failure: Pick<Failure, 'code' | 'kind' | 'message'>, error?: unknown): void;
}

/** A call of another service. */
export interface OutgoingCall {
  readonly system: 'blob' | 'cosmos' | 'postgresql' | 'youtube';
  /** What is called, for people: a store's name, never a secret. */
  readonly target: string;
  readonly operation: string;
  /** Whether a step makes so many of them that one span must tell of them all. */
  readonly many: boolean;
  /** Errors that are an answer like any other: something that is looked for is not there. */
  readonly isAnswer?: (error: unknown) => boolean;
}

/** A request that a host has served, told when it is over. */
export interface ServedRequest {
  readonly name: string;
  /** The request's own place in its trace, as a W3C traceparent; what was done for it has this for its parent. */
  readonly traceParent: string;
  /** The traceparent of who asked for it. */
  readonly parent?: string | undefined;
  /** Epoch ms. */
  readonly startMs: number;
  readonly endMs: number;
  readonly dimensions: LogDimensions;
  /** Why it failed, where it did. */
  readonly problem?: string | undefined;
}

/**
 * What the batch tells of its work, beside its log: spans and metrics. Telling never throws, never waits for anything, and changes
 * nothing in what the work comes to. Secrets are masked by whoever implements it.
 */
export interface Telemetry {
  /**
   * Does the work in a span: whatever is logged and called meanwhile belongs to it, and carries its dimensions. Work that throws has
   * failed.
   *
   * @param parent a W3C traceparent, where the work was asked for from outside; without one, the span that is under way
   */
  span<T>(
    name: string,
    dimensions: LogDimensions,
    work: (span: TelemetrySpan) => Promise<T>,
    parent?: string,
  ): Promise<T>;

  /** Makes a call of another service, as part of the span that is under way. */
  call<T>(call: OutgoingCall, make: () => Promise<T>): Promise<T>;

  record(metric: Metric, value: number, dimensions: LogDimensions): void;

  request(request: ServedRequest): void;

  /** Sends what there is, within a few seconds; what cannot be sent by then is lost. Never rejects. */
  flush(): Promise<void>;
}
